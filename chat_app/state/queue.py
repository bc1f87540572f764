"""What waits on the open thread, and what a person does with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app.runs.machine.conversation import Delivery, Strategy, Then
from chat_app.runs.machine.events import Edit, MoveUp, Remove, SendAll, SendNow
from chat_app.state.draft import give_back, is_message
from chat_app.state.route import turned
from chat_app.state.run import send
from chat_app.state.tab_session import tab_session

if TYPE_CHECKING:
    from chat_app.runs.machine.conversation import Item
    from chat_app.runs.machine.events import Event

QUEUE, INTERRUPT, ROLLBACK = STRATEGIES = tuple(str(strategy) for strategy in Strategy)


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its turn. `id` names it to the handlers of the queue."""

    id: str
    text: str
    files: int = 0
    """How many it carries."""
    is_foreign: bool = False
    """Another program has queued it: it can only be removed."""
    is_paused: bool = False
    """A Stop has paused it: it waits for the person, not for the run."""


class QueueState(rx.State):
    """The open thread's queue, next one first."""

    waiting: rx.Field[list[Waiting]] = rx.field(default_factory=list)
    paused: rx.Field[int] = rx.field(0)
    """How many of them are paused."""
    strategy: str = rx.LocalStorage(QUEUE, name="chat_while_running")
    """What sending does while a run goes."""

    @rx.event
    def choose(self, strategy: str):
        """What sending does from now on, while a run goes."""
        if strategy in STRATEGIES:
            self.strategy = strategy

    @rx.event(background=True)
    async def submit(
        self,
        message: str,
        attached: list[str] | None = None,
        given: dict[str, Any] | None = None,
        is_behind: bool = False,  # noqa: FBT001, FBT002 - an event's argument
    ):
        """Send what the person wrote, attached or filled in, also while a run goes.

        `is_behind`: it was held with others in the browser, and waits for those before it.
        """
        if not is_message(message, attached, given):
            return
        await turned(self)
        async with self:
            may_choose = self.strategy in STRATEGIES and is_behind is not True
            chosen = self.strategy if may_choose else QUEUE
        async for event in send(self, message, attached, given, Strategy(chosen)):
            yield event

    @rx.event(background=True)
    async def remove(self, id: str):
        """Take a message out of the queue."""
        await self._post(id, Remove(id))

    @rx.event(background=True)
    async def edit(self, id: str):
        """Take a message out of the queue and back into the composer."""
        await self._post(id, Edit(id))

    @rx.event(background=True)
    async def send_now(self, id: str):
        """Send a paused message; or one that waits, and end the answer being written."""
        async with self:
            token = self.router.session.client_token
        await self._post(id, SendNow(id, token))

    @rx.event
    def send_all(self):
        """Send all paused messages."""
        if session := tab_session(self).session:
            session.post(SendAll())

    @rx.event(background=True)
    async def move_up(self, id: str):
        """Let a message go before the one that is before it."""
        await self._post(id, MoveUp(id))

    async def _post(self, id: object, event: Event) -> None:
        """Post what concerns one message of the open thread, and see it through."""
        async with self:
            session = tab_session(self).session
        if session is None or not isinstance(id, str):
            return
        session.post(event)
        await session.settled(id)
        if returned := session.take_returned(id):
            async with self:
                await give_back(self, returned, session.thread_id)


def waiting(queue: tuple[Item, ...]) -> list[Waiting]:
    """The queue as the page has it."""
    return [
        Waiting(
            item.id,
            item.message.gist,
            len(item.message.carried),
            item.message.is_foreign,
            item.delivery is Delivery.PAUSED,
        )
        for item in queue
        if item.then not in (Then.DROP, Then.EDIT)
    ]
