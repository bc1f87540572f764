"""What a list of runs says about a thread; lists are as the server gives them, newest first."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app.client.recover import MESSAGE_KEY
from chat_app.runs.pending_runs import Agenda, Queued, agenda_of, read_agenda
from chat_app.transcript.inputs import input_of
from chat_app.transcript.media import block_of
from chat_app.transcript.message import Media, Raw
from tests.helpers.scripted import Script, reply


def run(id: str, status: str, *messages: Any, **more: Any) -> Any:
    """A run of this app's, which says in its metadata which message it answers."""
    kwargs = {"input": {"messages": list(messages)} if messages else None}
    ids = [message["id"] for message in messages if "id" in message]
    made = {"run_id": id, "status": status, "assistant_id": "a"}
    return {**made, "metadata": {MESSAGE_KEY: ids[-1]} if ids else {}, "kwargs": kwargs, **more}


def asked(id: str, words: str) -> dict[str, str]:
    return {"type": "human", "id": id, "content": words}


def test_a_thread_at_rest_has_only_a_last_run():
    assert agenda_of([run("2", "success"), run("1", "error")]) == Agenda(
        last="2", over=frozenset({"1", "2"})
    )
    assert agenda_of([]) == Agenda()


def test_runs_wait_in_the_order_in_which_they_were_made():
    agenda = agenda_of(
        [
            run("4", "pending", asked("m4", "third")),
            run("3", "pending", asked("m3", "second")),
            run("2", "running", asked("m2", "first")),
            run("1", "interrupted"),
        ]
    )
    assert (agenda.current, agenda.last) == ("2", "1")
    assert agenda.asked
    assert agenda.asked.id == "m2"
    assert agenda.waiting == (
        Queued("m3", "second", "a", "3"),
        Queued("m4", "third", "a", "4"),
    )


def test_the_run_at_work_is_the_current_one_even_where_an_older_one_waits():
    agenda = agenda_of([run("2", "running"), run("1", "pending")])
    assert agenda.current == "2"
    assert [message.run_id for message in agenda.waiting] == ["1"]


def test_of_two_runs_at_work_neither_waits():
    assert agenda_of([run("2", "running"), run("1", "running")]).waiting == ()


def test_a_message_without_an_id_of_its_own_is_not_shown_before_the_server_shows_it():
    assert agenda_of([run("1", "pending", {"type": "human", "content": "hello"})]).asked is None


def test_a_message_without_an_id_of_its_own_waits_with_its_words_and_by_the_id_of_its_run():
    nameless = {"role": "user", "content": "hello"}
    waiting = agenda_of([run("2", "pending", nameless), run("1", "running")]).waiting
    assert waiting == (Queued("2", "hello", "a", "2", is_foreign=True),)


def test_what_a_waiting_message_carries_waits_with_it():
    picture = Media("image", "image/png", "a.png", data="iVBORw0KGgo=")
    odd = {"type": "file", "file_id": "f1"}
    content = [{"type": "text", "text": "look"}, block_of(picture), odd]
    message = {"type": "human", "id": "m2", "content": content}
    (waiting,) = agenda_of([run("2", "pending", message), run("1", "running")]).waiting
    assert waiting == Queued("m2", "look", "a", "2", (picture, Raw(odd)))
    assert input_of(waiting.message) == {"messages": [message]}
    assert Queued("m3", "", carried=(picture,)).gist == "a.png"


def test_what_waits_and_is_no_message_goes_by_the_id_of_its_run():
    waiting = agenda_of([run("2", "pending"), run("1", "running")]).waiting
    assert waiting == (Queued("2", "", "a", "2", is_foreign=True),)


@pytest.mark.parametrize(
    "kwargs", [None, {}, {"input": "text"}, {"input": {"messages": "text"}}, {"input": [1, 2]}]
)
def test_an_input_of_any_shape_is_no_obstacle(kwargs: Any):
    odd = {"run_id": "1", "status": "running", "assistant_id": "a", "kwargs": kwargs}
    assert agenda_of([odd]).current == "1"  # type: ignore[list-item]


async def test_inputs_are_read_of_those_runs_only_that_are_not_over():
    whole = [run("3", "pending", asked("m3", "next")), run("2", "running"), run("1", "success")]
    script = Script()
    heads = [{key: each[key] for key in ("run_id", "status", "assistant_id")} for each in whole]
    script.on("GET", "/threads/t/runs", reply(json=heads), reply(json=whole[:2]))
    async with script.client() as client:
        agenda = await read_agenda(client, "t")
    assert agenda.waiting == (Queued("m3", "next", "a", "3"),)
    first, second = (dict(each.url.params.multi_items()) for each in script.requests)
    assert (first["limit"], second) == ("10", {"limit": "2", "offset": "0"})


async def test_a_run_that_came_between_the_two_lists_is_no_message_without_words():
    waits, runs = run("2", "pending", asked("m2", "next")), run("1", "running")
    came = run("3", "pending", asked("m3", "last"))
    script = Script()
    before = [{key: each[key] for key in ("run_id", "status")} for each in (waits, runs)]
    after = [{"run_id": "3", "status": "pending"}, *before]
    answers = (before, [came, waits], after, [came, waits, runs])
    script.on("GET", "/threads/t/runs", *(reply(json=answer) for answer in answers))
    async with script.client() as client:
        agenda = await read_agenda(client, "t")
    assert agenda.current == "1"
    assert agenda.waiting == (Queued("m2", "next", "a", "2"), Queued("m3", "last", "a", "3"))


async def test_a_queue_longer_than_a_page_is_read_to_its_end():
    first = [run(f"{n}", "pending") for n in range(24, 14, -1)]
    then = [run(f"{n}", "pending") for n in range(14, 4, -1)]
    rest = [run("4", "running"), run("3", "success")]
    script = Script()
    script.on("GET", "/threads/t/runs", *(reply(json=page) for page in (first, then, rest)))
    async with script.client() as client:
        agenda = await read_agenda(client, "t")
    assert (agenda.current, len(agenda.waiting), agenda.last) == ("4", 20, "3")
