"""The assistants the server offers, and the one to talk to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app.auth.forwarding import rights_at_server
from chat_app.client import LangGraphError
from chat_app.config import settings
from chat_app.runs.assistants import listed, name_of, preferred
from chat_app.runs.schemas import known_shape, read_shape
from chat_app.state import safe_json, server
from chat_app.state.person import person_of
from chat_app.state.profiles import Profile, profiles
from chat_app.state.rows.base import Sparse
from chat_app.state.tab_session import tab_session
from chat_app.transcript.forms import as_json
from chat_app.transcript.giving import fields_for, told_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.transcript.shapes import Shape

_MOST_THREADS = 100
"""For so many threads a tab remembers what the person has chosen."""


@dataclass(frozen=True)
class AssistantOption(Sparse):
    """One assistant in the picker. `name` is the server's, `label` what people read instead."""

    id: str
    name: str
    label: str = ""


class AssistantsState(rx.State):
    """What the picker shows; `chosen` is an assistant id, empty until the server was asked."""

    options: rx.Field[list[AssistantOption]] = rx.field(default_factory=list)
    chosen: rx.Field[str] = rx.field("")
    profile: rx.Field[Profile] = rx.field(default_factory=Profile)
    """Of the chosen one."""

    takes: rx.Field[str] = rx.field("messages")
    """What its composer is for: see `chat_app.transcript.shapes.Shape.takes`."""
    fields: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    """Of its form, or of what may go beside a message, as `chat_app.transcript.forms` has them."""
    shaped: rx.Field[str] = rx.field("")
    """Which assistant these are of."""
    said: rx.Field[str] = rx.field("")
    """What the schema says of the input as a whole."""

    _profiles: dict[str, Profile] = {}  # noqa: RUF012 - copied for each tab
    _first: str = ""
    """The usual one for new chats, by the settings."""
    _of_threads: dict[str, str] = {}  # noqa: RUF012 - likewise
    """What the person has chosen, by thread; that of new chats is at the empty string."""

    @rx.event
    def choose(self, assistant_id: str):
        """Talk to another assistant from the next message of this chat on."""
        if _is_offered(self, assistant_id):
            chosen = {**self._of_threads, tab_session(self).thread_id: assistant_id}
            self._of_threads = dict(list(chosen.items())[-_MOST_THREADS:])
            _choose(self, assistant_id)
            return AssistantsState.read_schema
        return None

    @rx.event(background=True, supersedes=True)
    async def read_schema(self):
        """Find out what the chosen assistant takes. Where that fails, it takes messages."""
        with suppress(LangGraphError):
            async with self:
                chosen, person = self.chosen, person_of(self)
            client = await server.ready_for(person)
            await shape_for(client, chosen)
            async with self:
                await show_shape(self)


async def shape_for(client: LangGraphClient, assistant_id: str) -> Shape:
    """What an assistant takes and where it keeps messages; asked of the server now and then."""
    return await read_shape(client, assistant_id, key=settings().messages_key)


async def chosen_shape(tab: rx.State) -> Shape:
    """What the chosen assistant takes, as it was last read. Needs the tab's lock."""
    state = await tab.get_state(AssistantsState)
    return known_shape(state.chosen, rights_at_server(person_of(tab)))


async def show_shape(tab: rx.State) -> None:
    """Let the composer be for what the chosen assistant takes. Needs the tab's lock."""
    state = await tab.get_state(AssistantsState)
    shape = await chosen_shape(tab)
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
    found = await listed(client, settings().assistant)
    known = profiles(found)
    first = preferred(found, settings().assistant)
    async with tab:
        state = await tab.get_state(AssistantsState)
        state.options = [
            _option(one.id, name_of(row), one.name) for one, row in zip(known, found, strict=True)
        ]
        state._profiles = {one.id: one for one in known}  # noqa: SLF001 - this module's own
        state._first = first  # noqa: SLF001
        chosen = state.chosen if _is_offered(state, state.chosen) else _for_new_chats(state)
        _choose(state, chosen)
    await shape_for(client, chosen)
    async with tab:
        await show_shape(tab)


async def turn_to_choice(tab: rx.State, thread_id: str) -> None:
    """Talk to what was chosen for this thread, or for new chats. Needs the tab's lock.

    What another thread goes on with says nothing of this one.
    """
    state = await tab.get_state(AssistantsState)
    chosen = state._of_threads.get(thread_id, "")  # noqa: SLF001
    await _talk_to(state, chosen if _is_offered(state, chosen) else _for_new_chats(state))


async def go_on_with(tab: rx.State, thread_id: str, assistant_id: str) -> None:
    """Talk to the assistant that has last worked on a thread. Needs the tab's lock.

    Only to one on offer, and not where the person has chosen another one for this thread.
    """
    state = await tab.get_state(AssistantsState)
    is_offered = not state.options or _is_offered(state, assistant_id)  # else they are read soon
    if is_offered and thread_id not in state._of_threads:  # noqa: SLF001
        await _talk_to(state, assistant_id)


async def _talk_to(state: AssistantsState, assistant_id: str) -> None:
    if assistant_id != state.chosen:
        _choose(state, assistant_id)
        await show_shape(state)


def _is_offered(state: AssistantsState, assistant_id: object) -> bool:
    return any(option.id == assistant_id for option in state.options)


def _for_new_chats(state: AssistantsState) -> str:
    chosen = state._of_threads.get("", "")  # noqa: SLF001
    return chosen if _is_offered(state, chosen) else state._first  # noqa: SLF001


def _option(assistant_id: str, name: str, label: str) -> AssistantOption:
    return AssistantOption(assistant_id, name, label if label != name else "")


def _choose(state: AssistantsState, assistant_id: str) -> None:
    state.chosen = assistant_id
    known = state._profiles.get(assistant_id)  # noqa: SLF001
    state.profile = known or Profile(assistant_id, assistant_id)
