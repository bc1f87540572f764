"""What a real server sent, byte for byte, in `tests/captures`.

``NAME.sse`` is the body of a stream, ``NAME.meta.json`` its request, status and headers. Names,
addresses and dates are scrubbed: every at-sign became " at ".
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from chat_app.client.sse import MEDIA_TYPE, read_events

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from chat_app.client.events import Event

FOLDER = Path(__file__).parent.parent / "captures"


def names() -> list[str]:
    """The names of all captured streams."""
    return sorted(path.stem for path in FOLDER.glob("*.sse"))


@cache
def body(name: str) -> bytes:
    return (FOLDER / f"{name}.sse").read_bytes()


def meta(name: str) -> dict[str, Any]:
    return document(f"{name}.meta")


def document(name: str) -> dict[str, Any]:
    """A captured JSON answer, such as ``hitl_state``."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def documents(name: str) -> list[dict[str, Any]]:
    """A captured JSON answer that is a list."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def requested(name: str) -> list[str]:
    """The stream modes a capture was asked for; empty where none was named."""
    mode = (meta(name)["request"]["body"] or {}).get("stream_mode") or []
    return [mode] if isinstance(mode, str) else mode


def events(name: str) -> list[Event]:
    """A capture through the client's own reader."""
    return parse([body(name)], requested=requested(name))


def parse(chunks: Iterable[bytes], *, requested: Sequence[str] = ()) -> list[Event]:
    """The events of a body that arrives in these chunks."""

    async def read() -> list[Event]:
        response = httpx.Response(200, headers={"content-type": MEDIA_TYPE}, stream=_Chunks(chunks))
        return [event async for event in read_events(response, requested=requested)]

    # Nothing in it ever waits, so it needs no loop and may be called from within one.
    try:
        read().send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("reading bytes in memory had to wait")


class _Chunks(httpx.AsyncByteStream):
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk
