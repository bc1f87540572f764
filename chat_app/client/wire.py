"""A connection for each stream: the part of HTTP/1.1 that a stream of events needs, in large reads.

A server sends each token as a chunk of its own, and httpx passes every chunk through all its
layers, which was most of the cost of a token. Here one read returns all the available chunks.
"""

from __future__ import annotations

import asyncio
import socket
from functools import cached_property
from typing import TYPE_CHECKING

import h11
import httpx
from aiohappyeyeballs import start_connection

from chat_app.client.chunked import Chunked

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

_PIECE = 64 * 1024
"""Most bytes of one read, and of one write."""
_LARGEST_HEAD = 100 * 1024
"""Bytes. Behind a sign-in proxy a head may carry many large cookies."""
_NEXT_ADDRESS_AFTER = 0.25
"""Seconds after which a further address of a name is tried beside the last (RFC 8305)."""
_UNSENT_LIMIT = getattr(socket, "TCP_NOTSENT_LOWAT", None)
"""Without it the system buffers some MB, and a slow upload would look like a silent answer."""


def is_proxied(client: httpx.AsyncClient, url: httpx.URL) -> bool:
    """Whether `client` takes a proxy to this address, which `Wire` cannot do."""
    # httpx alone knows how it reads HTTP_PROXY, ALL_PROXY and NO_PROXY.
    return client._transport_for_url(url) is not client._transport  # noqa: SLF001


class Wire(httpx.AsyncBaseTransport):
    """An httpx transport without a pool: a request opens a connection, its response closes it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response as soon as its head is there.

        Of the request's timeouts, `connect` and `read` are used: `read` is the longest time in
        which no byte is received and none of the request is sent. While the request's extension
        `gate`, an `asyncio.Event`, is cleared, the body is not read; what arrives meanwhile is
        then returned in one piece.

        Raises:
            httpx.TransportError: no connection, or it broke, or timed out.
        """
        limits = request.extensions.get("timeout", {})
        try:
            async with asyncio.timeout(limits.get("connect")):
                reader, writer = await self._open(request.url)
        except TimeoutError as slow:
            raise httpx.ConnectTimeout("connect timeout") from slow
        except OSError as refused:
            raise httpx.ConnectError(str(refused)) from refused
        connection = _Connection(
            reader, writer, silence=limits.get("read"), gate=request.extensions.get("gate")
        )
        try:
            await connection.send(request)
            head = await connection.head()
        except BaseException:
            await connection.aclose()
            raise
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=connection)

    async def _open(self, url: httpx.URL) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        tls, port = (self._tls, 443) if url.scheme == "https" else (None, 80)
        host = url.raw_host.decode("ascii")
        addresses = await asyncio.get_running_loop().getaddrinfo(
            host, url.port or port, type=socket.SOCK_STREAM
        )
        connected = await start_connection(
            addresses, happy_eyeballs_delay=_NEXT_ADDRESS_AFTER, interleave=1
        )
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _UNSENT_LIMIT:
            connected.setsockopt(socket.IPPROTO_TCP, _UNSENT_LIMIT, _PIECE)
        name = host if tls else None
        return await asyncio.open_connection(
            sock=connected, ssl=tls, server_hostname=name, limit=_PIECE
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()


class _Connection(httpx.AsyncByteStream):
    """One request and its response; iterating yields the response's body."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        silence: float | None,
        gate: asyncio.Event | None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._gate = gate
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)
        self._sending: asyncio.Task[None] | None = None
        self._is_chunked = False
        self._watchdog = _Watchdog(writer.transport, silence)

    async def send(self, request: httpx.Request) -> None:
        request.headers["connection"] = "close"
        parts = (
            h11.Request(
                method=request.method,
                target=request.url.raw_path,
                headers=request.headers.raw,
            ),
            h11.Data(await request.aread()),
            h11.EndOfMessage(),
        )
        try:
            message = b"".join(self._http.send(part) or b"" for part in parts)
        except h11.LocalProtocolError as odd:
            raise httpx.LocalProtocolError(str(odd)) from odd
        self._writer.write(message[:_PIECE])
        if rest := message[_PIECE:]:
            # Concurrently with reading: a server may refuse a large body before it has all of it.
            self._sending = asyncio.create_task(self._send_rest(rest))

    async def _send_rest(self, rest: bytes) -> None:
        """Write the rest of a large request; as long as bytes are sent, the connection is alive."""
        try:
            for place in range(0, len(rest), _PIECE):
                await self._writer.drain()
                self._watchdog.reset()
                self._writer.write(rest[place : place + _PIECE])
            await self._writer.drain()
            self._watchdog.reset()
        except OSError:
            return  # the answer may have come before; if not, reading raises

    async def head(self) -> h11.Response:
        while not isinstance(part := await self._part(), h11.Response):
            if isinstance(part, h11.ConnectionClosed):
                raise httpx.RemoteProtocolError("closed before an answer")
        coding = dict(part.headers).get(b"transfer-encoding", b"")
        self._is_chunked = coding.lower() == b"chunked"
        return part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if not self._is_chunked:
            while isinstance(part := await self._part(), h11.Data):
                yield bytes(part.data)
            return
        chunked = Chunked()
        piece, _ = self._http.trailing_data
        while True:
            try:
                content = chunked.feed(piece)
            except ValueError as odd:
                raise httpx.RemoteProtocolError(str(odd)) from odd
            if content:
                yield content
            if chunked.is_over:
                return
            if self._gate:
                await self._gate.wait()
            if not (piece := await self._read()):
                raise httpx.RemoteProtocolError("closed within the answer")

    async def aclose(self) -> None:
        if self._sending:
            self._sending.cancel()
        self._watchdog.cancel()
        self._writer.transport.abort()

    async def _part(self) -> object:
        """The next part of the response as h11 sees it: not for chunks."""
        try:
            while (part := self._http.next_event()) is h11.NEED_DATA:
                self._http.receive_data(await self._read())
        except h11.RemoteProtocolError as odd:
            raise httpx.RemoteProtocolError(str(odd)) from odd
        return part

    async def _read(self) -> bytes:
        """The bytes received meanwhile, or the next ones; empty at the end of the connection."""
        self._watchdog.begin()
        try:
            piece = await self._reader.read(_PIECE)
        except OSError as broken:
            raise httpx.ReadError(str(broken)) from broken
        finally:
            self._watchdog.end()
        if self._watchdog.has_bitten:
            raise httpx.ReadTimeout("read timeout")
        return piece


class _Watchdog:
    """Cuts a connection that keeps its reader waiting for `silence` seconds.

    One timer for all reads: a timer per read would cost as much as the read.
    """

    def __init__(self, transport: asyncio.WriteTransport, silence: float | None) -> None:
        self.has_bitten = False
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._waiting_since: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        if silence is not None:
            self._look(silence)

    def begin(self) -> None:
        self._waiting_since = self._loop.time()

    def reset(self) -> None:
        """Count the silence from now on."""
        if self._waiting_since is not None:
            self._waiting_since = self._loop.time()

    def end(self) -> None:
        self._waiting_since = None

    def cancel(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _look(self, silence: float) -> None:
        now = self._loop.time()
        due = (now if self._waiting_since is None else self._waiting_since) + silence
        if due > now:
            self._timer = self._loop.call_at(due, self._look, silence)
        else:
            self.has_bitten = True
            self._transport.abort()
