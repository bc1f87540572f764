"""Bodies of requests that are forms, and short."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request


async def text_of(request: Request, *, longest: int) -> str | None:
    """The body as text; None as soon as it has more than `longest` bytes."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > longest:
            return None
    return body.decode("utf-8", "replace")
