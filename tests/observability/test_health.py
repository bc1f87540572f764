"""When a process says that it is well, and what it looks at before."""

from __future__ import annotations

import asyncio
from itertools import product

import pytest

from chat_app.observability.health import Dependency, Readiness, State


class Looked:
    """A dependency whose state a test sets; it counts how often it is looked at."""

    def __init__(self, state: State = State.OK) -> None:
        self.state = state
        self.looks = 0
        self.began = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self) -> State:
        self.looks += 1
        self.began.set()
        await self.may_answer.wait()
        return self.state


@pytest.mark.parametrize(("needed", "useful"), [*product(State, State)])
async def test_only_what_is_required_decides_whether_people_can_be_served(
    needed: State, useful: State
) -> None:
    readiness = Readiness(
        {
            "agent": Dependency(Looked(needed)),
            "cache": Dependency(Looked(useful), is_required=False),
        }
    )
    report = await readiness.report()
    assert report.states == {"agent": needed, "cache": useful}
    assert report.is_ready is (needed in (State.OK, State.OFF))
    if not report.is_ready:
        assert report.status == "not ready"
    else:
        assert report.status == ("ready" if useful in (State.OK, State.OFF) else "degraded")


async def test_many_probes_at_once_look_once() -> None:
    looked = Looked()
    looked.may_answer.clear()
    readiness = Readiness({"agent": Dependency(looked)}, fresh=60, within=60)
    probes = [asyncio.create_task(readiness.report()) for _ in range(50)]
    await looked.began.wait()
    probes.pop().cancel()  # one that gives up ends it for no other
    looked.may_answer.set()
    assert {report.is_ready for report in await asyncio.gather(*probes)} == {True}
    await readiness.report()
    assert looked.looks == 1


async def test_a_state_that_changed_is_told_as_soon_as_the_last_report_is_old() -> None:
    looked = Looked()
    readiness = Readiness({"agent": Dependency(looked)}, fresh=0)
    assert (await readiness.report()).is_ready
    looked.state = State.DOWN
    assert not (await readiness.report()).is_ready
    looked.state = State.OK
    assert (await readiness.report()).is_ready


async def test_what_does_not_answer_is_slow_and_what_fails_is_down() -> None:
    hangs = Looked()
    hangs.may_answer.clear()

    async def fails() -> State:
        raise RuntimeError("secret words")

    readiness = Readiness({"hangs": Dependency(hangs), "fails": Dependency(fails)}, within=0.01)
    report = await readiness.report()
    assert report.states == {"hangs": State.SLOW, "fails": State.DOWN}
