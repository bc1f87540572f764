"""Events with any ids, in any order: also those that no effect of the conversation reports."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Outcome
from chat_app.runs.machine import effect_types as effects
from chat_app.runs.machine import events
from chat_app.runs.machine.conversation import Conversation, Phase, Strategy, Version
from chat_app.runs.machine.step import step
from chat_app.runs.pending_runs import Agenda
from tests.helpers.examples import examples
from tests.helpers.scripted_process import LOST, REFUSED
from tests.helpers.scripted_server import queued

message_ids = st.sampled_from(["m1", "m2", "m3", "none"])
run_ids = st.sampled_from(["run-1", "run-2", "run-3", "none", ""])
tabs = st.sampled_from(["", "tab"])
flags = st.booleans()
changes = st.integers(0, 6)
messages = st.builds(queued, message_ids, run_ids)
waiting = st.lists(messages, max_size=2).map(tuple)
some_runs = st.frozensets(run_ids, max_size=2)
agendas = st.builds(
    Agenda,
    current=run_ids,
    waiting=waiting,
    over=some_runs,
    interrupted=some_runs,
    answered=st.frozensets(message_ids, max_size=2),
    parallel=st.lists(run_ids, max_size=1).map(tuple),
    running=st.none() | messages,
)
cancels = st.builds(effects.Cancel, st.lists(run_ids, max_size=2).map(tuple), run_ids, message_ids)
versions = st.none() | st.builds(Version, message_ids, changes)
failures = st.sampled_from([LOST, REFUSED])
some_ids = st.lists(message_ids, max_size=2).map(tuple)
anything = st.one_of(
    st.builds(events.Send, messages, tabs, st.sampled_from(list(Strategy))),
    st.sampled_from([events.Stop(), events.SendAll(), events.Opened(), events.Unblocked()]),
    st.builds(events.Retry, message_ids),
    st.builds(events.Answer, message_ids, st.none()),
    st.sampled_from([events.Dismiss(), events.Dismissed(), events.Dismissed(is_answered=True)]),
    st.builds(events.NotDismissed, failures),
    st.builds(events.EditMessage, message_ids, messages, message_ids),
    st.builds(events.Regenerate, message_ids, message_ids),
    st.builds(events.ContinueAnswer, message_ids),
    st.builds(events.ShowVersion, message_ids, changes),
    st.builds(events.Remove, message_ids),
    st.builds(events.Edit, message_ids, tabs),
    st.builds(events.SendNow, message_ids, tabs),
    st.builds(events.MoveUp, message_ids),
    st.builds(events.Acknowledge, message_ids),
    st.builds(events.Changed, run_ids, flags),
    st.builds(events.Loaded, agendas, waiting, flags, flags, changes, some_runs, versions),
    st.builds(events.NotLoaded, versions, st.none() | failures),
    st.just(events.Created()),
    st.builds(events.RunsRead, st.none() | agendas, changes),
    st.builds(events.Accepted, message_ids, run_ids),
    st.builds(events.NotStarted, message_ids, st.none() | failures, flags, flags, flags),
    st.builds(events.Ended, message_ids, st.sampled_from(list(Outcome)), flags),
    st.builds(events.Cancelled, cancels),
    st.builds(events.NotCancelled, cancels, failures),
    st.builds(events.StopTimedOut, st.builds(effects.StartStopTimer, message_ids, changes)),
    st.builds(events.Saved, message_ids, flags),
    st.builds(events.Enqueued, message_ids, run_ids),
    st.builds(events.NotEnqueued, message_ids, flags),
    st.builds(events.Removed, some_ids, some_ids),
    st.builds(events.NotRemoved, some_ids),
)


@examples(300)
@given(st.lists(anything, max_size=40))
def test_no_event_is_an_error_whatever_its_ids(happened: list[Any]):
    now = Conversation("thread")
    for event in happened:
        now, made = step(now, event)
        is_under_way = now.phase in (Phase.STARTING, Phase.RUNNING, Phase.STOPPING)
        assert now.turn or not is_under_way
        assert sum(isinstance(one, effects.Start | effects.Join) for one in made) <= 1
