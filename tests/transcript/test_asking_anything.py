"""Questions of every known shape with anything in any place: each can be seen and answered."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hypothesis import example, given
from hypothesis import strategies as st

from chat_app.runs.timings import Timings
from chat_app.state.ask_rows import key_of
from chat_app.state.painter import Painter
from chat_app.state.rows import AskRow
from chat_app.transcript.deciding import NotAnAnswerError, answer_to, command_of
from chat_app.transcript.load import load
from chat_app.transcript.message import Interrupt, Transcript
from tests.helpers.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARGS = {"to": "bob", "copies": 3, "tags": ["a", "b"], "home": {"city": "Rome"}, "note": None}
_SCHEMA = {
    "type": "object",
    "required": ["to", "tags"],
    "properties": {
        "to": {"type": "string", "format": "email", "title": "To", "default": "a@b.c"},
        "copies": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "size": {"enum": ["s", 1, None]},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/Tag"}},
        "days": {"type": "array", "items": {"enum": [1, 2]}, "default": [1]},
        "home": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
    "$defs": {"Tag": {"type": "string"}},
}
_LEGACY = {
    "action_request": {"action": "send", "args": _ARGS},
    "config": {"allow_accept": True, "allow_edit": True, "allow_respond": True},
    "description": "Look",
}
_DECISIONS = ["approve", "edit", "reject", "respond"]
_EDIT = {
    "type": "object",
    "properties": {
        "type": {"const": "edit"},
        "edited_action": {"type": "object", "properties": {"args": _SCHEMA}},
    },
}
SHAPES: list[dict[str, Any]] = [
    {"value": _LEGACY},
    {"value": [_LEGACY, _LEGACY]},
    {
        "value": {
            "action_requests": [{"name": "send", "args": _ARGS, "description": "Look"}],
            "review_configs": [
                {"action_name": "send", "allowed_decisions": _DECISIONS, "args_schema": _SCHEMA}
            ],
        }
    },
    {
        "value": {
            "actionRequests": [{"name": "send", "arguments": _ARGS}],
            "reviewConfigs": [
                {"actionName": "send", "allowedDecisions": _DECISIONS, "argsSchema": _SCHEMA}
            ],
        }
    },
    {
        "value": {"type": "tool_approval", "name": "send", "args": _ARGS, "description": "Look"},
        "response_schema": {"oneOf": [{"properties": {"type": {"enum": ["approve"]}}}, _EDIT]},
    },
    {"value": {"question": "Who?"}, "response_schema": _SCHEMA},
    {"value": "How many?", "response_schema": {"type": "integer", "minimum": 1}},
    {"value": "Where to?"},
    {"value": {"question": "Which?", "options": [1, 2]}},
]

_TEXTS = st.text(max_size=5) | st.sampled_from(["\ud83d", "#/$defs/Tag", "#", "object", "array"])
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**30, float("inf"), float("nan"), 1e-9])
    | _TEXTS
)
ANYTHING = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to all that is inside of `value`."""
    inside = value if isinstance(value, dict) else {}
    for key, item in enumerate(value) if isinstance(value, list) else inside.items():
        yield (*path, key)
        yield from places(item, (*path, key))


UNNAMED = {"type": "object", "required": ["to"], "properties": {"": None}}


@st.composite
def interrupts(draw: st.DrawFn) -> dict[str, Any]:
    """A known shape, up to three of its places with something else in it."""
    asked = {"id": "0" * 32, **deepcopy(draw(st.sampled_from(SHAPES)))}
    for _ in range(draw(st.integers(0, 3))):
        *path, last = draw(st.sampled_from(sorted(places(asked), key=str)))
        inside: Any = asked
        for key in path:
            inside = inside[key]
        inside[last] = draw(ANYTHING)
    return asked


def opened(asked: dict[str, Any]) -> tuple[Interrupt, AskRow]:
    """The question of a thread, and its card as the browser gets it."""
    transcript = load({"next": ["x"], "tasks": [{"interrupts": [asked]}]})
    [interrupt], [row] = transcript.interrupts, Painter(Timings()).paint(transcript).rows
    assert isinstance(row, AskRow)
    assert row.key == key_of(interrupt)
    json.dumps(row.card, allow_nan=False, ensure_ascii=False).encode()
    return interrupt, row


def untouched(row: AskRow) -> dict[str, Any]:
    """What the page sends of a card in which only what is required was filled in."""
    decisions = [
        {"type": action["choices"][0], "message": "so"} for action in row.card.get("actions", ())
    ]
    return {"review": {"decisions": decisions}, "form": {"fields": {}}}.get(
        row.question, {"text": "words"}
    )


def told(fields: list[dict[str, Any]], new: Any) -> dict[str, Any]:
    return {field["name"]: new for field in fields}


@examples(300)
@given(interrupts())
def test_every_question_can_be_seen(asked: dict[str, Any]) -> None:
    opened(asked)


@examples(300)
@given(interrupts(), ANYTHING)
@example({"id": "0" * 32, **SHAPES[5]}, "9" * 5000)
@example({"id": "0" * 32, "value": {}, "response_schema": UNNAMED}, None)
def test_every_answer_is_one_or_is_refused(asked: dict[str, Any], new: Any) -> None:
    interrupt, row = opened(asked)
    card = row.card
    edits = [
        {"type": "edit", "fields": told(action["fields"], new)}
        for action in card.get("actions", ())
    ]
    for answer in (
        untouched(row),
        new,
        {"text": new, "fields": told(card.get("fields", []), new), "decisions": edits},
        {"decisions": new, "fields": new},
        {"decisions": [new]},
    ):
        with suppress(NotAnAnswerError):
            json.dumps(command_of(interrupt, answer_to(interrupt, answer)))


@examples(300)
@given(interrupts())
def test_what_asks_for_words_or_a_decision_has_an_answer(asked: dict[str, Any]) -> None:
    interrupt, row = opened(asked)
    if interrupt.schema is None:  # which may want what nothing can be
        assert answer_to(interrupt, untouched(row)).said


def test_a_question_that_is_still_there_keeps_its_row() -> None:
    first, second = Interrupt("1", "Who?"), Interrupt("2", {"a": 1})
    painter = Painter(Timings())
    one, two = painter.paint(Transcript(interrupts=(first, second), running=True)).rows
    [again] = painter.paint(Transcript(interrupts=(second,), running=True)).rows
    assert again is two
    [other] = painter.paint(Transcript(interrupts=(Interrupt("1", "When?"),))).rows
    assert isinstance(one, AskRow)
    assert isinstance(other, AskRow)
    assert (other.card["text"], one.card["text"]) == ("When?", "Who?")
