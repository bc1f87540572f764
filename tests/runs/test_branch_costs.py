"""What versions cost: requests, bytes, and time of the process."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING, Any

from chat_app.runs.branch_index import BranchIndex
from chat_app.runs.pending_runs import read_agenda
from chat_app.transcript.branch_runs import link_of
from chat_app.transcript.message import Message, Role, Transcript
from tests.helpers.branching_chat import Chat, reloaded
from tests.helpers.scripted import Script, reply

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.sessions import Sessions

TURNS, FORKS = 500, 200
MOST_BYTES_OF_A_RUN = 400
MOST_SECONDS = 1.0
MOST_SECONDS_TO_LABEL = 0.1


def runs() -> list[dict[str, Any]]:
    """A thread of 1,000 messages, of which 200 have been edited or regenerated; newest first."""
    made = [run(number, chat_message=f"q{number}") for number in range(TURNS)]
    for number in range(FORKS):
        old, new = f"q{2 * number}", TURNS + number
        about = {"chat_edits": old, "chat_message": f"e{number}"}
        made.append(run(new, **(about if number % 2 else {"chat_regenerates": old})))
    return made[::-1]


def run(number: int, **about: str) -> dict[str, Any]:
    name = f"01a22c67-61a0-71d6-9840-{number:012}"
    metadata = {"created_by": "system", "graph_id": "agent", "chat_request": name, **about}
    return {"run_id": name, "status": "success", "metadata": metadata}


def conversation() -> Transcript:
    asked = [Message(f"q{number}", Role.HUMAN) for number in range(TURNS)]
    answered = [Message(f"a{number}", Role.ASSISTANT) for number in range(TURNS)]
    return Transcript(tuple(one for pair in zip(asked, answered, strict=True) for one in pair))


async def test_a_thousand_messages_with_two_hundred_forks_cost_two_small_requests():
    listed = runs()
    script = Script()
    script.on("GET", "/threads/t/runs", reply(json=listed[:500]), reply(json=listed[500:]))
    index, before = BranchIndex(), process_time()
    async with script.client() as client:
        await index.complete(client, "t")
        await index.complete(client, "t")
    end = listed[FORKS]["run_id"]
    forks = index.forks(end, conversation())
    assert sum(len(fork.versions) - 1 for fork in forks.values()) == FORKS
    assert process_time() - before < MOST_SECONDS
    assert len(script.requests) == 2
    assert len(str(listed)) < (TURNS + FORKS) * MOST_BYTES_OF_A_RUN


def test_naming_the_versions_again_is_quick():
    index, listed = BranchIndex(), runs()
    links = [link_of(one, request_key="chat_request") for one in listed]
    index.see(links, is_whole=True)
    shown, end = conversation(), listed[FORKS]["run_id"]
    index.forks(end, shown)
    before = process_time()
    for _ in range(10):
        index.forks(end, shown)
    assert process_time() - before < 10 * MOST_SECONDS_TO_LABEL


async def test_a_short_thread_without_forks_costs_no_request_for_its_versions(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("1")
    await chat.send("2")
    index, script = BranchIndex(), Script()
    agenda = await read_agenda(client, chat.session.thread_id)  # as opening a thread reads it
    index.see(agenda.links, is_whole=agenda.is_whole)
    async with script.client() as other:
        await index.complete(other, chat.session.thread_id)
    assert script.requests == []
    assert (await reloaded(chat, client)).versions == {}
