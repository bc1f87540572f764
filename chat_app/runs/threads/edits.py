"""Changes the metadata of threads, several at once."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError
from chat_app.runs.threads.listed import Listed, field, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json

TITLE_LENGTH = 200
"""Characters of the longest title that a person can give."""
_AT_ONCE = 8
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"
"""Parts of words and emoji, though they are not seen."""


def title_given(text: object) -> str:
    """The title that a person has written, on one line; empty where that is none."""
    if not isinstance(text, str):
        return ""
    cut = text[: 10 * TITLE_LENGTH]
    seen = (one for one in " ".join(cut.split()) if _is_seen(one))
    title = " ".join("".join(seen).split())[:TITLE_LENGTH].strip()
    return title if title.strip(_JOINERS) else ""


def _is_seen(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.category(letter) not in _INVISIBLE


async def change_metadata(
    client: LangGraphClient, thread_ids: Sequence[str], metadata: Json
) -> tuple[dict[str, Listed], LangGraphError | None]:
    """Change the metadata of these threads.

    Returns:
        The changed ones as the list has them, and what the server said last of those that it did
        not change.
    """
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def change(thread_id: str) -> Listed | LangGraphError:
        async with at_once:
            try:
                row = await client.threads.update(thread_id, metadata=metadata)
            except LangGraphError as failure:
                return failure
        return listed(row if field(row, "thread_id") else {"thread_id": thread_id})

    found = await asyncio.gather(*map(change, thread_ids))
    changed = {
        one: row for one, row in zip(thread_ids, found, strict=True) if isinstance(row, Listed)
    }
    failures = [one for one in found if isinstance(one, LangGraphError)]
    return changed, failures[-1] if failures else None
