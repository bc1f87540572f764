"""Messages that wait: what the server will not have is kept here, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.runs import queue
from chat_app.runs.pending_runs import Queued
from tests.helpers.scripted import Script, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.transcript.message import Message

A, B, C = (Queued(name, name, "agent") for name in "abc")


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    yield
    queue.hold("t", [])
    queue.let_next_go("t")


def test_nothing_is_held_without_a_thread():
    with pytest.raises(ValueError, match=r"^$"):
        queue.hold_last("", A)
    assert queue.held("") == ()


def test_one_held_message_goes_at_a_time():
    queue.hold("t", [A, B])
    assert queue.take_held("t") == A
    assert queue.take_held("t") is None
    queue.hold_first("t", A)
    queue.let_next_go("t")
    assert queue.take_held("t") == A
    queue.let_next_go("t")
    assert (queue.take_held("t"), queue.take_held("t")) == (B, None)


async def test_what_the_server_refuses_is_held_and_the_others_are_queued():
    script = Script()
    script.on("GET", "/threads/t/runs", *(reply(json=[]) for _ in range(3)))
    created = reply(json={"run_id": "1"})
    refused = reply(422, json={"detail": "odd"})
    script.on("POST", "/threads/t/runs", created, refused, created)
    aside = [A, B, C]
    async with script.client() as client:
        await queue.restore(client, "t", aside)
    assert (aside, queue.held("t")) == ([], (B,))


async def test_a_message_that_cannot_be_written_down_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch,
):
    input_of = queue.input_of

    def odd(message: Message, key: str) -> object:
        if message == B.message:
            raise ValueError(message)
        return input_of(message, key)

    monkeypatch.setattr(queue, "input_of", odd)
    script = Script()
    script.on("GET", "/threads/t/runs", *(reply(json=[]) for _ in range(3)))
    script.on("POST", "/threads/t/runs", *(reply(json={"run_id": "1"}) for _ in range(2)))
    aside = [A, B, C]
    async with script.client() as client:
        await queue.restore(client, "t", aside)
    assert (aside, queue.held("t")) == ([], (B,))
