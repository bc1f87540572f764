"""The files of a conversation, by their endings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.export.document import Document
from chat_app.export.html.page import html_page
from chat_app.export.json_file import json_file
from chat_app.export.markdown import markdown
from chat_app.export.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.transcript.record import SavedThread

TYPES = {"md": "text/markdown", "json": "application/json", "html": "text/html"}
"""Media types by endings."""
_ODD = re.compile(r"[^\w .()+,-]+")
_LONGEST_NAME = 80
LONGEST_DATA = 30_000_000
"""Characters of JSON that a page carries along."""


def file_of(
    saved: SavedThread, ending: str, *, now: datetime, app: str = text.TITLE, steps: bool = True
) -> str:
    """The text of a file, of one of the `TYPES`; without `steps` no tool call is in it."""
    saved = replace(saved, exported_at=now.isoformat(timespec="seconds"))
    if not steps:
        saved = spoken(saved)
    return _WRITERS[ending](saved, document_of(saved, app=app, steps=steps))


def document_of(saved: SavedThread, *, app: str = text.TITLE, steps: bool = True) -> Document:
    """What a file shows of a thread."""
    return Document(
        saved.record.whole(),
        saved.title,
        saved.assistant,
        app,
        _moment(saved.created_at),
        _moment(saved.updated_at),
        _moment(saved.exported_at),
        steps=steps,
    )


def name_of(saved: SavedThread, ending: str) -> str:
    """What the file is called: the title, as far as every file system can have it."""
    spelled = unicodedata.normalize("NFC", saved.title.encode(errors="ignore").decode())
    bare = " ".join(_ODD.sub(" ", spelled).split()).strip(". ")[:_LONGEST_NAME].strip(". ")
    return f"{bare or text.SHARED_UNTITLED}.{ending}"


def _page(saved: SavedThread, document: Document) -> str:
    """The page, with the JSON in it where both together are small enough to be imported again."""
    data = json_file(saved)
    if len(data) > LONGEST_DATA:
        return html_page(document, notice=text.EXPORTED_WITHOUT_DATA)
    return html_page(document, data=data)


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


_WRITERS: dict[str, Callable[[SavedThread, Document], str]] = {
    "md": lambda _, document: markdown(document),
    "json": lambda saved, _: json_file(saved),
    "html": _page,
}
