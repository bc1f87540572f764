"""What went wrong on the wire, in words for people: those of h11, ssl and the system are not."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSED_FIRST = "The connection was closed before an answer came."
_CLOSED_WITHIN = "The connection was closed within the answer."
_HEAD_TOO_LARGE = "The head of the answer is too large."
_NOT_HTTP = "What came is not an HTTP/1.1 answer."

_BY_JARGON = {
    "closed before": _CLOSED_FIRST,
    "ConnectionClosed": _CLOSED_FIRST,
    "unexpectedly closed": _CLOSED_FIRST,
    "disconnected without": _CLOSED_FIRST,
    "closed within": _CLOSED_WITHIN,
    "peer closed": _CLOSED_WITHIN,
    "incomplete": _CLOSED_WITHIN,
    "too long": _HEAD_TOO_LARGE,
}
"""A part of what Wire, httpcore or h11 says of a broken answer, and what it means."""

_BY_TYPE: dict[type[httpx.RequestError], str] = {
    httpx.ConnectTimeout: "No connection was made in time.",
    httpx.PoolTimeout: "No connection was made in time.",
    httpx.ReadTimeout: "Nothing came for too long.",
    httpx.WriteTimeout: "The request was not taken in time.",
    httpx.DecodingError: "The compressed answer cannot be read.",
}


def explain(broken: httpx.RequestError) -> str:
    """One sentence, or the error's own words where there are none better."""
    said = str(broken)
    if isinstance(broken, httpx.ConnectError):
        return _of_connecting(broken)
    if isinstance(broken, httpx.RemoteProtocolError):
        return next((means for part, means in _BY_JARGON.items() if part in said), _NOT_HTTP)
    if isinstance(broken, httpx.NetworkError) and (not said or "Errno" in said):
        return "The connection broke off."
    return _BY_TYPE.get(type(broken)) or said or type(broken).__name__


def _of_connecting(broken: httpx.ConnectError) -> str:
    where = _address_of(broken)
    for cause in _causes(broken):
        if isinstance(cause, socket.gaierror):
            return f"The name {where or 'of the server'} is not known."
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"The certificate was not accepted: {cause.verify_message}."
        if isinstance(cause, ssl.SSLError):
            return "No secure connection could be made. Is the address https?"
        if isinstance(cause, ConnectionRefusedError):
            return f"Nothing listens at {where}." if where else "Nothing listens there."
    return str(broken) or "No connection could be made."


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


def _address_of(broken: httpx.RequestError) -> str:
    try:
        return broken.request.url.netloc.decode("ascii")
    except RuntimeError:  # raised by a transport alone, outside of a client
        return ""
