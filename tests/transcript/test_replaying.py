"""A replay shows only what is stored, more of it from moment to moment, and at last all of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.load import load
from chat_app.transcript.message import (
    Decision,
    Media,
    Message,
    Reasoning,
    Role,
    SubAgent,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
    Widget,
)
from chat_app.transcript.replaying import replay_of
from tests.helpers import captures
from tests.helpers.examples import examples

if TYPE_CHECKING:
    from chat_app.transcript.message import Part

STATES = ["hitl_state", "interrupt_state", "supervisor_state", "delegates_state", "swarm_state"]

_INSIDE = st.lists(st.text(min_size=1, max_size=5), max_size=3).map(
    lambda said: Transcript(
        tuple(Message(f"i{n}", Role.ASSISTANT, (Text(t),)) for n, t in enumerate(said))
    )
)
_AGENTS = st.builds(SubAgent, st.sampled_from(["a:1", "b:2"]), st.just("agent"), _INSIDE)
_CALLS = st.builds(
    ToolCall,
    st.sampled_from(["c1", "c2"]),
    st.just("tool"),
    st.text(max_size=60),
    st.sampled_from([ToolStatus.DONE, ToolStatus.UNANSWERED, ToolStatus.ERROR]),
    st.none() | st.builds(ToolResult, st.text(max_size=9)),
    st.none() | _AGENTS,
)
_PARTS = st.one_of(
    st.text(max_size=80).map(Text),
    st.text(max_size=40).map(Reasoning),
    _CALLS,
    _AGENTS,
    st.just(Media("image", "image/png", data="AAAA")),
)
_ASIDES = st.one_of(
    st.just(Decision("d", ("Yes",), ("Really?",))), st.just(Widget("w", "table", {}))
)
_MESSAGES = st.builds(
    lambda role, parts, asides, stopped: Message(
        "", role, tuple(parts), asides=tuple(asides), stopped=stopped
    ),
    st.sampled_from([Role.HUMAN, Role.ASSISTANT, Role.ASSISTANT, Role.SYSTEM, Role.OTHER]),
    st.lists(_PARTS, max_size=4),
    st.lists(_ASIDES, max_size=2),
    st.booleans(),
)
_TRANSCRIPTS = st.lists(_MESSAGES, max_size=5).map(
    lambda made: Transcript(
        tuple(
            Message(f"m{n}", m.role, m.parts, asides=m.asides, stopped=m.stopped)
            for n, m in enumerate(made)
        )
    )
)


def is_beginning(shown: Part, stored: Part) -> bool:
    """Whether a part is what there was of another one at some moment."""
    match shown, stored:
        case (Text(one), Text(two)) | (Reasoning(one), Reasoning(two)):
            return two.startswith(one)
        case ToolCall(), ToolCall():
            same = (shown.id, shown.name) == (stored.id, stored.name)
            is_result = shown.result in (None, stored.result)
            return same and is_result and stored.args.startswith(shown.args)
        case SubAgent(), SubAgent():
            inside, whole = shown.transcript, stored.transcript
            assert inside
            assert whole
            return whole.messages[: len(inside.messages)] == inside.messages
    return shown == stored


def check(stored: Transcript) -> None:
    replay = replay_of(stored)
    frames = list(replay.frames())
    assert frames[-1][1] == stored
    seconds = [at for at, _ in frames]
    assert seconds == sorted(seconds)
    assert seconds[0] >= 0
    for _, frame in frames[:-1]:
        count = len(frame.messages)
        assert frame.messages[:-1] == stored.messages[: max(count - 1, 0)]
        for shown, whole in zip(
            frame.messages[-1:], stored.messages[count - 1 : count], strict=True
        ):
            assert (shown.id, shown.role) == (whole.id, whole.role)
            assert all(map(is_beginning, shown.parts, whole.parts))
            assert len(shown.parts) <= len(whole.parts)
            assert shown.asides == whole.asides[: len(shown.asides)]
    for (_, before), (_, after) in pairwise(frames):
        assert len(before.messages) <= len(after.messages)
        kept = len(before.messages) - 1
        assert all(map(lambda a, b: a is b, before.messages[:kept], after.messages[:kept]))


@examples(300)
@given(_TRANSCRIPTS)
def test_any_thread_is_played_from_its_beginning_to_what_is_stored(stored: Transcript) -> None:
    check(stored)


@pytest.mark.parametrize("name", STATES)
def test_threads_of_real_servers_are_played(name: str) -> None:
    check(load(captures.document(name)))


def _statuses(stored: Transcript) -> list[list[ToolStatus]]:
    seen: list[list[ToolStatus]] = []
    for _, frame in replay_of(stored).frames():
        parts = [part for message in frame.messages for part in message.parts]
        now = [part.status for part in parts if isinstance(part, ToolCall)]
        if not seen or seen[-1] != now:
            seen.append(now)
    return seen


def test_tools_are_written_then_run_then_are_done() -> None:
    calls = tuple(
        ToolCall(f"c{n}", "tool", '{"a": 1}', ToolStatus.DONE, ToolResult("ok")) for n in (1, 2)
    )
    stored = Transcript((Message("h", Role.HUMAN), Message("a", Role.ASSISTANT, calls)))
    writing, running, done = ToolStatus.WRITING, ToolStatus.RUNNING, ToolStatus.DONE
    assert _statuses(stored) == [
        *([], [writing], [running, writing], [running, running]),
        *([done, running], [done, done]),
    ]


def test_a_question_stands_open_before_its_decision() -> None:
    call = ToolCall("c", "send", "{}", ToolStatus.DONE, ToolResult("sent"))
    asked = Decision("d", ("Approved it",), ("Send it?",))
    stored = Transcript(
        (Message("h", Role.HUMAN), Message("a", Role.ASSISTANT, (call,), asides=(asked,)))
    )
    frames = [frame for _, frame in replay_of(stored).frames()]
    opened = next(n for n, frame in enumerate(frames) if frame.interrupts)
    decided = next(n for n, frame in enumerate(frames) if frame.messages[-1].asides)
    assert frames[opened].interrupts[0].value == "Send it?"
    assert not frames[opened].running
    assert opened < decided
    assert not any(frame.interrupts for frame in frames[decided:])


def test_what_a_graph_inside_did_comes_message_by_message() -> None:
    inside = Transcript(tuple(Message(f"i{n}", Role.ASSISTANT, (Text(str(n)),)) for n in range(3)))
    call = ToolCall(
        "c", "ask", "{}", ToolStatus.DONE, ToolResult("ok"), SubAgent("t:1", "x", inside)
    )
    stored = Transcript((Message("h", Role.HUMAN), Message("a", Role.ASSISTANT, (call,))))
    parts = [part for _, frame in replay_of(stored).frames() for part in frame.messages[-1].parts]
    calls = [part for part in parts if isinstance(part, ToolCall)]
    inner = [call.agent.transcript for call in calls if call.agent]
    seen = [len(one.messages) for one in inner if one]
    assert seen == sorted(seen)
    assert set(seen) == {1, 2, 3}


def test_waiting_is_shortened_and_writing_takes_its_time() -> None:
    morning, evening = (
        "01a201b3-904e-77f9-8b6a-bf392aa9a1c2",
        "01a2039a-904e-77f9-8b6a-bf392aa9a1c2",
    )
    stored = Transcript(
        (
            Message(morning, Role.HUMAN, (Text("Hello"),)),
            Message(evening, Role.ASSISTANT, (Text("word " * 200),)),
        )
    )
    assert 4 < replay_of(stored).duration < 12


def test_a_long_thread_is_prepared_at_once_and_each_moment_is_cheap() -> None:
    said = (Text("A sentence of an answer. " * 400),)
    stored = Transcript(
        tuple(
            Message(f"m{n}", Role.HUMAN if n % 2 == 0 else Role.ASSISTANT, said)
            for n in range(1000)
        )
    )
    replay = replay_of(stored)
    assert len(replay.moments) < 60_000
    assert replay.frame(replay.at(replay.duration / 2)).messages
    assert len(replay.turns) == 500


def test_steps_and_turns_are_found_from_any_moment() -> None:
    stored = load(captures.document("supervisor_state"))
    replay = replay_of(stored)
    at, steps = 0, 0
    while at < len(replay.moments) - 1:
        following = replay.next_step(at)
        assert following > at
        at, steps = following, steps + 1
    assert steps >= len(stored.messages)
    assert replay.at(0) >= 0
    assert replay.at(replay.duration) == len(replay.moments) - 1


def test_nothing_to_play_is_played_at_once() -> None:
    assert [frame for _, frame in replay_of(Transcript()).frames()] == [Transcript()]
