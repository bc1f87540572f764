"""Single steps of a scripted process, for tests that tell one sequence of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.runs.machine import effect_types as effects
from chat_app.runs.machine import events
from chat_app.runs.machine.conversation import Delivery, Phase
from tests.helpers.scripted_server import queued

if TYPE_CHECKING:
    from tests.helpers.scripted_process import Process, Request
    from tests.helpers.scripted_server import ThreadServer


def send(process: Process, message_id: str, **more: Any) -> None:
    process.do(events.Send(queued(message_id), **more))


def on_its_way(process: Process, kind: type) -> Request:
    """The request of this kind; there must be exactly one."""
    [request] = [one for one in process.requests if isinstance(one.effect, kind)]
    return request


def answer(process: Process, kind: type) -> None:
    process.answer(on_its_way(process, kind))


def running(process: Process, message_id: str = "m1") -> None:
    send(process, message_id)
    answer(process, effects.Start)
    assert process.now.phase is Phase.RUNNING


def delivered(process: Process) -> dict[str, Delivery]:
    return {item.id: item.delivery for item in process.now.queue}


def answered(server: ThreadServer) -> list[str]:
    return [run.message_id for run in server.runs if run.status == "success"]
