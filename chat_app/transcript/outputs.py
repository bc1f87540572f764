"""What a run wrote into a state that holds no messages: the answer of graphs that are no chat.

All values that a run wrote are its answer, each under its key, as LangGraph Studio shows a state.
What merely repeats the input is left out, and so is what stood there before, unless a node is known
to have written it again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript.inputs import is_message
from chat_app.transcript.message import Given, Message, Output, Role
from chat_app.transcript.read import PROVISIONAL
from chat_app.transcript.shapes import SHOWN_ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Collection

    from chat_app.client.events import Json
    from chat_app.transcript.order import Messages
    from chat_app.transcript.shapes import Shape

OUTPUT = ":output"
"""End of the id of a run's output."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def messages_in(values: Any, key: str) -> Any:
    """The messages of a state as the server lists them, or None where it holds none.

    A state may be such a list itself, or a single message: an ``@entrypoint`` returns any value.
    """
    if isinstance(values, list):
        return values if values and all(map(is_message, values)) else None
    if not isinstance(values, dict):
        return None
    listed = values.get(key)
    if isinstance(listed, list) or is_message(listed):
        return listed
    return [values] if is_message(values) else None


def output_of(  # noqa: PLR0913 - what a value is compared with
    run_id: str,
    values: Any,
    *,
    shape: Shape,
    asked: Any = None,
    before: Any = None,
    written: Collection[str] = (),
    is_over: bool = False,
) -> Message | None:
    """The answer of a run, or None where it wrote nothing yet.

    Args:
        run_id: the run's, for the id of the message.
        values: the state as it is.
        shape: the graph's.
        asked: the input of the run.
        before: the state before it.
        written: keys that nodes wrote, as far as that is known.
        is_over: whether nothing more comes: then something is said in any case.
    """
    if isinstance(values, dict):
        parts = _changed(values, shape, asked, before, written)
    else:
        parts = (Output("", values),) if values is not None and values != before else ()
    if not parts and is_over:
        parts = _all(values, shape, asked)
    return Message(f"{run_id}{OUTPUT}", Role.ASSISTANT, parts) if parts else None


def named(messages: Messages, run_id: str) -> Messages:
    """Messages that a run returned, with ids of their own where the server gave them none."""
    return tuple(
        replace(one, id=f"{one.id}:{run_id}") if one.id.startswith(PROVISIONAL) else one
        for one in messages
    )


def given_in(message: Message | None) -> Any:
    """The input that a person's turn was, where it was none in words."""
    parts = message.parts if message else ()
    return next((part.value for part in parts if isinstance(part, Given)), None)


def _changed(
    values: Json, shape: Shape, asked: Any, before: Any, written: Collection[str]
) -> tuple[Output, ...]:
    before = before if isinstance(before, dict) else {}
    return tuple(
        Output(name, value)
        for name, value in _own(values, shape, asked).items()
        if name in written or name not in before or before[name] != value
    )


def _all(values: Any, shape: Shape, asked: Any) -> tuple[Output, ...]:
    """What stands there, where a run changed nothing; at last that there is nothing."""
    if isinstance(values, dict):
        own = _own(values, shape, asked) or _own(values, shape, None)
        return tuple(Output(*item) for item in own.items()) or (Output("", None),)
    return (Output("", values),)


def _own(values: Json, shape: Shape, asked: Any) -> Json:
    """The values that say anything and are drawn nowhere else, without those of the input."""
    asked = asked if isinstance(asked, dict) else {}
    return {
        name: value
        for name, value in values.items()
        if value not in _EMPTY
        and name != shape.key
        and name not in SHOWN_ELSEWHERE
        and not name.startswith("__")
        and (name not in asked or asked[name] != value)
    }
