"""Which assistants a server offers, and which of them is talked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chat_app import text as words
from chat_app.client import (
    AccessError,
    NotFoundError,
    NotLangGraphError,
    PersonRefusedError,
    UnsupportedError,
)
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Assistant

_MOST = 100
_FORBIDDEN = 403


class NoAssistantError(AppError):
    """There is no assistant to talk to; `sentence` says which there are, or what to set."""


async def listed(client: LangGraphClient, wanted: str) -> list[Assistant]:
    """The assistants that the server lists; on one that lists none the `wanted` one, unseen.

    Raises:
        NoAssistantError: the server allows no such list, and none is `wanted`.
        LangGraphError: the server could not be asked, or refuses the key.
    """
    found: list[Assistant] = []
    try:
        found = await client.assistants.search(limit=_MOST)
    except AccessError as refused:
        if refused.status != _FORBIDDEN:
            raise
        if not wanted and isinstance(refused, PersonRefusedError):
            raise
        if not wanted:
            raise NoAssistantError(words.ASSISTANTS_FORBIDDEN, refused.detail) from refused
    except (NotFoundError, UnsupportedError):
        pass
    except NotLangGraphError:
        # A proxy in front of the server may answer with a page where it passes nothing on.
        if not (wanted and await client.ok()):
            raise
    return found or ([cast("Assistant", {"assistant_id": wanted})] if wanted else [])


def preferred(found: Sequence[Assistant], wanted: str) -> str:
    """The id of the assistant that `wanted` names by id, graph or name; the first without a name.

    Raises:
        NoAssistantError: no such assistant; the text says which there are.
    """
    if not found:
        raise NoAssistantError(words.NO_ASSISTANT)
    if not wanted:
        return str(found[0]["assistant_id"])
    for field in ("assistant_id", "graph_id", "name"):
        for row in found:
            if row.get(field) == wanted:
                return str(row["assistant_id"])
    known = ", ".join(dict.fromkeys(name_of(row) for row in found))
    raise NoAssistantError(words.UNKNOWN_ASSISTANT.format(name=wanted, known=known))


async def default_assistant(client: LangGraphClient, wanted: str) -> str:
    """The assistant for a message that names none.

    Raises:
        NoAssistantError, LangGraphError: as `listed` and `preferred`.
    """
    return preferred(await listed(client, wanted), wanted)


def name_of(row: Assistant) -> str:
    """By what the settings may name it, too."""
    return str(row.get("name") or row.get("graph_id") or row["assistant_id"])
