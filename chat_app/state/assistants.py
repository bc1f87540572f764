"""The assistants the server offers, and the one to talk to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import reflex as rx

from chat_app import text as words
from chat_app.client import (
    AccessError,
    LangGraphError,
    NotFoundError,
    NotLangGraphError,
    UnsupportedError,
)
from chat_app.config import settings
from chat_app.runs.schemas import known_shape, read_shape
from chat_app.state import safe_json, server
from chat_app.transcript.error_text import AppError
from chat_app.transcript.forms import as_json
from chat_app.transcript.giving import fields_for, told_of
from chat_app.transcript.shapes import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Assistant, Thread
    from chat_app.transcript.shapes import Shape

_MOST = 100
_FORBIDDEN = 403


class NoAssistantError(AppError):
    """There is no assistant to talk to; `sentence` says which there are, or what to set."""


@dataclass(frozen=True)
class AssistantOption:
    """One assistant in the picker."""

    id: str
    name: str


class AssistantsState(rx.State):
    """What the picker shows; `chosen` is an assistant id, empty until the server was asked."""

    options: rx.Field[list[AssistantOption]] = rx.field(default_factory=list)
    chosen: rx.Field[str] = rx.field("")

    takes: rx.Field[str] = rx.field("messages")
    """What its composer is for: see `chat_app.transcript.shapes.Shape.takes`."""
    fields: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    """Of its form, or of what may go beside a message, as `chat_app.transcript.forms` has them."""
    shaped: rx.Field[str] = rx.field("")
    """Which assistant these are of."""
    said: rx.Field[str] = rx.field("")
    """What the schema says of the input as a whole."""

    @rx.event
    def choose(self, assistant_id: str):
        """Talk to another assistant from the next message on."""
        if any(option.id == assistant_id for option in self.options):
            self.chosen = assistant_id
            return AssistantsState.read_schema
        return None

    @rx.event(background=True, supersedes=True)
    async def read_schema(self):
        """Find out what the chosen assistant takes. Where that fails, it takes messages."""
        with suppress(LangGraphError):
            client = await server.ready()
            async with self:
                chosen = self.chosen
            await shape_for(client, chosen)
            async with self:
                await show_shape(self)


async def shape_for(client: LangGraphClient, assistant_id: str) -> Shape:
    """What an assistant takes and where it keeps messages; asked of the server now and then."""
    return await read_shape(client, assistant_id, key=settings().messages_key)


async def shape_of_thread(tab: rx.State, client: LangGraphClient, thread: Thread) -> Shape:
    """The shape of the assistant that has last worked on a thread, else of the chosen one."""
    metadata = thread.get("metadata") or {}
    named = metadata.get("assistant_id") or metadata.get("graph_id")
    if not isinstance(named, str) or not named:
        async with tab:
            named = (await tab.get_state(AssistantsState)).chosen
    return await shape_for(client, named) if named else UNKNOWN


async def show_shape(tab: rx.State) -> None:
    """Let the composer be for what the chosen assistant takes. Needs the tab's lock."""
    state = await tab.get_state(AssistantsState)
    shape = known_shape(state.chosen)
    fields = [asdict(field) for field in fields_for(shape)]
    new = shape.takes, safe_json.parse(as_json(fields)), state.chosen, told_of(shape)
    if (state.takes, state.fields, state.shaped, state.said) != new:
        state.takes, state.fields, state.shaped, state.said = new


async def load_assistants(tab: rx.State, client: LangGraphClient) -> None:
    """Ask the server what it offers and fill the picker.

    On a server that lists none the one of the settings is used unseen.

    Raises:
        NoAssistantError: there is none, or not the one the settings name.
        LangGraphError: the server could not be asked.
    """
    found = await _listed(client) or _unseen(settings().assistant)
    options = [AssistantOption(str(row["assistant_id"]), _name(row)) for row in found]
    first = preferred(found, settings().assistant)
    async with tab:
        state = await tab.get_state(AssistantsState)
        state.options = options
        if all(option.id != state.chosen for option in options):
            state.chosen = first
        chosen = state.chosen
    await shape_for(client, chosen)
    async with tab:
        await show_shape(tab)


async def _listed(client: LangGraphClient) -> list[Assistant]:
    """The assistants that the server lists; none where it has or allows no such list.

    Raises:
        NoAssistantError: it allows none, and the settings name no assistant.
        LangGraphError: the server could not be asked, or refuses the key.
    """
    try:
        return await client.assistants.search(limit=_MOST)
    except AccessError as refused:
        if refused.status != _FORBIDDEN:
            raise
        if not settings().assistant:
            raise NoAssistantError(words.ASSISTANTS_FORBIDDEN, refused.detail) from refused
    except (NotFoundError, UnsupportedError):
        pass
    except NotLangGraphError:
        # A proxy in front of the server may answer with a page where it passes nothing on.
        if not (settings().assistant and await client.ok()):
            raise
    return []


def _unseen(wanted: str) -> list[Assistant]:
    """What is known of an assistant that no list shows: its id, or the name of its graph."""
    return [cast("Assistant", {"assistant_id": wanted})] if wanted else []


async def go_on_with(tab: rx.State, thread: Thread) -> None:
    """Talk to the assistant that has last worked on a thread, if any has. Needs the tab's lock."""
    last = (thread.get("metadata") or {}).get("assistant_id")
    if last and isinstance(last, str):
        (await tab.get_state(AssistantsState)).chosen = last
        await show_shape(tab)


async def chosen_assistant(tab: rx.State, client: LangGraphClient) -> str:
    """The id of the assistant to talk to, asking the server first where nobody has yet.

    Raises:
        NoAssistantError, LangGraphError: as `load_assistants`.
    """
    async with tab:
        chosen = (await tab.get_state(AssistantsState)).chosen
    if chosen:
        return chosen
    await load_assistants(tab, client)
    async with tab:
        return (await tab.get_state(AssistantsState)).chosen


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
    known = ", ".join(dict.fromkeys(_name(row) for row in found))
    raise NoAssistantError(words.UNKNOWN_ASSISTANT.format(name=wanted, known=known))


def _name(row: Assistant) -> str:
    return str(row.get("name") or row.get("graph_id") or row["assistant_id"])
