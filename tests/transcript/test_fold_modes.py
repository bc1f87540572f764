"""Of what a real server sent, any part by stream mode ends in the same conversation as all of it.

What the stream lacks is read from the thread at the end (see `chat_app.runs.run_states`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.client.events import Metadata, Outcome, RunError, Updates, Values, decode
from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.message import Output, Role, Transcript
from chat_app.transcript.shapes import Shape
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.folding import of_the_state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.client.events import Event

MODES = ("values", "updates", "messages", "custom")
SUBSETS = [part for size in range(len(MODES)) for part in combinations(MODES, size)]
CANCELLED = {
    "cancel_interrupt_wait_true_stream",
    "cancel_rollback_wait_true_stream",
    "multitask_interrupt_first",
}
WITHIN = {"hands_over", "supervisor", "swarm"}
"""Their agents are graphs inside the graph, and speak there until each has ended."""
_ALWAYS = Metadata | RunError


def root_data(event: Event) -> dict[str, Any]:
    is_state = isinstance(event, Values | Updates) and not event.namespace
    return event.data if is_state and isinstance(event.data, dict) else {}


def ends_with(name: str) -> tuple[Outcome, dict[str, Any], list[Any] | None] | None:
    """How a captured run ended: the last state, and what it asks; None where that is not known."""
    events = captures.events(name)
    states = [root_data(event) for event in events if isinstance(event, Values)]
    state = next((one for one in reversed(states) if "messages" in one), None)
    if state is None:
        return None
    asked = [
        data["__interrupt__"] for event in events if "__interrupt__" in (data := root_data(event))
    ]
    is_over = not asked and name not in CANCELLED
    outcome = Outcome.FINISHED if is_over else Outcome.INTERRUPTED
    outcome = Outcome.FAILED if any(isinstance(e, RunError) for e in events) else outcome
    values = {key: value for key, value in state.items() if key != "__interrupt__"}
    return outcome, values, asked[-1] if asked else None


WHOLE = [name for name in captures.names() if ends_with(name)]
"""The captures that tell a state."""


def shown(name: str, events: Iterable[Event], *, is_read: bool) -> Transcript:
    """A run as the fold shows it, and at the end what is read of the thread if `is_read`."""
    known = ends_with(name)
    assert known
    outcome, values, asked = known
    last = [*events]
    if is_read:
        last.append(decode("values", values))
        last += [ev.interrupt(*asked)] if asked is not None else []
    end = replace(ev.end(outcome), waits=asked is not None)
    return of_the_state(reduce(fold, [*last, end], start(before(name))).transcript)


def before(name: str) -> Transcript:
    """What is known when a run begins: with the question, which who joins it reads first."""
    states = (root_data(event) for event in captures.events(name) if isinstance(event, Values))
    return load({"values": next(one for one in states if "messages" in one)})


def is_of(event: Event, modes: Iterable[str]) -> bool:
    base = event.event.partition("|")[0].partition("/")[0]
    return isinstance(event, _ALWAYS) or base in modes


@pytest.mark.parametrize("name", WHOLE)
def test_any_modes_of_a_run_end_as_all_of_them(name: str) -> None:
    events = captures.events(name)
    whole = shown(name, events, is_read=False)
    for modes in SUBSETS:
        part = [event for event in events if is_of(event, modes)]
        is_cut = whole.failure or name in CANCELLED
        if is_cut and "messages" not in modes:
            continue  # only tokens tell what was half written
        assert shown(name, part, is_read="values" not in modes) == whole, modes


def has(name: str, mode: str) -> bool:
    """Whether a capture was asked for this mode."""
    return any(
        is_of(event, [mode]) and not isinstance(event, _ALWAYS) for event in captures.events(name)
    )


def can_be_seen(name: str, mode: str) -> bool:
    """Whether this mode alone tells before the end what the agent says."""
    if mode == "messages":
        return name not in WITHIN
    known = ends_with(name)  # only tokens tell what was half written
    return name not in CANCELLED and known is not None and known[0] is not Outcome.FAILED


SEEN = [
    (name, mode)
    for name in WHOLE
    for mode in ("values", "updates", "messages")
    if has(name, "messages") and has(name, mode) and can_be_seen(name, mode)
]


@pytest.mark.parametrize(("name", "mode"), SEEN)
def test_what_an_agent_says_and_does_is_seen_before_the_end_in_each_mode_alone(
    name: str, mode: str
) -> None:
    events = captures.events(name)
    part = [event for event in events if is_of(event, [mode])]
    whole = answered(shown(name, events, is_read=False))
    assert answered(shown(name, part, is_read=False)) == whole


def answered(transcript: Transcript) -> list[tuple[Any, ...]]:
    return [message.parts for message in transcript.messages if message.role is Role.ASSISTANT]


FORM = Shape("form", "messages", {"type": "object"}, is_known=True)


def written(**state: Any) -> Event:
    return decode("updates", {"node": state})


def test_updates_alone_tell_title_plan_and_files_before_the_end() -> None:
    seen = live(
        written(title="Rivers", todos=[{"content": "Read", "status": "pending"}]),
        written(files={"a.md": "one", "b.md": "two"}),
        written(files={"a.md": "three", "b.md": None}, todos=[]),
    )
    assert seen.title == "Rivers"
    assert seen.todos == ()
    assert [(file.path, file.text) for file in seen.files] == [("a.md", "three")]


def test_a_state_of_the_stream_is_not_mended_with_updates() -> None:
    state = decode("values", {"messages": [ev.human("hi")], "files": {"a.md": "one"}})
    assert live(state, written(files={"b.md": "two"})).files == live(state).files


def test_updates_alone_tell_what_a_graph_wrote_that_answers_without_messages() -> None:
    before = Transcript(shape=FORM, values={"question": "old", "answer": "old"})
    seen = live(written(question="q"), written(answer="a"), on=before)
    assert outputs(seen) == {"question": "q", "answer": "a"}
    state = {"question": "q", "answer": "a", "note": "by a reducer"}
    ended = live(written(answer="a"), decode("values", state), ev.end(), on=before)
    assert outputs(ended) == {"question": "q", "answer": "a", "note": "by a reducer"}


def live(*events: Event, on: Transcript | None = None) -> Transcript:
    return reduce(fold, events, start(on or Transcript())).transcript


def outputs(transcript: Transcript) -> dict[str, Any]:
    parts = (part for message in transcript.messages for part in message.parts)
    return {part.name: part.value for part in parts if isinstance(part, Output)}
