"""The state of a thread changed by hand, and runs from any checkpoint, on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app.client import LangGraphClient, LangGraphError
from chat_app.runs.checkpoints import id_of, parent_of
from chat_app.runs.inspector.time_travel import (
    ChangedMeanwhileError,
    NoSuchCheckpointError,
    NothingToRunError,
    NotTakenError,
    run_from,
    save_state,
    show_checkpoint,
)
from chat_app.timeline.state_update import CannotRemoveError
from chat_app.transcript.message import Role
from tests.helpers.branching_chat import Chat, assistant_of, reloaded
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client.schema import ThreadState
    from chat_app.runs.sessions import Sessions


class Traveller(Chat):
    """A thread as one tab has it, and its history at the server."""

    def __init__(self, sessions: Sessions, client: LangGraphClient, graph: str) -> None:
        super().__init__(sessions, graph)
        self.client = client

    async def history(self) -> list[ThreadState]:
        return await self.client.threads.get_history(self.session.thread_id, limit=50)

    async def head(self) -> str:
        return id_of((await self.history())[0])

    async def at(self, *nodes: str, number: int = 0) -> str:
        """The checkpoint at which these nodes are next; the oldest one has the number 0."""
        found = [one for one in (await self.history())[::-1] if tuple(one["next"]) == nodes]
        return id_of(found[number])

    async def save(self, after: Any, checkpoint_id: str = "", **more: Any) -> Any:
        head = await self.head()
        more = {"seen": head, **more}
        saved = await save_state(
            self.session.work, after, checkpoint_id=checkpoint_id or head, **more
        )
        await self.read()
        return saved

    async def read(self) -> None:
        await until(lambda: not self.session.snapshot.conversation.is_loading)

    async def go_on(self, checkpoint_id: str, **more: Any) -> None:
        """Start a run there, and wait for its end."""
        run_id = await run_from(self.session.work, checkpoint_id, **more)

        def is_followed() -> bool:
            turn = self.session.snapshot.conversation.turn
            return turn is not None and turn.run_id == run_id

        await until(is_followed)
        await self.rest()
        await self.read()


def message(role: str, content: str, id: str = "") -> dict[str, Any]:
    return {"type": role, "content": content, "id": id or str(uuid4())}


async def values_of(chat: Traveller, checkpoint_id: str = "") -> dict[str, Any]:
    state = await chat.client.threads.get_state(
        chat.session.thread_id, checkpoint_id=checkpoint_id or None
    )
    values = state["values"]
    assert isinstance(values, dict)
    return values


@pytest.fixture
def chat(sessions: Sessions, client: LangGraphClient) -> Traveller:
    return Traveller(sessions, client, "agent")


async def test_the_chat_shows_what_the_changed_state_says(chat: Traveller) -> None:
    await chat.send("Weather?")
    before = await chat.head()
    listed = (await values_of(chat))["messages"]
    changed = [*listed[:-1], {**listed[-1], "content": "It rains."}, message("ai", "Sorry.")]
    saved = await chat.save({"messages": changed})
    assert saved.others == ()
    assert chat.shown[-2:] == ["It rains.", "Sorry."]
    assert parent_of((await chat.history())[0]) == before, "nothing is overwritten"
    await chat.save({"messages": [changed[0]]})
    assert chat.shown == ["Weather?"], "messages are removed as well"
    await chat.send("And now?")
    assert chat.shown[:2] == ["Weather?", "And now?"], "it goes on from there"
    await reloaded(chat, chat.client)


async def test_going_on_from_the_middle_of_a_run_makes_a_version_of_its_answer(
    chat: Traveller,
) -> None:
    await chat.send("Weather?")
    old = chat.ids
    await chat.go_on(await chat.at("tools"))
    assert chat.trouble is None
    assert (chat.ids[:2], len(chat.ids)) == (old[:2], len(old))
    assert chat.ids[-1] != old[-1]
    assert chat.versions == {1: (2, 2)}
    await reloaded(chat, chat.client)
    await chat.show(1, 1)
    assert chat.ids == old
    await chat.send("And now?")
    assert chat.ids[: len(old)] == old


async def test_going_on_from_a_changed_state_makes_a_version_too(chat: Traveller) -> None:
    await chat.send("Weather?")
    old, tools = chat.shown, await chat.at("model", number=1)
    values = await values_of(chat, tools)
    told = {**values["messages"][-1], "content": "Snow."}
    saved = await chat.save({"messages": [*values["messages"][:-1], told]}, tools)
    assert chat.shown != old
    assert len(chat.ids) == 2, "the answer is not written yet"
    await chat.go_on(saved.checkpoint_id)
    assert chat.versions == {1: (2, 2)}
    assert (await values_of(chat))["messages"][2]["content"] == "Snow."
    await chat.show(1, 1)
    assert chat.shown == old
    await reloaded(chat, chat.client)


async def test_an_input_at_an_older_checkpoint_is_a_version_of_what_was_asked_there(
    chat: Traveller,
) -> None:
    await chat.send("One")
    await chat.send("Two")
    old = chat.ids
    end = id_of([one for one in await chat.history() if not one["next"]][-1])
    await chat.go_on(end, given={"messages": [message("human", "Three", "three")]})
    assert chat.trouble is None
    assert chat.shown[3] == "Three"
    assert chat.versions == {3: (2, 2)}
    await reloaded(chat, chat.client)
    await chat.show(3, 1)
    assert chat.ids == old


async def test_an_older_checkpoint_is_shown_and_what_is_sent_goes_on_from_it(
    chat: Traveller,
) -> None:
    await chat.send("One")
    first = chat.ids
    await chat.send("Two")
    end = id_of([one for one in await chat.history() if not one["next"]][-1])
    await show_checkpoint(chat.session.work, end)
    await until(lambda: chat.ids == first)
    await reloaded(chat, chat.client)
    await chat.send("Three")
    assert chat.shown[3] == "Three"
    assert chat.versions == {3: (2, 2)}


async def test_a_run_stops_before_a_node_and_goes_on_step_by_step(chat: Traveller) -> None:
    await chat.send("One")
    start = await chat.at("model")
    await chat.go_on(start, interrupt_before=["tools"])
    [paused] = chat.session.snapshot.view.transcript.interrupts
    assert paused.id == "", "a breakpoint asks nothing"
    nexts = []
    for _ in range(2):
        await chat.go_on(await chat.head(), interrupt_after="*")
        nexts.append((await chat.history())[0]["next"])
    assert nexts == [["model"], []]
    assert chat.session.snapshot.view.transcript.interrupts == ()
    assert chat.versions == {1: (2, 2)}, "all steps are one answer"
    assert chat.shown[-1] == "It is sunny."
    await reloaded(chat, chat.client)


async def test_what_another_program_saved_meanwhile_is_not_hidden(chat: Traveller) -> None:
    await chat.send("One")
    head, values = await chat.head(), await values_of(chat)
    other = {"messages": [message("ai", "From elsewhere.")]}
    await chat.client.threads.update_state(chat.session.thread_id, other)
    newest = await chat.head()
    mine = {"messages": [*values["messages"], message("ai", "Mine.")]}
    with pytest.raises(ChangedMeanwhileError) as refused:
        await chat.save(mine, head, seen=head)
    assert refused.value.head == newest
    assert await chat.head() == newest, "nothing was saved"
    await chat.save(mine, head, seen=head, is_forced=True)
    assert chat.shown[-1] == "Mine."
    ids = [id_of(one) for one in await chat.history()]
    assert newest in ids, "nor is anything lost"


async def test_a_state_that_the_graph_refuses_is_not_saved(chat: Traveller) -> None:
    await chat.send("One")
    head, shown = await chat.head(), chat.shown
    values = await values_of(chat)
    with pytest.raises(NotTakenError):
        await chat.save({"messages": 7})
    with pytest.raises(NotTakenError):
        await chat.save({**values, "messages": []}, as_node="no such node")
    with pytest.raises(CannotRemoveError):
        await chat.save({})
    assert (await chat.save(values)).checkpoint_id == ""
    assert await chat.head() == head
    assert chat.shown == shown


async def test_what_the_server_does_not_have_is_no_place_to_begin(chat: Traveller) -> None:
    await chat.send("One")
    with pytest.raises(NothingToRunError):
        await run_from(chat.session.work, await chat.head())
    for begin in (run_from, show_checkpoint):
        with pytest.raises(LangGraphError) as refused:
            await begin(chat.session.work, str(uuid4()))
        assert isinstance(refused.value, NoSuchCheckpointError)
    assert chat.session.snapshot.conversation.phase.is_at_rest


async def test_another_graph_may_answer_from_an_older_checkpoint(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Traveller(sessions, client, "slow")
    await chat.send("1")
    begin = id_of([one for one in await chat.history() if one["next"]][-1])
    given = {"messages": [message("human", "2")]}
    await chat.go_on(begin, assistant_id=assistant_of("slow"), given=given)
    asked = [
        one for one in chat.session.snapshot.view.transcript.messages if one.role is Role.HUMAN
    ]
    assert len(asked) == 1
    assert chat.versions == {0: (2, 2)}
