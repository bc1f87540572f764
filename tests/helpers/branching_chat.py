"""A thread as one tab has it, to edit, regenerate and switch versions in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from chat_app.runs.answered import Answered
from chat_app.runs.ids import uuid7
from chat_app.runs.machine.events import Answer, EditMessage, Regenerate, Send, ShowVersion
from chat_app.runs.pending_runs import Queued
from chat_app.runs.sessions import Sessions
from chat_app.transcript.branches import OF_ANSWER
from chat_app.transcript.deciding import Answer as AnswerValue
from chat_app.transcript.message import Decision, Given, Output, Role, Text
from tests.helpers.waiting import PATIENCE, until
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.session import ThreadSession


_GRAPHS = UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8")
"""The namespace of the ids that a server gives to the assistants of its graphs."""


def assistant_of(graph: str) -> str:
    """The id of a graph's own assistant: only by that a server tells its schemas."""
    return str(uuid5(_GRAPHS, graph))


class Chat:
    """One thread as one tab has it; `graph` answers, unless another one is named."""

    def __init__(self, sessions: Sessions, graph: str, thread_id: str = "") -> None:
        self.graph = graph
        self.assistant = assistant_of(graph)
        self.session: ThreadSession = sessions.get(thread_id or str(uuid4()))
        self.session.subscribe(lambda: None)
        if thread_id:
            self.session.open()
        else:
            self.session.create_with("A title", {"chat_title": "A title"})

    @property
    def shown(self) -> list[str]:
        """The messages in words."""
        messages = self.session.snapshot.view.transcript.messages
        return [
            "".join(part.text for part in message.parts if isinstance(part, Text))
            for message in messages
        ]

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.session.snapshot.view.transcript.messages]

    @property
    def versions(self) -> dict[int, tuple[int, int]]:
        """By the place of their message; of an answer without one beside a question, below 0."""
        versions = self.session.snapshot.view.versions
        places = {name: place for place, name in enumerate(self.ids)}
        places |= {f"{name}{OF_ANSWER}": at - len(places) for name, at in places.items()}
        return {places[at]: (known.number, known.count) for at, known in versions.items()}

    def asked(self, place: int) -> str:
        messages = self.session.snapshot.view.transcript.messages
        return [one.id for one in messages if one.role is Role.HUMAN][place]

    async def rest(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.session.at_rest()

    async def opened(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.session.loaded()
            await self.rest()

    async def send(self, words: str) -> None:
        self.session.post(Send(Queued(str(uuid4()), words, self.assistant), "tab"))
        await self.rest()

    async def give(self, value: Any) -> None:
        """Send a value that is the whole input."""
        given = Queued(str(uuid4()), "", self.assistant, given=Given(value))
        self.session.post(Send(given, "tab"))
        await self.rest()

    async def give_anew(self, place: int, value: Any) -> None:
        """Edit it."""
        version = Queued(str(uuid4()), "", self.assistant, given=Given(value))
        self.session.post(EditMessage(self.asked(place), version, str(uuid4()), "tab"))
        await self.rest()

    async def fill(self, question: str) -> None:
        """Send what a form is filled with."""
        await self.give({"question": question})

    async def fill_anew(self, place: int, question: str) -> None:
        """Edit it."""
        await self.give_anew(place, {"question": question})

    @property
    def values(self) -> list[Any]:
        """The values of forms and outputs."""
        messages = self.session.snapshot.view.transcript.messages
        parts = [part for message in messages for part in message.parts]
        return [part.value for part in parts if isinstance(part, Given | Output)]

    async def edit(self, place: int, words: str) -> None:
        version = Queued(str(uuid4()), words, self.assistant)
        self.session.post(EditMessage(self.asked(place), version, str(uuid4()), "tab"))
        await self.rest()

    async def regenerate(self, place: int, graph: str = "") -> None:
        other = assistant_of(graph) if graph else ""
        self.session.post(Regenerate(self.ids[place], str(uuid4()), "tab", other))
        await self.rest()

    async def show(self, place: int, number: int) -> None:
        before = self.session.snapshot.view
        at = self.ids[place] + (OF_ANSWER if place < 0 else "")
        self.session.post(ShowVersion(at, number))
        await until(lambda: self.session.snapshot.conversation.showing is None)
        await until(lambda: not self.session.snapshot.conversation.is_loading)
        assert self.session.snapshot.view is not before

    @property
    def trouble(self) -> object:
        return self.session.snapshot.conversation.trouble


async def reloaded(chat: Chat, client: LangGraphClient) -> Chat:
    """The same thread in another process."""
    again = Chat(Sessions(backend_of(client)), chat.graph, chat.session.thread_id)
    await again.opened()
    wanted = chat.session.snapshot.view.versions
    await until(lambda: again.session.snapshot.view.versions == wanted)
    assert again.shown == chat.shown
    assert again.ids == chat.ids
    await again.session.aclose()
    return again


async def answer(chat: Chat, said: str) -> None:
    """Answer the first thing that the graph asks."""
    asked, *left = chat.session.snapshot.view.transcript.interrupts
    decision = Decision(str(uuid7()), (said,), ("Shall I?",))
    value = Answered(asked, AnswerValue(said, (said,)), decision, tuple(left))
    chat.session.post(Answer(str(uuid4()), value, "tab"))
    await chat.rest()


def decisions(chat: Chat) -> list[str]:
    messages = chat.session.snapshot.view.transcript.messages
    asides = [aside for message in messages for aside in message.asides]
    return [word for aside in asides if isinstance(aside, Decision) for word in aside.said]
