"""Why a request got no answer: one `Cause` for the errors of httpx, h11, ssl and the system."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx

from chat_app.client.errors import Cause, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BY_JARGON = {
    "closed before": Cause.CLOSED_BEFORE,
    "ConnectionClosed": Cause.CLOSED_BEFORE,
    "unexpectedly closed": Cause.CLOSED_BEFORE,
    "disconnected without": Cause.CLOSED_BEFORE,
    "closed within": Cause.CLOSED_WITHIN,
    "peer closed": Cause.CLOSED_WITHIN,
    "incomplete": Cause.CLOSED_WITHIN,
    "too long": Cause.HEAD_TOO_LARGE,
}
"""A part of what Wire, httpcore or h11 says of a broken answer, and what it means."""

_BY_TYPE: dict[type[httpx.RequestError], Cause] = {
    httpx.ConnectTimeout: Cause.CONNECT_TIMEOUT,
    httpx.PoolTimeout: Cause.CONNECT_TIMEOUT,
    httpx.ReadTimeout: Cause.READ_TIMEOUT,
    httpx.WriteTimeout: Cause.WRITE_TIMEOUT,
    httpx.DecodingError: Cause.BAD_COMPRESSION,
}


def unreachable(broken: httpx.RequestError) -> UnreachableError:
    """The error with its cause, or with the library's own words where no cause fits."""
    said = str(broken)
    if isinstance(broken, httpx.ConnectError):
        return _of_connecting(broken)
    cause = _BY_TYPE.get(type(broken))
    if isinstance(broken, httpx.RemoteProtocolError):
        cause = next((cause for part, cause in _BY_JARGON.items() if part in said), Cause.NOT_HTTP)
    elif isinstance(broken, httpx.NetworkError) and (not said or "Errno" in said):
        cause = Cause.RESET
    if cause:
        return UnreachableError(cause=cause)
    return UnreachableError(said or type(broken).__name__)


def _of_connecting(broken: httpx.ConnectError) -> UnreachableError:
    host = _host_of(broken)
    for cause in _causes(broken):
        if isinstance(cause, socket.gaierror):
            return UnreachableError(cause=Cause.UNKNOWN_HOST, host=host)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UnreachableError(cause.verify_message, cause=Cause.CERTIFICATE)
        if isinstance(cause, ssl.SSLError):
            return UnreachableError(cause=Cause.TLS)
        if isinstance(cause, ConnectionRefusedError):
            return UnreachableError(cause=Cause.REFUSED, host=host)
    return UnreachableError(str(broken))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The errors that led to this one, those of tries side by side included."""
    left: list[BaseException | None] = [error]
    seen: set[int] = set()
    while left:
        found = left.pop()
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        left += [found.__context__, found.__cause__]
        if isinstance(found, BaseExceptionGroup):
            left += found.exceptions


def _host_of(broken: httpx.RequestError) -> str:
    try:
        return broken.request.url.netloc.decode("ascii")
    except RuntimeError:  # raised by a transport alone, outside of a client
        return ""
