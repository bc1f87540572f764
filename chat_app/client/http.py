"""Requests and answers: JSON in, JSON out, every failure a `LangGraphError` without a secret."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from chat_app.client.causes import unreachable
from chat_app.client.decoding import from_json
from chat_app.client.dialect import Dialect
from chat_app.client.errors import (
    AccessError,
    Cause,
    LangGraphError,
    NotFoundError,
    NotLangGraphError,
    PersonRefusedError,
    UnreachableError,
    detail_of,
    refusal,
)
from chat_app.client.sse import MEDIA_TYPE
from chat_app.masking import without_known
from chat_app.observability import tracing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

Headers = Mapping[str, str] | None
"""More headers for one request; they take the place of the client's own of the same name."""

_ERROR_BODY = 64 * 1024
_OF_A_SEARCH = ("select", "extract", "sort_by", "sort_order")
"""Fields that change the shape of the rows, not which rows."""
_SECRETS = "secrets"
"""The extension of a request that holds the values of its own headers."""
_SHORTEST_SECRET = 6
"""Shorter header values are words like ``true``, which any message may contain."""


class Http:
    """One server. Paths are given as segments, so that an id cannot change the path.

    `streams` sends the requests that `client` makes for streams; it may be the same.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        streams: httpx.AsyncClient,
        secrets: Iterable[str] = (),
        auth: httpx.Auth | None = None,
    ) -> None:
        self._client = client
        self._streams = streams
        self._auth = auth
        self._sending: set[asyncio.Task[httpx.Response]] = set()
        self._secrets = set(secrets)
        self.dialect = Dialect()

    def acting(self, auth: httpx.Auth) -> Http:
        """The same connections, for requests that `auth` signs."""
        acting = Http(self._client, streams=self._streams, secrets=self._secrets, auth=auth)
        acting.dialect, acting._sending = self.dialect, self._sending
        return acting

    @property
    def is_closed(self) -> bool:
        return self._client.is_closed

    async def aclose(self) -> None:
        if sending := set(self._sending):
            for task in sending:
                task.cancel()
            await asyncio.wait(sending)
        await self._streams.aclose()
        await self._client.aclose()

    async def get(
        self, *path: str, params: Mapping[str, Any] | None = None, headers: Headers = None
    ) -> Any:
        return await self._json("GET", path, params=params, headers=headers, again=True)

    async def ask(self, *path: str, body: Mapping[str, Any], headers: Headers = None) -> Any:
        """POST a request that only reads: a search, a count."""
        return await self._json("POST", path, body=body, headers=headers, again=True)

    async def search(self, *path: str, body: Mapping[str, Any], headers: Headers = None) -> Any:
        """`ask` for a list; what a server cannot select or sort by is left out (see `Dialect`)."""

        async def send(fields: Mapping[str, Any]) -> Any:
            return await self.ask(*path, body=fields, headers=headers)

        route = f"{path[0]}/{path[-1]}"
        return await self.dialect.ask(route, send, dict(body), optional=_OF_A_SEARCH)

    async def post(
        self,
        *path: str,
        body: Mapping[str, Any],
        params: Mapping[str, Any] | None = None,
        headers: Headers = None,
    ) -> Any:
        return await self._json("POST", path, body=body, params=params, headers=headers)

    async def put(self, *path: str, body: Mapping[str, Any], headers: Headers = None) -> Any:
        return await self._json("PUT", path, body=body, headers=headers)

    async def patch(self, *path: str, body: Mapping[str, Any], headers: Headers = None) -> Any:
        return await self._json("PATCH", path, body=body, headers=headers)

    async def delete(
        self,
        *path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Headers = None,
    ) -> Any:
        return await self._json("DELETE", path, body=body, params=params, headers=headers)

    @asynccontextmanager
    async def stream(  # noqa: PLR0913 - of one request
        self,
        method: str,
        *path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Headers = None,
        silence: float,
        gate: asyncio.Event | None = None,
    ) -> AsyncGenerator[httpx.Response, None]:
        """Open a stream of events. `silence`: the timeout in seconds without a byte.

        While `gate` is cleared the stream may be left unread.

        Raises:
            LangGraphError: before the block is entered, with the body's own words; also where
                reading within the block breaks off.
        """
        request = self._request(method, path, body=body, params=params, headers=headers)
        request.headers.update({"accept": MEDIA_TYPE, "cache-control": "no-store"})
        timeout = self._client.timeout.as_dict() | {"read": silence}
        request.extensions = {**request.extensions, "timeout": timeout, "gate": gate}
        try:
            response = await _send(self._streams, request, auth=self._auth, stream=True)
            try:
                if not response.is_success:
                    said = self._hidden(await _beginning(response), request)
                    raise self._refusal(response, said)
                if MEDIA_TYPE not in response.headers.get("content-type", "").lower():
                    raise self._foreign(response, await _beginning(response))
                yield response
            finally:
                await response.aclose()
        except httpx.RequestError as broken:
            raise self._unreachable(broken, request) from broken

    async def _json(  # noqa: PLR0913 - of one request
        self,
        method: str,
        path: tuple[str, ...],
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Headers = None,
        again: bool = False,
    ) -> Any:
        request = self._request(method, path, body=body, params=params, headers=headers)
        try:
            try:
                response = await self._whole(request)
            except (httpx.ReadError, httpx.RemoteProtocolError):
                # The dev server drops the kept-alive connection after a 500; a new one works.
                if not again:
                    raise
                response = await self._whole(request)
        except httpx.RequestError as broken:
            raise self._unreachable(broken, request) from broken
        if not response.is_success:
            raise self._refusal(response, self._hidden(response.text, request))
        if not response.content:
            return None
        try:
            return from_json(without_known(response.content))
        except (ValueError, RecursionError):
            raise self._foreign(response, response.text) from None

    async def _whole(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read its answer, also when the caller is cancelled.

        If a task is cancelled at certain steps, httpx's pool leaks the connection: its cleanup is
        not shielded from `asyncio.Task.cancel`.
        """
        name = f"{request.method} {request.url.path}"
        sending = asyncio.create_task(_send(self._client, request, auth=self._auth), name=name)
        self._sending.add(sending)
        sending.add_done_callback(self._sent)
        return await asyncio.shield(sending)

    def _sent(self, sending: asyncio.Task[httpx.Response]) -> None:
        self._sending.discard(sending)
        if not sending.cancelled():
            sending.exception()  # retrieved, or asyncio logs it where the caller was cancelled

    def _request(
        self,
        method: str,
        path: tuple[str, ...],
        *,
        body: Mapping[str, Any] | None,
        params: Mapping[str, Any] | None,
        headers: Headers,
    ) -> httpx.Request:
        if not all(segment.strip(".") for segment in path):
            raise NotFoundError("empty id")
        if self.is_closed:
            raise UnreachableError(cause=Cause.CLIENT_CLOSED)
        # An unpaired surrogate, cut by a browser, is no UTF-8: it is sent as a question mark.
        content = None if body is None else json.dumps(body, ensure_ascii=False)
        kind = {} if content is None else {"content-type": "application/json"}
        own = sendable(headers or {})
        return self._client.build_request(
            method,
            "/".join(quote(segment, safe="") for segment in path),
            params=params,
            content=None if content is None else content.encode("utf-8", "replace"),
            headers=kind | own,
            extensions={_SECRETS: own.values()},
        )

    def _refusal(self, response: httpx.Response, said: str) -> LangGraphError:
        error = refusal(response.status_code, response.headers, said)
        if self._auth and isinstance(error, AccessError):
            return PersonRefusedError(error.detail, status=error.status)
        return error

    def _foreign(self, response: httpx.Response, body: str) -> NotLangGraphError:
        said = self._hidden(body, response.request)
        return NotLangGraphError(detail_of(said), status=response.status_code)

    def _unreachable(self, broken: httpx.RequestError, request: httpx.Request) -> UnreachableError:
        found = unreachable(broken)
        detail, host = self._hidden(found.detail, request), self._hidden(found.host, request)
        return UnreachableError(detail, cause=found.cause, host=host)

    def _hidden(self, text: str, request: httpx.Request) -> str:
        """The text without the values of headers; the longer first, for one may hold another."""
        signed = request.headers.get("authorization", "").rpartition(" ")[2]
        secrets = self._secrets.union(request.extensions.get(_SECRETS, ()), [signed])
        for secret in sorted(secrets, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, "[hidden]")
        return text


