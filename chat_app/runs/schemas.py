"""A cache of the input schemas of assistants."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from chat_app.client import LangGraphError
from chat_app.runs.times import SHAPE_FRESH_FOR, SHAPE_WITHIN
from chat_app.transcript.shapes import UNKNOWN, Shape, shape_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient

_log = logging.getLogger("chat_app.runs")

_MOST = 500


class _Read(NamedTuple):
    shape: Shape
    at: float


_read: dict[tuple[str, str], _Read] = {}
"""By whose rights it was read with, and the assistant: a server may hide one from some people."""


async def read_shape(client: LangGraphClient, assistant_id: str, *, key: str = "") -> Shape:
    """The shape of an assistant's graph; what is known of it already where the server fails.

    `key` is where its messages are, if the schema does not tell. Never raises a `LangGraphError`.
    """
    if not assistant_id:
        return UNKNOWN
    place = client.rights, assistant_id
    known = _read.get(place)
    if known and monotonic() - known.at < SHAPE_FRESH_FOR:
        return known.shape
    shape = known.shape if known else shape_of({}, key=key)
    try:
        async with asyncio.timeout(SHAPE_WITHIN):
            shape = shape_of(await client.assistants.get_schemas(assistant_id), key=key)
    except (LangGraphError, TimeoutError) as refused:
        _log.info("assistant %s: its schemas cannot be read: %r", assistant_id, refused)
    if len(_read) >= _MOST:
        _read.clear()
    _read[place] = _Read(shape, monotonic())
    return shape


def known_shape(assistant_id: str, rights: str = "") -> Shape:
    """The shape as it was last read with someone's rights."""
    known = _read.get((rights, assistant_id))
    return known.shape if known else UNKNOWN


def forget() -> None:
    """Clear the cache: another server, as in tests."""
    _read.clear()
