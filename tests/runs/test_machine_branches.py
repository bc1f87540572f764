"""What happens to edits, regenerations and versions beside the rows of the table."""

from __future__ import annotations

import pytest

from chat_app.client.events import Outcome
from chat_app.runs.machine import events
from chat_app.runs.machine.conversation import Delivery, Phase, Version
from chat_app.runs.machine.effect_types import Load, Start
from chat_app.runs.machine.step import step
from chat_app.runs.pending_runs import Agenda
from tests.runs.test_machine_table import (
    EDIT,
    GOES,
    IDLE,
    PAUSED,
    REFUSED,
    RUNNING,
    SEND,
    SHOWING,
    after,
    m,
)

EDITING = after(EDIT)


def test_an_edit_while_a_run_goes_is_returned_to_its_message():
    [back] = after(EDIT, start=RUNNING).returned
    assert (back.id, back.edits, back.is_edit) == ("m9", "m0", True)


@pytest.mark.parametrize("is_busy", [True, False])
def test_an_edit_that_is_not_taken_is_returned_and_never_sent_behind_the_thread(is_busy: bool):
    now = after(events.NotStarted("m9", REFUSED, is_busy=is_busy), start=EDITING)
    [back] = now.returned
    assert (now.phase, now.queue, back.edits) == (Phase.IDLE, (), "m0")
    assert now.trouble
    assert not now.trouble.can_retry


def test_an_edit_under_the_id_of_the_old_message_gets_one_of_its_own():
    now = after(events.EditMessage("m9", m(9), "e1"))
    assert now.turn
    assert now.turn.message
    assert now.turn.message.message_id == "e1"


def test_the_newest_choice_of_a_version_counts():
    one, two = Version("a1", 1), Version("a1", 2)
    now = after(events.ShowVersion("a1", 1), events.ShowVersion("a1", 2), start=IDLE)
    now, made = step(now, events.Loaded(Agenda(), version=one))
    assert made == (Load(version=two),)
    now, made = step(now, events.Loaded(Agenda(), version=two))
    assert (now.showing, made) == (None, ())


def test_a_message_sent_while_a_version_is_read_starts_after_it():
    now = after(SEND, start=SHOWING)
    _, made = step(now, events.Loaded(Agenda(), version=Version("a1", 1)))
    assert [type(one) for one in made] == [Start]


def test_a_run_of_another_program_ends_the_wish_to_see_a_version():
    now = after(events.NotLoaded(Version("a1", 1), REFUSED), events.Changed("run-9"), start=SHOWING)
    assert now.showing is None
    now, _ = step(after(events.ShowVersion("a1", 1), start=IDLE), events.Loaded(GOES))
    assert (now.phase, now.showing) == (Phase.RUNNING, None)


def test_what_waits_stays_in_order_behind_an_edit():
    now = after(EDIT, start=PAUSED)
    assert [item.id for item in now.queue] == ["m2"]
    now = after(events.Accepted("m9", "run-9"), events.Ended("m9", Outcome.FINISHED), start=now)
    now = after(events.Saved("m9"), start=now)
    assert [(item.id, item.delivery) for item in now.queue] == [("m2", Delivery.PAUSED)]
