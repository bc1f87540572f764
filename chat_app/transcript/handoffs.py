"""Handoffs: the calls by which one agent passes control to another.

Libraries write them as ordinary tool calls, named after where control goes:

- ``langgraph-supervisor`` and ``langgraph-swarm``: ``transfer_to_<agent>``, without arguments; the
  result says ``Successfully transferred to <agent>`` and names the agent in its
  ``response_metadata`` (``__handoff_destination``, supervisor only);
- the supervisor's agents return control with a message of their own, marked in its
  ``response_metadata`` (``__is_handoff_back``): the words ``Transferring back to <supervisor>`` and
  a call ``transfer_back_to_<supervisor>``. The words are made by the library, no answer of a model;
- tools of a graph's own that return ``Command(goto=...)``, mostly named alike. The call does not
  say so, hence only what also looks like one in its arguments and result is taken for a handoff.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.transcript.message import Text, ToolCall, ToolStatus

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.message import Part

DESTINATION, IS_BACK = "__handoff_destination", "__is_handoff_back"
"""Keys of ``response_metadata``."""

LONGEST_RESULT = 200
"""Characters of a result that says no more than where control went."""

_NAME = re.compile(
    r"(?P<verb>transfer|hand_?off|hand_?over|delegate|assign|escalate|route|switch)"
    r"(?:_(?:work|task|control|conversation|user|customer|call))?"
    r"_(?P<back>back_)?to_(?P<agent>\w[\w .-]{0,80})",
    re.IGNORECASE,
)
_CERTAIN = re.compile(r"transfer|hand_?off|hand_?over", re.IGNORECASE)
"""Verbs that a tool which does something else hardly has; others need a result that says so."""
_TASK = (
    "task_description",
    "task",
    "description",
    "instructions",
    "request",
    "query",
    "question",
    "input",
    "message",
    "reason",
    "context",
    "summary",
    "note",
)
"""Arguments that hand over words, the most telling first; a call with any other does more."""
_WORDS_BACK = re.compile(r"Transferring back to .{1,120}")


class Handoff(NamedTuple):
    """Where control went, whether it was `back`, and the task of the other agent, if given."""

    agent: str
    back: bool = False
    task: str = ""


def handoff_of(call: ToolCall) -> Handoff | None:
    """The handoff that a call is; None where it is a tool like any other, or failed."""
    if call.agent or call.edited or call.status in _NOT_HANDED:
        return None
    named = _NAME.fullmatch(call.name)
    destination = call.result.handed_to if call.result else ""
    if not (named or destination):
        return None
    task = _task(call)
    if task is None:
        return None
    back = call.hands_back or bool(named and named["back"])
    if destination:
        return Handoff(destination, back, task)
    if named and (_CERTAIN.fullmatch(named["verb"]) or _says(call, named["agent"])):
        return Handoff(_spelled(call, named["agent"]), back, task)
    return None


def is_return(message: Json) -> bool:
    """Whether a message only gives control back, in words that a library made."""
    about = message.get("response_metadata")
    return isinstance(about, dict) and about.get(IS_BACK) is True


def without_return(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of a message that gives control back, without the words that say only that."""
    return tuple(
        replace(part, hands_back=True) if isinstance(part, ToolCall) else part
        for part in parts
        if not isinstance(part, Text)
    )


def only_returns(parts: tuple[Part, ...]) -> bool:
    """Whether these parts are the words and the call of a return, as older libraries left them."""
    texts = [part.text.strip() for part in parts if isinstance(part, Text)]
    others = [part for part in parts if not isinstance(part, Text)]
    return (
        len(texts) == 1
        and bool(_WORDS_BACK.fullmatch(texts[0]))
        and len(others) == 1
        and isinstance(others[0], ToolCall)
        and bool(_NAME.fullmatch(others[0].name))
    )


def destination_in(about: Any) -> str:
    """The agent that a result's ``response_metadata`` names; empty for none."""
    named = about.get(DESTINATION) if isinstance(about, dict) else None
    return named if isinstance(named, str) else ""


def plain(name: str) -> str:
    """A name as handoff tools spell it, to compare agents by."""
    return re.sub(r"[\s-]+", "_", name.strip()).lower()


_NOT_HANDED = {ToolStatus.ERROR, ToolStatus.REJECTED, ToolStatus.WAITING}


def _task(call: ToolCall) -> str | None:
    """The task of the other agent; None if the arguments are those of another tool."""
    if call.status is ToolStatus.WRITING or not call.args.strip():
        return ""
    try:
        args = json.loads(call.args)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(args, dict) or any(
        key not in _TASK or not isinstance(value, str) for key, value in args.items()
    ):
        return None
    return next((args[key] for key in _TASK if key in args), "")


def _says(call: ToolCall, agent: str) -> bool:
    """Whether the result only says that control went to `agent`."""
    said = call.result.content if call.result else ""
    return len(said) <= LONGEST_RESULT and plain(agent) in plain(said)


def _spelled(call: ToolCall, agent: str) -> str:
    """The agent's name as the result spells it: tools write it in lower case."""
    said = call.result.content[:LONGEST_RESULT] if call.result else ""
    pattern = r"\b" + r"[\s_-]+".join(map(re.escape, agent.split("_"))) + r"\b"
    found = re.search(pattern, said, re.IGNORECASE)
    return found[0] if found else agent
