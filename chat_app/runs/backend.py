"""What the layer that runs things has to know of the app: the server, and a few settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chat_app.runs import own_queue
from chat_app.runs.schemas import read_shape
from chat_app.transcript.shapes import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from chat_app.client import LangGraphClient
    from chat_app.runs.inspected import Inspection
    from chat_app.runs.metering import Meter
    from chat_app.runs.permission import Permission
    from chat_app.transcript.shapes import Shape

    Connect = Callable[[], Awaitable[LangGraphClient]]


@dataclass(frozen=True)
class Backend:
    """One agent server, and how this app uses it."""

    connect: Connect
    """The client, as soon as its server can be asked; raises a `LangGraphError` if it never can."""
    default_assistant: Callable[[LangGraphClient], Awaitable[str]]
    """The id of the assistant for messages that name none."""
    hide: Sequence[str] = ()
    """Nodes whose models' words are not shown."""
    messages_key: str = ""
    """Where graphs keep messages, if their schema does not tell."""
    is_app_queue: bool = False
    """Messages wait in this process, whatever the server could do."""
    title_assistant: str = ""
    """The assistant that makes titles, by its id, graph or name; empty: none does."""
    permission: Permission | None = None
    """To use the thread of one session, for which this is; `connect` is that of the permission."""

    meter: Meter | None = None
    """Counts the runs of the person of one session, where these are limited."""
    tell_others: Callable[[str], None] = lambda _: None
    """Has the other processes of the app read the queue of a thread, which this one has changed."""
    inspect: Callable[[str, Connect], Inspection] | None = None
    """Makes what a session tells the inspector of its thread; None: no thread can be inspected."""

    is_open_elsewhere: Callable[[str], Awaitable[bool]] | None = None
    """Whether another process of the app has a thread open; None where there is no other."""

    def within(self, permission: Permission, meter: Meter | None = None) -> Backend:
        """This backend for a session that may do no more than these allow."""
        return replace(self, connect=permission.connect, permission=permission, meter=meter)

    async def shape(self, client: LangGraphClient, assistant_id: str) -> Shape:
        """What an assistant takes and where it keeps messages; asked of the server now and then."""
        if not assistant_id:
            return UNKNOWN
        return await read_shape(client, assistant_id, key=self.messages_key)

    def has_queue(self, client: LangGraphClient) -> bool:
        """Whether messages wait at the server, as pending runs."""
        return not self.is_app_queue and not own_queue.has_no_queue(client)
