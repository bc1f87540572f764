"""Races between people, processes and the server, each as one sequence of events."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app.client.events import Outcome
from chat_app.runs.machine import effect_types as effects
from chat_app.runs.machine import events
from chat_app.runs.machine.conversation import Delivery, Notice, Phase, Strategy
from tests.helpers.machine_steps import answer, answered, delivered, on_its_way, running, send
from tests.helpers.scripted_process import Process, settle
from tests.helpers.scripted_server import ThreadServer, queued


@pytest.fixture
def server() -> ThreadServer:
    return ThreadServer()


@pytest.fixture
def process(server: ThreadServer) -> Process:
    return Process(server)


def test_a_message_sent_in_one_tab_while_a_stop_from_another_goes_on_is_answered_after_it(
    process: Process, server: ThreadServer
):
    running(process)
    process.do(events.Stop())
    send(process, "m2", tab="other tab")
    assert delivered(process) == {"m2": Delivery.LOCAL}
    settle(process)
    assert process.now.phase is Phase.RUNNING
    server.end("success")
    settle(process)
    assert answered(server) == ["m2"]


def test_a_message_on_its_way_into_the_queue_when_a_stop_comes_is_paused(
    process: Process, server: ThreadServer
):
    running(process)
    send(process, "m2", tab="other tab")
    enqueue = on_its_way(process, effects.Enqueue)
    process.do(events.Stop())
    answer(process, effects.Cancel)
    process.answer(enqueue)
    settle(process)
    assert delivered(process) == {"m2": Delivery.PAUSED}
    assert not server.going
    assert server.remembered == process.now.paused != ()


def test_a_message_that_was_to_roll_a_run_back_leaves_the_next_one_where_that_is_over(
    process: Process, server: ThreadServer
):
    running(process)
    send(process, "m2")
    server.end("success")
    process.end_stream(process.streams[0])
    assert process.now.phase is Phase.SAVING
    send(process, "m3", strategy=Strategy.ROLLBACK)
    settle(process)
    settle(process, runs_end=True)
    assert answered(server) == ["m1", "m2", "m3"]


def test_an_interruption_does_not_end_what_another_tab_has_just_begun(
    process: Process, server: ThreadServer
):
    running(process)
    server.end("success")
    server_run = server.create("m2")  # what another tab had queued
    process.do(events.Send(queued("m3"), strategy=Strategy.INTERRUPT))
    settle(process)
    server.end("success")
    settle(process)
    assert server_run.status == "success"
    server.end("success")
    settle(process)
    assert answered(server) == ["m1", "m2", "m3"]


def test_an_interruption_sends_what_waited_behind_it_again(process: Process, server: ThreadServer):
    running(process)
    send(process, "m2", tab="other tab")
    answer(process, effects.Enqueue)
    server.end("success")  # the one of the other tab begins before the cancel comes
    process.do(events.Send(queued("m3"), strategy=Strategy.INTERRUPT))
    settle(process)
    settle(process, runs_end=True)
    assert sorted(answered(server)) == ["m1", "m2", "m3"]
    assert process.now.phase is Phase.IDLE


def test_the_first_message_of_a_new_chat_is_sent_though_its_tab_is_away(
    process: Process, server: ThreadServer
):
    send(process, "m1", tab="tab 1")
    start = on_its_way(process, effects.Start)  # waits for the agent
    process.do(events.Opened())  # another tab looks
    process.answer(start)
    assert process.now.phase is Phase.RUNNING
    server.end("success")
    settle(process)
    assert answered(server) == ["m1"]


def test_the_first_message_that_was_refused_is_kept_until_its_tab_is_back(process: Process):
    send(process, "m1", tab="tab 1")
    process.refuse(on_its_way(process, effects.Start))
    for event in (events.Opened(), events.Changed(), events.Opened()):
        process.do(event)
        settle(process)
    assert [(back.id, back.tab) for back in process.now.returned] == [("m1", "tab 1")]
    process.do(events.Acknowledge("m1"))
    assert process.now.returned == ()


@pytest.mark.parametrize("is_found", [True, False])
def test_a_question_stopped_before_its_run_was_known_does_not_go_on(
    process: Process, server: ThreadServer, is_found: bool
):
    send(process, "m1")
    start = on_its_way(process, effects.Start)
    process.perform(start)
    process.do(events.Stop())
    process.lose(start, is_found=is_found)
    settle(process)
    if not is_found:
        assert [back.id for back in process.now.returned] == ["m1"]
        process.do(events.Changed())  # the line is there again
        settle(process)
    assert process.now.phase is Phase.IDLE
    assert not server.going


def test_a_question_stopped_before_it_was_sent_goes_back_to_the_draft(
    process: Process, server: ThreadServer
):
    send(process, "m1")
    process.do(events.Stop())
    settle(process)
    assert [back.id for back in process.now.returned] == ["m1"]
    assert (process.now.phase, process.now.trouble, server.runs) == (Phase.IDLE, None, [])


def test_a_second_stop_while_the_first_is_under_way_asks_nothing_more(process: Process):
    running(process)
    process.do(events.Stop())
    assert process.do(events.Stop()) == ()
    settle(process)
    assert process.now.phase is Phase.IDLE


def test_a_stop_that_was_not_confirmed_can_be_tried_again(process: Process, server: ThreadServer):
    running(process)
    process.do(events.Stop())
    [silent] = process.requests
    process.do(process.timers.pop())
    assert process.now.trouble
    assert process.now.trouble.notice is Notice.STOP_UNCONFIRMED
    [again, _] = process.do(events.Stop())
    assert again == silent.effect
    process.lose(silent)
    answer(process, effects.Cancel)
    settle(process)
    assert (process.now.phase, process.now.trouble) == (Phase.IDLE, None)
    assert not server.going


class TestTwoProcesses:
    """Each with a tab on the same thread."""

    @pytest.fixture
    def other(self, server: ThreadServer) -> Process:
        return Process(server)

    def test_the_second_one_follows_the_run_of_the_first(
        self, process: Process, other: Process, server: ThreadServer
    ):
        running(process)
        other.do(events.Opened())
        settle(other)
        assert other.now.phase is Phase.RUNNING
        server.end("success")
        settle(process)
        settle(other)
        assert process.now.phase is other.now.phase is Phase.IDLE

    def test_their_messages_are_answered_in_the_order_of_the_server(
        self, process: Process, other: Process, server: ThreadServer
    ):
        running(process)
        other.do(events.Opened())
        settle(other)
        send(other, "m2")
        settle(other)
        send(process, "m3")
        settle(process)
        for _ in range(3):
            server.end("success")
            settle(process)
            settle(other)
        assert answered(server) == ["m1", "m2", "m3"]

    def test_a_stop_in_one_pauses_the_messages_of_both(
        self, process: Process, other: Process, server: ThreadServer
    ):
        running(process)
        other.do(events.Opened())
        settle(other)
        send(other, "m2")
        settle(other)
        process.do(events.Changed())
        settle(process)
        process.do(events.Stop())
        settle(process)
        other.do(events.Changed())
        settle(other)
        assert delivered(process) == delivered(other) == {"m2": Delivery.PAUSED}
        assert not server.going

    def test_a_stop_leaves_alone_what_the_other_has_sent_since(
        self, process: Process, other: Process, server: ThreadServer
    ):
        running(process)
        other.do(events.Opened())
        settle(other)
        process.do(events.Stop())
        send(other, "m2")
        settle(other)
        settle(process)
        assert [run.message_id for run in server.going] == ["m2"]
        settle(other)
        server.end("success")
        settle(other)
        assert answered(server) == ["m2"]

    def test_what_one_sends_again_is_not_paused_in_the_other_any_more(
        self, process: Process, other: Process, server: ThreadServer
    ):
        running(process)
        send(process, "m2")
        answer(process, effects.Enqueue)
        other.do(events.Opened())
        settle(other)
        process.do(events.Stop())
        settle(process)
        other.do(events.Changed())
        settle(other)
        assert delivered(other) == {"m2": Delivery.PAUSED}
        process.do(events.SendAll())
        settle(process)
        server.end("success")
        settle(process)
        other.do(events.Changed())
        settle(other)
        assert delivered(other) == delivered(process) == {}

    def test_two_stops_at_once_stop_once(
        self, process: Process, other: Process, server: ThreadServer
    ):
        running(process)
        other.do(events.Opened())
        settle(other)
        process.do(events.Stop())
        other.do(events.Stop())
        settle(other)
        settle(process)
        assert process.now.phase is other.now.phase is Phase.IDLE
        assert process.now.trouble is other.now.trouble is None


def test_a_message_that_begins_before_the_end_of_the_run_before_it_was_read_is_followed(
    process: Process, server: ThreadServer
):
    running(process)
    send(process, "m2")
    answer(process, effects.Enqueue)
    server.end("success")
    process.do(events.Changed())
    answer(process, effects.ReadRuns)
    settle(process)
    assert process.now.phase is Phase.RUNNING
    assert process.now.turn
    assert process.now.turn.message
    assert process.now.turn.message.message_id == "m2"


def test_a_message_answered_before_the_stop_came_is_not_paused(
    process: Process, server: ThreadServer
):
    running(process)
    send(process, "m2")
    answer(process, effects.Enqueue)
    process.do(events.Stop())
    server.end("success")
    server.end("success")
    settle(process)
    assert answered(server) == ["m1", "m2"]
    assert delivered(process) == {}
    assert process.now.turn
    assert process.now.turn.outcome is Outcome.FINISHED


def test_a_message_whose_enqueue_seemed_lost_is_not_sent_twice(
    process: Process, server: ThreadServer
):
    running(process)
    send(process, "m2")
    enqueue = on_its_way(process, effects.Enqueue)
    process.perform(enqueue)
    process.lose(enqueue, is_found=False)
    settle(process, runs_end=True)
    assert answered(server) == ["m1", "m2"]


@pytest.mark.parametrize("event", [events.Remove("m2"), events.Edit("m2", "tab")])
def test_a_message_taken_out_while_a_stop_goes_on_is_not_paused(
    process: Process, server: ThreadServer, event: Any
):
    running(process)
    send(process, "m2")
    answer(process, effects.Enqueue)
    process.do(events.Stop())
    process.do(event)
    settle(process)
    assert delivered(process) == {}
    assert [back.id for back in process.now.returned] == ["m2"] * isinstance(event, events.Edit)
    assert server.remembered == ()
