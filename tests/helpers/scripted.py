"""A server that answers by script, for what a real one will not do on demand.

``script.on("GET", "/ok", reply(json={"ok": True}))``: answers are given in order and the last one
repeats; a request nothing was scripted for fails the test.
"""

from __future__ import annotations

import asyncio
import json as json_module
from typing import TYPE_CHECKING, Any

import httpx

from chat_app.client import LangGraphClient, RetryPolicy, get_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

AT_ONCE = RetryPolicy(tries=5, pauses=(0,), jitter=0)


class Script:
    """What the server answers, and what it was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._answers: dict[tuple[str, str], list[Any]] = {}

    def on(self, method: str, path: str, *answers: Any) -> None:
        self._answers[method, path] = list(answers)

    def client(self, **options: Any) -> LangGraphClient:
        options = {"url": "http://agent.test", "retry": AT_ONCE, **options}
        return get_client(transport=httpx.MockTransport(self._answer), **options)

    def asked(self, method: str, path: str) -> list[httpx.Request]:
        return [r for r in self.requests if (r.method, r.url.path) == (method, path)]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answers = self._answers[request.method, request.url.path]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return httpx.Response(200)
        return answer()


class Body(httpx.AsyncByteStream):
    """Chunks, then the end, an error or (where it `hangs`) nothing at all.

    It `lasts` at least so many seconds.
    """

    def __init__(
        self,
        chunks: Iterable[bytes],
        *,
        breaks: Exception | None = None,
        hangs: bool = False,
        lasts: float = 0,
    ) -> None:
        self.chunks = list(chunks)
        self.breaks = breaks
        self.hangs = hangs
        self.lasts = lasts
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        await asyncio.sleep(self.lasts)
        if self.breaks:
            raise self.breaks
        if self.hangs:
            await asyncio.Event().wait()

    async def aclose(self) -> None:
        self.closed = True


def reply(
    status: int = 200, *, json: Any = None, text: str | None = None, **headers: str
) -> Callable[[], httpx.Response]:
    """An answer with a body of JSON, or of text; `headers` with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if text is not None:
        return lambda: httpx.Response(status, text=text, headers=named)
    return lambda: httpx.Response(status, json=json, headers=named)


def sse(
    *parts: bytes | str, breaks: Exception | None = None, lasts: float = 0, **headers: str
) -> Callable[[], httpx.Response]:
    """A stream of events that closes after these parts, or breaks."""
    chunks = [part.encode() if isinstance(part, str) else part for part in parts]
    return opened(Body(chunks, breaks=breaks, lasts=lasts), **headers)


def opened(body: Body, **headers: str) -> Callable[[], httpx.Response]:
    """A stream with a body of its own."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named = {"content-type": "text/event-stream; charset=utf-8"} | named
    return lambda: httpx.Response(200, headers=named, stream=body)


def event(name: str, data: Any, id: str | None = None) -> str:
    """One event as the server of today writes it."""
    lines = [f"event: {name}", f"data: {json_module.dumps(data)}"]
    return "\r\n".join(lines + ([f"id: {id}"] if id else [])) + "\r\n\r\n"