async def _send(
    client: httpx.AsyncClient,
    request: httpx.Request,
    *,
    auth: httpx.Auth | None,
    stream: bool = False,
) -> httpx.Response:
    """Send, and handle a connection that is reset right after it was opened.

    With uvloop such a socket is closed before anyio reads its address, which is no error of httpx.
    """
    try:
        with tracing.request(request.method, request.url.path, request.headers):
            return await client.send(request, stream=stream, auth=auth)
    except AttributeError as gone:
        if gone.name != "getpeername":
            raise
        raise httpx.ConnectError("connection reset", request=request) from gone
    except httpx.InvalidURL as odd:
        # Of a redirect, which httpx reads also where it is not followed.
        raise httpx.RemoteProtocolError("odd address", request=request) from odd


async def _beginning(response: httpx.Response) -> str:
    """The beginning of a body, for an error: a body that is no answer may be endless."""
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _ERROR_BODY:
            break
    return body.decode("utf-8", "replace")


def sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers without white space around their values.

    Raises:
        ValueError: a value cannot be sent as it is; httpx and h11 would quote it in their error.
    """
    stripped = {name: value.strip() for name, value in headers.items()}
    for name, value in stripped.items():
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"the value of the header {name} holds characters that cannot be sent")
    return stripped


def given(**fields: Any) -> dict[str, Any]:
    """The fields that are not None: what was not given is left to the server."""
    return {name: value for name, value in fields.items() if value is not None}
