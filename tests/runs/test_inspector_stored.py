"""Timelines of real runs: as recorded from their events, and as read from the server afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.client import NotFoundError
from chat_app.runs.inspector.stored import read_past_run
from chat_app.timeline.record import Ring
from chat_app.timeline.span import Kind, Span, State
from chat_app.timeline.spans import Timeline

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import StreamMode

CHAT: list[StreamMode] = ["messages-tuple", "values", "updates", "custom"]
WITH_TASKS: list[StreamMode] = [*CHAT, "tasks"]


class Recorded:
    """One run, and what its events told."""

    def __init__(self) -> None:
        self.timeline, self.ring = Timeline(), Ring()
        self.thread_id = self.run_id = ""


async def record(
    client: LangGraphClient,
    text: str = "",
    *,
    graph: str = "ranges",
    thread_id: str = "",
    modes: list[StreamMode] = WITH_TASKS,
    **options: Any,
) -> Recorded:
    """Run a graph, with the input `text` if there is one, and record it as the inspector does."""
    run = Recorded()
    run.thread_id = thread_id or (await client.threads.create())["thread_id"]
    if text:
        options["input"] = {"messages": [{"type": "human", "content": text}]}
    events = client.runs.stream(
        run.thread_id, graph, stream_mode=modes, stream_subgraphs=True, **options
    )
    async for event in events:
        run.timeline.take(run.ring.add(event, at=time.time() * 1000))
    run.run_id = run.timeline.run_id
    return run


def by_name(timeline: Timeline, name: str, kind: Kind = Kind.NODE) -> list[Span]:
    return [span for span in timeline.spans.values() if (span.name, span.kind) == (name, kind)]


def states(timeline: Timeline) -> list[tuple[str, str]]:
    return sorted((span.name, span.state.value) for span in timeline.spans.values())


def told(timeline: Timeline) -> dict[str, Any]:
    """What both sources tell of each task; only events tell that a result was cached."""
    return {
        span.id: {
            "name": span.name,
            "parent": span.parent,
            "namespace": span.namespace,
            "state": State.DONE if span.state is State.CACHED else span.state,
            "error": span.error,
            "interrupts": [one["id"] for one in span.interrupts],
            "update": span.update,
            "messages": span.messages,
            "usage": span.usage,
        }
        for span in timeline.spans.values()
        if span.name != "call" and span.kind is not Kind.STEP
    }


async def assert_history_tells_the_same(client: LangGraphClient, run: Recorded) -> Timeline:
    past = await read_past_run(client, run.thread_id, run.run_id)
    assert past.is_whole
    assert told(past.timeline) == told(run.timeline)
    assert past.timeline.state is run.timeline.state
    # A deferred node is no task in the history, but a step without a name.
    steps = [span for span in past.timeline.spans.values() if span.kind is Kind.STEP]
    calls = by_name(run.timeline, "call")
    assert [span.messages for span in steps] == [span.messages for span in calls]
    return past.timeline


async def test_a_run_has_the_same_bars_from_its_events_and_from_its_history(
    client: LangGraphClient,
) -> None:
    run = await record(client, "go")
    assert run.timeline.state is State.DONE
    parts, tools = by_name(run.timeline, "part"), by_name(run.timeline, "measure", Kind.TOOL)
    assert len(parts) == 3
    assert len(tools) == 2
    assert max(part.start for part in parts) < min(part.end or 0 for part in parts)
    assert max(tool.start for tool in tools) < min(tool.end or 0 for tool in tools)
    assert {tool.input["what"] for tool in tools} == {"height", "width"}
    [inner] = by_name(run.timeline, "inner")
    assert [span.name for span in run.timeline.spans.values() if span.parent == inner.id] == [
        "first",
        "second",
    ]
    past = await assert_history_tells_the_same(client, run)
    [before], [after] = by_name(past, "plan"), by_name(past, "close")
    assert (before.end or 0) <= after.start
    assert after.checkpoint
    place = after.checkpoint["checkpoint_id"]
    state = await client.threads.get_state(run.thread_id, checkpoint_id=place)
    assert after.input == state["values"]


async def test_a_node_that_waits_for_a_person_is_interrupted_and_done_in_the_next_run(
    client: LangGraphClient,
) -> None:
    asked = await record(client, "ask")
    [waiting] = by_name(asked.timeline, "close")
    assert waiting.state is State.INTERRUPTED
    assert [one["value"] for one in waiting.interrupts] == [{"question": "Does it fit?"}]
    await assert_history_tells_the_same(client, asked)
    answered = await record(client, thread_id=asked.thread_id, command={"resume": "It does."})
    assert states(answered.timeline) == [("close", "done")]
    await assert_history_tells_the_same(client, answered)
    # What the next run did is not told of the first one.
    past = await assert_history_tells_the_same(client, asked)
    assert by_name(past, "close")[0].state is State.INTERRUPTED


async def test_a_node_that_raises_has_failed(client: LangGraphClient) -> None:
    run = await record(client, "fail")
    past = await assert_history_tells_the_same(client, run)
    for timeline in (run.timeline, past):
        [failed] = by_name(timeline, "close")
        assert (failed.state, failed.error) == (State.FAILED, "ValueError: it does not fit")
        assert timeline.state is State.FAILED
        assert "it does not fit" in timeline.error


@pytest.mark.parametrize("modes", [WITH_TASKS, CHAT, ["tasks"], ["debug"]], ids=str)
async def test_a_node_whose_result_was_kept_is_cached(
    client: LangGraphClient, modes: list[StreamMode]
) -> None:
    await record(client, "go")
    again = await record(client, "go", modes=modes)
    assert [span.state for span in by_name(again.timeline, "dear")] == [State.CACHED]
    others = [name for name, state in states(again.timeline) if state != "done"]
    assert others == ["dear"]


async def test_each_try_of_a_node_is_told_by_events(client: LangGraphClient) -> None:
    run = await record(client, "go", modes=["tasks", "events"])
    [unsure] = by_name(run.timeline, "unsure")
    assert (unsure.attempts, unsure.state) == (3, State.DONE)
    assert unsure.start < unsure.starts[0] < unsure.starts[1] < (unsure.end or 0)
    assert {s.attempts for s in run.timeline.spans.values() if s is not unsure} == {1}


@pytest.mark.parametrize("modes", [CHAT, ["updates"], ["debug"], ["checkpoints"]], ids=str)
async def test_the_nodes_of_a_run_are_told_by_any_modes(
    client: LangGraphClient, modes: list[StreamMode]
) -> None:
    full, other = await record(client, "go"), await record(client, "go", modes=modes)

    def nodes(timeline: Timeline) -> list[str]:
        kept = [span for span in timeline.spans.values() if span.kind is Kind.NODE]
        return sorted(span.name for span in kept if span.name != "call")

    assert nodes(other.timeline) == nodes(full.timeline)
    assert not other.timeline.open


async def test_a_run_paused_before_a_node_has_no_bar_of_it(client: LangGraphClient) -> None:
    run = await record(client, "go", interrupt_before=["close"])
    past = await assert_history_tells_the_same(client, run)
    assert past.state is State.INTERRUPTED
    assert not by_name(past, "close")
    on = await record(client, thread_id=run.thread_id)
    assert states(on.timeline) == [("close", "done")]
    await assert_history_tells_the_same(client, on)
    await assert_history_tells_the_same(client, run)


async def test_what_ran_as_a_run_was_cancelled_is_interrupted(client: LangGraphClient) -> None:
    run = Recorded()
    run.thread_id = (await client.threads.create())["thread_id"]
    asked = {"messages": [{"type": "human", "content": "2 every 60"}]}
    events = client.runs.stream(run.thread_id, "slow", stream_mode=WITH_TASKS, input=asked)
    async for event in events:
        run.timeline.take(run.ring.add(event, at=time.time() * 1000))
        if run.timeline.open and not run.run_id:
            run.run_id = run.timeline.run_id
            await client.runs.cancel(run.thread_id, run.run_id)
    assert [state for _, state in states(run.timeline)] == ["interrupted"]
    past = (await read_past_run(client, run.thread_id, run.run_id)).timeline
    assert states(past) == states(run.timeline)
    assert past.state is run.timeline.state is State.INTERRUPTED


async def test_events_read_from_the_history_make_the_same_nodes(client: LangGraphClient) -> None:
    run = await record(client, "go", modes=["values", "updates"])
    past = await read_past_run(client, run.thread_id, run.run_id)

    def of(ring: Ring, mode: str) -> list[Any]:
        return [item.data for item in ring.after(0) if item.mode == mode and not item.namespace]

    kept = [one for one in of(run.ring, "updates") if "call" not in one]
    plain = [{k: v for k, v in one.items() if k != "__metadata__"} for one in kept]
    assert sorted(map(str, of(past.ring, "updates"))) == sorted(map(str, plain))
    assert of(past.ring, "values") == of(run.ring, "values")
    assert past.ring.after(0)[-1].data["outcome"] == "finished"
    assert all(item.size for item in past.ring.after(0)[:-1])


async def test_a_graph_inside_a_tool_is_read_from_the_history(client: LangGraphClient) -> None:
    run = await record(client, "go", graph="delegates")
    past = await read_past_run(client, run.thread_id, run.run_id)
    assert states(past.timeline) == states(run.timeline)
    assert {span.id: span.parent for span in past.timeline.spans.values()} == {
        span.id: span.parent for span in run.timeline.spans.values()
    }


async def test_only_a_run_that_is_over_and_the_threads_own_is_read(
    client: LangGraphClient,
) -> None:
    one, other = await record(client, "go"), await record(client, "go")
    with pytest.raises(NotFoundError):
        await read_past_run(client, other.thread_id, one.run_id)
    going = await client.runs.create(
        other.thread_id, "slow", input={"messages": [{"type": "human", "content": "9 every 9"}]}
    )
    with pytest.raises(NotFoundError):
        await read_past_run(client, other.thread_id, going["run_id"])
    await client.runs.cancel(other.thread_id, going["run_id"])
