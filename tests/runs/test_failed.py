"""An error of the app itself in its work for a thread: nothing waits for ever or is lost."""

from __future__ import annotations

import pytest

from chat_app.client import LangGraphError
from chat_app.runs.failed import failed
from chat_app.runs.machine.conversation import Item, Kind, Turn
from chat_app.runs.machine.effect_types import (
    Cancel,
    Dismiss,
    Enqueue,
    Join,
    Load,
    ReadRuns,
    RemoveRuns,
    Start,
    Unblock,
)
from chat_app.runs.machine.events import (
    Ended,
    NotCancelled,
    NotDismissed,
    NotEnqueued,
    NotLoaded,
    NotRemoved,
    NotStarted,
    RunsRead,
)
from chat_app.runs.pending_runs import Queued
from chat_app.runs.run_stream import RunStream
from chat_app.text import APP_FAILED
from chat_app.transcript.error_text import describe
from chat_app.transcript.message import Transcript
from tests.helpers.scripted import Script
from tests.helpers.work import work_on

MESSAGE = Queued("m1", "hello")
TURN = Turn("m1", Kind.MESSAGE, MESSAGE)


@pytest.mark.parametrize(
    ("effect", "report"),
    [
        (Load(3), NotLoaded),
        (ReadRuns(3), RunsRead),
        (Start(TURN), NotStarted),
        (Join(TURN), NotStarted),
        (Cancel(("r1",), turn_id="m1"), NotCancelled),
        (Dismiss(), NotDismissed),
        (Enqueue(Item(MESSAGE)), NotEnqueued),
        (RemoveRuns((MESSAGE,)), NotRemoved),
    ],
)
async def test_each_effect_that_something_waits_for_is_reported(
    effect: Start, report: type[object]
) -> None:
    async with Script().client() as client:
        work, _ = work_on(client, "t")
        event = failed(work, effect)
    assert type(event) is report
    failure = getattr(event, "failure", None) or work.view.load_failure
    if isinstance(failure, LangGraphError):
        assert describe(failure) == (APP_FAILED, "")


async def test_what_nothing_waits_for_is_not_reported() -> None:
    async with Script().client() as client:
        work, _ = work_on(client, "t")
        assert failed(work, Unblock()) is None


async def test_a_run_that_the_server_has_accepted_has_ended_for_this_app() -> None:
    async with Script().client() as client:
        work, _ = work_on(client, "t")
        work.stream = RunStream(client, "t", Transcript())
        work.stream.run_id = "r1"
        assert isinstance(failed(work, Start(TURN)), Ended)
