"""Limits on the bodies of requests: which may have one, how large, how slow, and how many at once.

Uploads of attachments are the only large ones. The quota of the address, of the person and of all
together is charged with the whole body before any of it is read; an upload over the quota waits
unread, and the sender's own network holds it back. A form has a few kilobytes, everything else has
no body.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.middleware.quota import Quota, QuotaExceededError
from chat_app.middleware.refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chat_app.middleware.clients import Clients

CLIENT_KEYS = "chat_app.client_keys"
"""The key of the scope under which a route that takes a body finds whom it counts for."""

_log = logging.getLogger(__name__)

_MB = 1_000_000
_SECONDS = "Retry-After"


@dataclass(frozen=True)
class BodyLimits:
    """Sizes in bytes, times in seconds."""

    uploads: Collection[str]
    """The paths that files are posted to."""
    file: int
    form: int = 64_000
    quota: Mapping[str, int] = field(
        default_factory=lambda: {"person": 32 * _MB, "address": 48 * _MB, "all": 192 * _MB}
    )
    waiting: Mapping[str, int] = field(
        default_factory=lambda: {"person": 20, "address": 40, "all": 200}
    )
    wait: float = 60.0
    """How long an upload waits for its quota."""
    pause: float = 20.0
    """How long nothing of a body may arrive."""
    slowest: float = 32_000
    """Bytes per second that a body has at least, after one pause."""


def limit_bodies(app: ASGIApp, limits: BodyLimits, clients: Clients) -> ASGIApp:
    """`app`, with limits on the bodies of its requests."""
    quota = Quota(limits.quota, waiting=limits.waiting)

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        size = _size(scope)
        if size == 0:
            await app(scope, receive, send)
            return
        is_upload = scope["method"] == "POST" and scope["path"] in limits.uploads
        if refused := _refused(scope, size, limits, is_upload=is_upload):
            await refusal(*refused)(scope, receive, send)
            return
        size = limits.file if size is None else min(size, limits.file)
        keys = clients.keys(scope)
        in_quota = quota.acquire(keys, size, within=limits.wait) if is_upload else nullcontext()
        try:
            async with in_quota:
                with_keys = {**scope, CLIENT_KEYS: keys}
                await _in_time(app, size, limits)(with_keys, receive, send)
        except QuotaExceededError as full:
            _log.info("Refused an upload: quota exceeded")
            status, said = (429, text.UPLOADS_TOO_MANY) if full.is_own else (503, text.UPLOADS_FULL)
            await _problem(status, said)(scope, receive, send)

    return limited


def _size(scope: Scope) -> int | None:
    """The bytes of the body by its headers: None where they do not say, -1 where they are wrong."""
    sizes = {value for name, value in scope["headers"] if name == b"content-length"}
    if any(name == b"transfer-encoding" for name, _ in scope["headers"]):
        return -1 if sizes else None
    if len(sizes) > 1 or not all(size.isdigit() and len(size) < 19 for size in sizes):
        return -1
    return int(sizes.pop()) if sizes else 0


def _refused(
    scope: Scope, size: int | None, limits: BodyLimits, *, is_upload: bool
) -> tuple[int, str] | None:
    """Status and sentence for a body that nothing here takes."""
    if size == -1:
        return 400, text.REFUSED_HEADERS
    if is_upload:  # what is too large has a sentence of its own, in the composer
        return None
    if scope["method"] != "POST":
        return 413, text.REFUSED_BODY
    if size is None:
        return 411, text.REFUSED_BODY
    return (413, text.REFUSED_BODY) if size > limits.form else None


def _problem(status: int, sentence: str) -> ASGIApp:
    """A refusal that the composer shows."""
    body = json.dumps({"problem": sentence})
    return refusal(status, body, {"Content-Type": "application/json", _SECONDS: "10"})


def _in_time(app: ASGIApp, size: int, limits: BodyLimits) -> ASGIApp:
    """`app`, cancelled when its request's body is too slow."""

    async def timed(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        is_begun = False
        deadline = loop.time() + limits.pause + size / limits.slowest

        async def received() -> Message:
            clock.reschedule(min(deadline, loop.time() + limits.pause))
            message = await receive()
            is_over = message["type"] != "http.request" or not message.get("more_body")
            clock.reschedule(None if is_over else min(deadline, loop.time() + limits.pause))
            return message

        async def sent(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            clock.reschedule(None)
            await send(message)

        clock = asyncio.timeout(limits.pause)
        try:
            async with clock:
                await app(scope, received, sent)
        except TimeoutError:
            if not clock.expired():
                raise
            _log.info("Ended a request: its body is too slow")
            if not is_begun:
                await _problem(408, text.UPLOAD_TOO_SLOW)(scope, receive, send)

    return timed
