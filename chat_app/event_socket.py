"""Who may connect the socket of a page, and what a handler knows of it.

Reflex takes the tab's token from the socket's URL, where proxies and logs see it, and gives the
tab's state to any client that presents it. Here it comes inside the socket, and names a tab of the
person whose cookie the handshake had (see `chat_app.auth.tabs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from reflex.app import EventNamespace
from reflex_base.constants import RouteVar
from socketio.exceptions import ConnectionRefusedError as RefusedError

from chat_app.auth.identify import authenticator
from chat_app.auth.tabs import SignedOutError, tabs, token_for
from chat_app.draining import drain
from chat_app.middleware.authentication import login_of
from chat_app.observability import metrics
from chat_app.outages import outages
from chat_app.runs import tasks
from chat_app.shared_store.redis import shared_store
from chat_app.state import tab_session

if TYPE_CHECKING:
    import asyncio

    import reflex as rx

    from chat_app.shared_store.redis import SharedStore

_ON_PURPOSE = ("client disconnect", "server disconnect")
"""Reasons of Socket.IO: the page has closed its socket, or this app has, as where a login ends."""
_KNOWN_HEADERS = frozenset({"host", "origin", "user-agent", "accept-language"})
"""What handlers and the page may know of a handshake: no cookie, and no key of a proxy."""


class PersonalNamespace(EventNamespace):
    """Reflex's own, for people."""

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Bind the tab to the person.

        Raises:
            RefusedError: there is no login, or no token.
        """
        login = login_of(environ.get("asgi.scope", {}))
        token = token_for(login, auth.get("token")) if login and isinstance(auth, dict) else None
        if login is None or token is None:
            raise RefusedError
        if await self._token_manager.is_token_connected(token):  # of a tab that was duplicated
            claimed = str(uuid4())
            token = token_for(login, claimed) or ""
            await self.emit("new_token", claimed, to=sid)
        # It may have ended since the handshake. Nothing is awaited between this and the binding.
        if not authenticator().is_valid(login.id):
            raise RefusedError
        tabs().bind(token, login, sid, lambda: self._close(sid))
        try:
            await super().on_connect(sid, {**environ, "QUERY_STRING": f"token={token}"}, auth)
            drain().enter(sid, _Page(self, sid))
            if shared_store():
                await self.tell_of_outage(is_down=outages().is_down, to=sid)
        except BaseException:
            tabs().unbind(token, sid)  # a socket that is refused is not disconnected
            raise
        if tab_session.find(token):
            metrics.RECONNECTS.labels("page").inc()

    async def on_event(self, sid: str, data: Any) -> None:
        """Take an event of a tab whose login is valid; one that is over ends here."""
        token = self.sid_to_token.get(sid, "")
        try:
            login = tabs().login_of(token)
        except SignedOutError:
            return
        if mine := tab_session.find(token):
            mine.touch()
        if authenticator().is_valid(login.id):
            await super().on_event(sid, data)
        else:
            tabs().revoke(login.id)

    def on_disconnect(self, sid: str, reason: str = "") -> asyncio.Task[None] | None:
        """Forget the socket. A page that is closed or loaded anew says so before it goes."""
        token = self.sid_to_token.get(sid)
        drain().leave(sid)
        if token:
            tabs().unbind(token, sid)
            if (left := tab_session.find(token)) and reason in _ON_PURPOSE:
                left.is_closed = True
        return super().on_disconnect(sid)

    def _build_static_router_data(self, sid: str, environ: dict[str, Any]) -> dict[str, Any]:
        data = super()._build_static_router_data(sid, environ)
        headers = data[RouteVar.HEADERS]
        kept = {name: value for name, value in headers.items() if name in _KNOWN_HEADERS}
        return {**data, RouteVar.HEADERS: kept}

    def _close(self, sid: str) -> None:
        tasks.spawn(self._end(sid), name="close a socket")

    async def drop(self, sid: str) -> None:
        """Drop the connection of a page without a word, as a lost network does."""
        server = self.server
        if server and (socket := server.eio.sockets.get(self._connection_of(sid))):
            await socket.close(wait=False, abort=True)

    async def tell_of_outage(self, *, is_down: bool, to: str | None = None) -> None:
        """Tell one page, or all, whether what the processes share is away."""
        await self.emit("outage", is_down, to=to)

    def _connection_of(self, sid: str) -> Any:
        return self.server and self.server.manager.eio_sid_from_sid(sid, self.namespace)

    async def _end(self, sid: str) -> None:
        """Close the connection as well as the namespace, which a client could connect again."""
        server, connection = self.server, self._connection_of(sid)
        socket = server and server.eio.sockets.get(connection)
        await self.disconnect(sid)
        if server and socket:
            await server.eio.disconnect(connection)
            # Engine.IO has asked the client to close the websocket, and would wait for it.
            await socket.queue.put(None)


class _Page:
    """The connection of one page, as `chat_app.draining` knows it."""

    def __init__(self, namespace: PersonalNamespace, sid: str) -> None:
        self._namespace = namespace
        self._sid = sid

    async def ask_to_move(self, seconds: float) -> None:
        """Ask the page to reconnect within so many seconds: see `chat_app.built_page.socket`."""
        await self._namespace.emit("drain", seconds, to=self._sid)

    async def drop(self) -> None:
        """Drop the connection, so that the page makes another one."""
        await self._namespace.drop(self._sid)


async def tell_of_outages(app: rx.App, store: SharedStore) -> None:
    """Tell all pages of this process when the store is away, and when it is back, for ever."""

    async def tell(is_down: bool) -> None:  # noqa: FBT001 - a callback
        if isinstance(app.event_namespace, PersonalNamespace):
            await app.event_namespace.tell_of_outage(is_down=is_down)

    await outages().keep_telling(store, tell)


def for_people(app: rx.App) -> None:
    """Give an app this namespace, before any client is connected."""
    if app.sio and app.event_namespace:
        app._event_namespace = PersonalNamespace(app.event_namespace.namespace, app)  # noqa: SLF001
        app.sio.register_namespace(app.event_namespace)
