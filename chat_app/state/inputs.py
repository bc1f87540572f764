"""The form of the composer, for graphs that take more than a message, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text as words
from chat_app.state import safe_json
from chat_app.state.assistants import chosen_shape
from chat_app.transcript import giving
from chat_app.transcript.form_errors import FormError
from chat_app.transcript.forms import as_json
from chat_app.transcript.message import Given

if TYPE_CHECKING:
    from chat_app.runs.pending_runs import Queued


class InputState(rx.State):
    """What was wrong with the form as it was sent last, and what goes back into it."""

    problem: rx.Field[str] = rx.field("")
    """In words; more of it may stand at fields."""
    faults: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    """Each the `path` of a field and a `text`."""
    settled: rx.Field[int] = rx.field(0)
    """How many forms were refused: one that was sent can be changed again."""
    returned: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """What the form is to be filled with, by name of the field."""
    returns: rx.Field[int] = rx.field(0)
    """How often that was."""
    is_returned: rx.Field[bool] = rx.field(False)
    """A form that the server never took is in it: to try again is to send it again."""


def is_given(given: object) -> bool:
    """Whether this may be what a form holds; None where there is no form."""
    return given is None or (
        isinstance(given, dict) and all(isinstance(name, str) for name in given)
    )


async def part_given(tab: rx.State, message: str, given: dict[str, Any] | None) -> Given | None:
    """What goes to the graph beside the words, or in their place; None where nothing does.

    Needs the tab's lock.

    Raises:
        FormError: the form does not stand for an input.
    """
    shape = await chosen_shape(tab)
    if given is None and (shape.takes == "messages" or not message.strip()):
        return None
    if given is None:
        return Given(giving.meant(shape, message))
    if shape.takes != "messages":
        return Given(giving.filled(shape, given))
    found = giving.beside(shape, given)
    return Given(found) if found else None


async def refuse_form(tab: rx.State, wrong: FormError) -> None:
    """Say what is wrong with a form, at its fields and below them. Needs the tab's lock."""
    state = await tab.get_state(InputState)
    state.problem, state.faults = told_of(wrong)
    state.settled += 1


def told_of(wrong: FormError) -> tuple[str, list[dict[str, Any]]]:
    """What is wrong with a form: below it, and at its fields, each with a `path` and a `text`."""
    at_fields = [one for one in wrong.faults if any(isinstance(key, str) for key in one.path)]
    others = [one.text for one in wrong.faults if one not in at_fields]
    faults = [{"path": list(one.path), "text": one.text} for one in at_fields]
    problem = safe_json.sendable("\n".join(others)) or words.LOOK_AGAIN
    return problem, safe_json.parse(as_json(faults))


async def accept_form(tab: rx.State) -> None:
    """Nothing is wrong with what was sent. Needs the tab's lock."""
    state = await tab.get_state(InputState)
    if state.problem or state.faults or state.is_returned:
        state.problem, state.faults, state.is_returned = "", [], False


async def return_form(tab: rx.State, message: Queued, *, is_untaken: bool = True) -> None:
    """Fill the form with what a message was made of. Needs the tab's lock."""
    if message.given is None:
        return
    shape = await chosen_shape(tab)
    state = await tab.get_state(InputState)
    given = giving.given_for(shape, message.given.value)
    state.returned = safe_json.parse(as_json(given))
    state.returns += 1
    state.is_returned = is_untaken
