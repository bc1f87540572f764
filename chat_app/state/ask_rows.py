"""The rows of what the graph asks a person, and of what was decided."""

from __future__ import annotations

from dataclasses import asdict
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.state import safe_json
from chat_app.state.rows import AskRow, DecisionRow, Exchange, OpenQuestion
from chat_app.transcript.asked import key_of, question_in, title_of
from chat_app.transcript.asking import Action, Form, Free, Pause, Review, Words, question_of
from chat_app.transcript.deciding import fields_for
from chat_app.transcript.forms import Field, as_json
from chat_app.transcript.replying import offering_key, options_in, reply_to

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.state.rows.people import Question
    from chat_app.transcript.message import Decision, Interrupt

VALUE_LIMIT = 16_000
"""Characters of a value's JSON that are shown as a tree; of a longer one the beginning, as text."""


class Cards:
    """The open questions of one thread; of one that was there before it is the same row again."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Interrupt, AskRow]] = {}

    def rows(self, interrupts: tuple[Interrupt, ...]) -> list[AskRow]:
        """The row of each question."""
        self._made = {
            id(asked): self._made.get(id(asked)) or (asked, ask_row(asked)) for asked in interrupts
        }
        return [self._made[id(asked)][1] for asked in interrupts]


def ask_row(asked: Interrupt) -> AskRow:
    """The row of an open question."""
    question, card = _card(asked)
    # Through text, so that no number is changed on its way and no half of a character ends it.
    return AskRow(key_of(asked), question, safe_json.parse(as_json(card)))


def open_question(asked: Interrupt) -> OpenQuestion:
    """What the composer has to know of an open question."""
    reply = reply_to(asked)
    options = [
        [safe_json.sendable(value), safe_json.sendable(label)] for value, label in reply.options
    ]
    return OpenQuestion(
        key_of(asked),
        _card(asked)[0],
        reply.how,
        safe_json.sendable(reply.label),
        safe_json.sendable(reply.name),
        options,
    )


def decision_row(key: str, decision: Decision) -> DecisionRow:
    """What a person was asked and decided."""
    asked = decision.asked if len(decision.asked) == len(decision.said) else ()
    pairs = zip_longest(asked, decision.said, fillvalue="")
    exchanges = [Exchange(safe_json.sendable(a), safe_json.sendable(b)) for a, b in pairs]
    return DecisionRow(key, exchanges)


def _card(asked: Interrupt) -> tuple[Question, Json]:
    match question_of(asked):
        case Review(_, actions):
            return "review", {"actions": [_action(action) for action in actions]}
        case Words(words):
            return "words", {"text": words}
        case Form(value) as form:
            return "form", {**_told(value), "fields": _fields(fields_for(form))}
        case Free(value):
            options = options_in(value)
            rest = (
                {key: one for key, one in value.items() if key != offering_key(value)}
                if options
                else value
            )
            return "free", {**_told(rest), "options": options}
        case Pause():
            return "pause", {"title": text.AGENT_PAUSED, "text": text.AGENT_PAUSED_MEANS}


def _action(action: Action) -> Json:
    """`choices` are words of `chat_app.transcript.asking.Choice`."""
    return {
        "name": action.name,
        "title": title_of(action),
        "text": action.description,
        "fields": _fields(fields_for(action)),
        "choices": [choice.value for choice in action.allowed],
    }


def _fields(fields: tuple[Field, ...]) -> list[Json]:
    return [asdict(field) for field in fields]


def _told(value: Any) -> Json:
    """A value as `text`, the question in it if it has one, and `value`, all else there is."""
    question, rest = question_in(value)
    return {"text": question, **_shown(rest)}


def _shown(value: Any) -> Json:
    """A tree, or `raw` text where it is too long or too deep to be one."""
    written = as_json(value)
    try:
        if len(written) <= VALUE_LIMIT:
            return {} if value in (None, {}, []) else {"value": safe_json.parse(written)}
    except ValueError:
        pass
    return {"raw": written[:VALUE_LIMIT]}
