"""Races of "Send now" and of moved messages, each as one sequence of events."""

from __future__ import annotations

import pytest

from chat_app.runs.machine import effect_types as effects
from chat_app.runs.machine import events
from chat_app.runs.machine.conversation import Delivery, Phase
from tests.helpers.machine_steps import answer, answered, delivered, running, send
from tests.helpers.scripted_process import Process, settle
from tests.helpers.scripted_server import ThreadServer


@pytest.fixture
def server() -> ThreadServer:
    return ThreadServer()


@pytest.fixture
def process(server: ThreadServer) -> Process:
    return Process(server)


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_stop_during_send_now_holds_all_messages(
    process: Process, server: ThreadServer, is_confirmed: bool
):
    running(process)
    for message_id in ("m2", "m3"):
        send(process, message_id)
        answer(process, effects.Enqueue)
    process.do(events.SendNow("m3"))
    if is_confirmed:
        answer(process, effects.Cancel)
    process.do(events.Stop())
    settle(process)
    assert process.now.phase is Phase.IDLE
    assert delivered(process) == {"m3": Delivery.PAUSED, "m2": Delivery.PAUSED}
    assert not server.going


def test_a_stop_while_messages_are_moved_holds_them(process: Process, server: ThreadServer):
    running(process)
    for message_id in ("m2", "m3"):
        send(process, message_id)
        answer(process, effects.Enqueue)
    process.do(events.MoveUp("m3"))
    process.do(events.Stop())
    settle(process)
    assert process.now.phase is Phase.IDLE
    assert delivered(process) == {"m3": Delivery.PAUSED, "m2": Delivery.PAUSED}
    assert not server.going


def test_a_message_is_moved_while_it_is_on_its_way_into_the_queue(
    process: Process, server: ThreadServer
):
    running(process)
    send(process, "m2")
    answer(process, effects.Enqueue)
    send(process, "m3")
    process.do(events.MoveUp("m3"))
    assert [*delivered(process)] == ["m2", "m3"]
    answer(process, effects.Enqueue)
    assert [*delivered(process)] == ["m3", "m2"]
    settle(process)
    settle(process, runs_end=True)
    assert answered(server) == ["m1", "m3", "m2"]


def test_a_message_is_moved_before_one_that_is_on_its_way_and_twice(
    process: Process, server: ThreadServer
):
    running(process)
    for message_id in ("m2", "m3", "m4"):
        send(process, message_id)
    for _ in range(2):
        process.do(events.MoveUp("m4"))
    assert [*delivered(process)] == ["m2", "m4", "m3"]
    settle(process)
    assert [*delivered(process)] == ["m4", "m2", "m3"]
    settle(process, runs_end=True)
    assert answered(server) == ["m1", "m4", "m2", "m3"]


def test_send_now_without_a_stop_answers_all_in_the_new_order(
    process: Process, server: ThreadServer
):
    running(process)
    for message_id in ("m2", "m3"):
        send(process, message_id)
        answer(process, effects.Enqueue)
    process.do(events.SendNow("m3"))
    for _ in range(3):
        settle(process)
        server.end("success")
    settle(process)
    assert answered(server) == ["m3", "m2"]
    assert process.now.phase is Phase.IDLE


def test_a_message_that_is_sent_now_on_its_way_into_the_queue_interrupts_once_it_is_there(
    process: Process, server: ThreadServer
):
    running(process)
    send(process, "m2")
    process.do(events.SendNow("m2"))
    assert process.now.phase is Phase.RUNNING
    answer(process, effects.Enqueue)
    assert process.now.phase is Phase.STOPPING
    settle(process)
    server.end("success")
    settle(process)
    assert answered(server) == ["m2"]
