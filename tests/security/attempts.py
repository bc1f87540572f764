"""Everything that a page may call by name, with arguments that no page would send."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from reflex.state import State
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.utils.format import format_event_handler

import chat_app.chat_app  # noqa: F401 - imports every state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reflex.state import BaseState

HUGE = 100_000


def states(state: type[BaseState] = State) -> Iterator[type[BaseState]]:
    """Every state of the app, those of Reflex included."""
    yield state
    for below in state.get_substates():
        yield from states(below)


def attempts(thread_id: str) -> list[tuple[str, dict[str, Any]]]:
    """The names of all event handlers that are registered now, each with many payloads.

    Each argument in turn gets each value: the foreign thread, in many forms, and what is wrong for
    any argument. `setvar` and what a browser's storage may set are tried with every var.
    """
    named = [
        (state.get_full_name(), name) for state in states() for name in (*state.vars, "_internal")
    ]
    stored = {f"{state}.{name}": thread_id for state, name in named}
    marked = {f"{state}.{name}{FIELD_MARKER}": thread_id for state, name in named}
    found: list[tuple[str, dict[str, Any]]] = []
    for state in states():
        for name, handler in state.event_handlers.items():
            full = format_event_handler(handler)
            arguments = list(inspect.signature(handler.fn).parameters)[1:]
            if name == "setvar":
                values = [*state.vars, "_canvas", "__class__", "get_state"]
                found += [(full, {"var_name": one, "value": thread_id}) for one in values]
            found += [(full, {}), (full, dict.fromkeys(arguments, thread_id))]
            for argument in arguments:
                usual = dict.fromkeys(arguments, thread_id)
                found += [(full, {**usual, argument: value}) for value in _values(thread_id)]
                if argument == "vars":
                    found += [(full, {argument: stored}), (full, {argument: marked})]
    return found


def _values(thread_id: str) -> list[Any]:
    nested: Any = thread_id
    for _ in range(50):
        nested = {"thread_id": nested}
    return [
        *(None, True, False, -1, 2**63, 1.5, "", [], {}),
        *([thread_id], {"thread_id": thread_id}, nested, [[thread_id]] * 50),
        *(f"/t/{thread_id}", f"{thread_id}|", "x" * HUGE, "../" * 30, "\x00\x1b[2J"),
        {str(number): thread_id for number in range(1000)},
    ]
