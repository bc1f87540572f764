"""A recorded run, cut wherever it can be cut: each event is heard once, in order."""

import asyncio
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client import Outcome, RunEnd
from chat_app.client.modes import FOR_A_CHAT
from chat_app.transcript.fold import fold, start
from chat_app.transcript.message import Transcript
from tests.helpers.examples import examples
from tests.helpers.folding import folded, texts
from tests.helpers.recorded import Recorded

OURS = {"reconnecting", "reconnected"}
RECORDED = {
    (name, shared): Recorded(name, shared=shared)
    for name in ("resumable_full", "rejoin_slow_resumable")
    for shared in (1, 2, 3, 7)
}
END = RunEnd(event="end", outcome=Outcome.FINISHED, run_id="r")


async def hear(run: Recorded, cuts: list[int], *, is_over: bool) -> None:
    """Follow the run through these cuts, and see that the text does not show them."""
    whole = folded(*run.events, END).transcript
    final = dict(zip((m.id for m in whole.messages), texts(whole), strict=True))
    state, heard = start(Transcript()), []
    async with run.client(cuts, is_over=is_over) as client:
        async for event in client.runs.stream("t", "agent", **FOR_A_CHAT):
            state = fold(state, event)
            shown = zip(state.transcript.messages, texts(state.transcript), strict=True)
            assert all(final[message.id].startswith(text) for message, text in shown)
            heard += [] if event.event in OURS else [event]
    assert heard == [*run.events, END]
    assert state.transcript == whole


def bounds(run: Recorded) -> list[int]:
    """How many bytes there are up to each event."""
    return [0, *accumulate(map(len, run.frames))]


@pytest.mark.slow
@pytest.mark.parametrize("is_over", [False, True])
@pytest.mark.parametrize(("name", "shared"), RECORDED)
async def test_a_cut_at_any_event_is_not_noticed(name: str, shared: int, is_over: bool):
    run = RECORDED[name, shared]
    for cut in bounds(run):
        await hear(run, [cut], is_over=is_over)


@pytest.mark.slow
async def test_a_cut_at_every_389th_byte_is_not_noticed():
    run = RECORDED["resumable_full", 3]
    for cut in range(0, bounds(run)[-1], 389):
        await hear(run, [cut], is_over=False)


@examples(100)
@given(st.data())
def test_several_cuts_are_not_noticed(data: st.DataObject):
    run = RECORDED[data.draw(st.sampled_from(sorted(RECORDED)), "recorded")]
    cut = st.sampled_from(bounds(run)) | st.integers(0, bounds(run)[-1])
    cuts = data.draw(st.lists(cut, max_size=4), "cuts")
    asyncio.run(hear(run, cuts, is_over=False))
