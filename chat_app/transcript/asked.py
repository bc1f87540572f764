"""A question and its answer as sentences to keep, from an interrupt and what it was resumed with.

The answer may have been given by another program: then only the value is known that the run went on
with, in the dialect of the question (see `chat_app.transcript.asking`).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chat_app import text as words
from chat_app.transcript.asking import Action, Choice, Form, Free, Pause, Review, Words, question_of
from chat_app.transcript.forms import as_json
from chat_app.transcript.message import Decision
from chat_app.transcript.readable_name import readable_name

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.message import Interrupt

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_NAME = 1000, 500, 80
"""Characters that are kept."""

_TELLING = ("question", "message", "prompt", "text")
"""The keys under which graphs mostly put the question itself."""
_OLD_NAMES = {"accept": "approve", "response": "respond"}
"""What a `HumanResponse` calls a decision, where that differs."""


def key_of(asked: Interrupt) -> str:
    """What names a question to the page: another one in its place has another key."""
    named = as_json([asked.id, asked.value]).encode(errors="replace")
    return f"ask.{sha256(named).hexdigest()[:16]}"


def question_in(value: Any) -> tuple[str, Any]:
    """The question in an interrupt's value if it has one, and all else that is in it."""
    if isinstance(value, str):
        return value, None
    if not isinstance(value, dict):
        return "", value
    key = next((key for key in _TELLING if isinstance(value.get(key), str)), None)
    rest = {name: item for name, item in value.items() if name != key}
    return (value[key] if key else ""), rest


def title_of(action: Action) -> str:
    """The question whether a tool may run: ``Send email?``."""
    spoken = " ".join(readable_name(action.name).replace("_", " ").split())
    return words.ASK_APPROVAL.format(name=spoken[:1].upper() + spoken[1:])


def asked_in_words(asked: Interrupt) -> tuple[str, ...]:
    """The question, a line for each action that is to be decided."""
    match question_of(asked):
        case Review(_, actions):
            return tuple(map(_action, actions))
        case Pause():
            return (words.AGENT_PAUSED,)
    question, rest = question_in(asked.value)
    kept = cut(question.strip(), LONGEST_QUESTION)
    if rest in (None, {}, []):
        return (kept,)
    more = short(as_json(rest), LONGEST_ANSWER)
    return ("\n".join(filter(None, (kept, more))),)


def _action(action: Action) -> str:
    arguments = short(
        ", ".join(f"{name}: {_plain(value)}" for name, value in action.args.items()),
        LONGEST_ANSWER,
    )
    lines = (short(title_of(action), 2 * LONGEST_NAME), action.description, arguments)
    return cut("\n".join(filter(None, lines)), LONGEST_QUESTION)


def answered_elsewhere(id: str, asked: Interrupt, value: Any) -> Decision | None:
    """The decision that `value` comes to; None where it does not fit the question."""
    said = _said(asked, value)
    return Decision(id, said, asked_in_words(asked)) if said else None


def _said(asked: Interrupt, value: Any) -> tuple[str, ...]:
    match question_of(asked):
        case Review(_, actions):
            return _decisions(actions, value)
        case Pause():
            return (words.CONTINUED,)
        case Words() | Form() | Free():
            return (words.ANSWERED.format(answer=short(_plain(value), LONGEST_ANSWER)),)
    return ()


def _decisions(actions: tuple[Action, ...], value: Any) -> tuple[str, ...]:
    listed = value.get("decisions") if isinstance(value, dict) else value
    decisions = listed if isinstance(listed, list) else [value]
    if len(decisions) != len(actions):
        return (words.ANSWERED.format(answer=short(_plain(value), LONGEST_ANSWER)),)
    pairs = zip(actions, decisions, strict=True)
    return tuple(_decision(action, decision) for action, decision in pairs)


def _decision(action: Action, decision: Any) -> str:
    """One decision, whichever library's words it is in."""
    fields: Json = decision if isinstance(decision, dict) else {}
    kind = fields.get("type")
    try:
        choice = Choice(_OLD_NAMES.get(str(kind), kind))
    except ValueError:
        return words.ANSWERED.format(answer=short(_plain(decision), LONGEST_ANSWER))
    message = fields.get("message", fields.get("args"))
    message = message if isinstance(message, str) else ""
    return decided(choice, action.name, _edited(action, fields), message)


def _edited(action: Action, fields: Json) -> tuple[str, ...]:
    """The names of the arguments that an edit changed."""
    call = fields.get("edited_action") or fields.get("editedAction") or fields.get("args")
    args = (call.get("args") or call.get("arguments")) if isinstance(call, dict) else None
    if not isinstance(args, dict):
        return ()
    return tuple(n for n in {**action.args, **args} if action.args.get(n) != args.get(n))


def decided(choice: Choice, name: str, edited: tuple[str, ...], message: str) -> str:
    """A decision about one action, as a sentence."""
    name = short(name, LONGEST_NAME)
    match choice:
        case Choice.APPROVE:
            return words.APPROVED.format(name=name)
        case Choice.EDIT:
            if not edited:
                return words.APPROVED.format(name=name)
            names = words.listed([f"“{short(one, 40)}”" for one in edited])
            return words.APPROVED_EDITED.format(name=name, names=names)
        case Choice.REJECT:
            said = words.REJECTED_BECAUSE if message else words.REJECTED
            return said.format(name=name, message=short(message))
        case Choice.RESPOND:
            return words.RESPONDED.format(name=name, message=short(message))
        case Choice.IGNORE:
            return words.IGNORED.format(name=name)


def short(text: str, most: int = LONGEST_ANSWER) -> str:
    """A text in one line, of so many characters at most."""
    return cut(" ".join(text.split()), most)


def cut(text: str, most: int) -> str:
    """A text of so many characters at most, none of them half of one."""
    text = text.encode(errors="ignore").decode()
    return text if len(text) <= most else text[: most - 1] + "…"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
