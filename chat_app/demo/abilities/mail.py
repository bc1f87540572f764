"""An email that a person approves, changes, refuses or answers before it is sent."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypedDict

from langchain_core.tools import BaseTool, StructuredTool

from chat_app.demo.scripted.turn import Call, Reply, Turn

if TYPE_CHECKING:
    from langchain_core.messages import ToolMessage


class Delivery(TypedDict):
    """An email as it would have been sent: the demo has no mail server."""

    to: str
    subject: str
    body: str
    urgent: bool
    sent: Literal[False]
    note: str


def send_email(
    to: Annotated[str, "addresses, separated by commas"],
    subject: str,
    body: Annotated[str, "plain text"],
    *,
    urgent: bool = False,
) -> Delivery:
    """Send an email from the person's account. They see it first and may change or refuse it."""
    note = "This is a demo without a mail server: nothing left this machine."
    return Delivery(to=to, subject=subject, body=body, urgent=urgent, sent=False, note=note)


TOOLS: list[BaseTool] = [StructuredTool.from_function(send_email)]
APPROVAL: dict[str, Any] = {
    "send_email": {
        "allowed_decisions": ["approve", "edit", "reject", "respond"],
        "description": "An email is ready to be sent from your account.",
    }
}
"""Which calls wait for a person, and what this person may decide."""

_MAIL = re.compile(r"\b(e-?mail|mail|invitation|invite)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NAME = re.compile(r"\b(?:to|[Ii]nvite|[Ee]-?mail)\s+([A-Z][a-z]+)\b")
_ABOUT = re.compile(r"\b(?:about|that says|saying|to)\s+(?!\S+@)(?![A-Z][a-z]+\b)(.+)", re.DOTALL)
_EDITED = "Tool response:\n"
"""What LangChain's middleware puts before the result of a call that a person changed ends so."""


def reply(turn: Turn) -> Reply | None:
    """A draft for the person to decide about, then what became of it."""
    if not _MAIL.search(turn.question):
        return None
    if not turn.steps:
        return Reply(
            "I have drafted it. Nothing is sent before you have seen it.",
            calls=(Call("send_email", _draft(turn.question)),),
        )
    return Reply(_outcome(turn.results_of("send_email")))


def _draft(question: str) -> dict[str, Any]:
    named = _NAME.search(question)
    name = named[1] if named else "Ada"
    about = _ABOUT.search(question)
    subject = about[1].strip(" .?!\n")[:80] if about else "lunch on Thursday"
    body = (
        f"Hi {name},\n\n"
        f"I am writing about {subject}. Would that suit you?\n\n"
        "Let me know, and I will arrange the rest.\n\n"
        "Best wishes"
    )
    return {
        "to": ", ".join(_ADDRESS.findall(question)) or f"{name.lower()}@example.com",
        "subject": subject[:1].upper() + subject[1:],
        "body": body,
        "urgent": False,
    }


def _outcome(results: list[ToolMessage]) -> str:
    if not results:
        return "There is no email to tell of."
    said = str(results[-1].text)
    if results[-1].status == "error":
        _, _, reason = said.partition("with reason: ")
        why = f" You said: “{reason.strip()}”" if reason else ""
        return f"All right, the email was **not sent**.{why}\n\nTell me if you want another draft."
    sent = _delivery(said)
    if sent is None:
        return (
            f"You answered instead of sending it: “{said.strip()}”\n\n"
            "So **nothing was sent**. A connected model would write the next draft from your words."
        )
    changed = " with your changes" if _EDITED in said else ""
    return (
        f"Done: “{sent['subject']}” would now be on its way to `{sent['to']}`{changed}.\n\n"
        f"*{sent['note']}*"
    )


def _delivery(said: str) -> dict[str, Any] | None:
    """What the tool returned; None where a person answered in its place."""
    try:
        told = json.loads(said.rpartition(_EDITED)[2])
    except ValueError:
        return None
    is_ours = isinstance(told, dict) and told.keys() >= Delivery.__required_keys__
    return told if is_ours else None
