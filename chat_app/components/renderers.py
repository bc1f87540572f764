"""The registry of renderers: how a tool's result, a custom event or a `ui` message looks.

Each is a Python function from vars to a component, registered by name with `renders`,
`renders_event` or `renders_ui`. Each component has an error boundary: if unexpected data of a
graph makes it fail, the default rendering is shown instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_
from typing import Any, Generic, NamedTuple, TypeVar

import reflex as rx
from reflex.event import EventCallback
from reflex.vars import ObjectVar, StringVar

from chat_app.components.shared.error_boundary import ErrorBoundary
from chat_app.state import aside_rows, call_words, tool_row
from chat_app.state.forms import FormState
from chat_app.state.queue import QueueState
from chat_app.state.rows import EventRow, ToolRow, WidgetRow

_DONE = "done"


class ToolVar:
    """One call of a tool, as vars. `row` has every other field of a `ToolRow`."""

    def __init__(self, row: ObjectVar[ToolRow]) -> None:
        self.row = row
        self.args = row.args.to(ObjectVar, dict[str, Any])
        """The arguments by name; undefined if the call has none."""
        self.result = self.given = row.result.to(ObjectVar, dict[str, Any])
        """The result as a JSON object; undefined if it is something else."""
        self.text = row.output.to(StringVar)
        """The result if it is no JSON object or array."""
        self.status = row.status.to(StringVar)
        self.is_done = self.status == _DONE


class EventVar:
    """A custom event, as vars: what a graph wrote with LangGraph's `get_stream_writer`.

    `row` has every other field of an `EventRow`.
    """

    def __init__(self, row: ObjectVar[EventRow]) -> None:
        self.row = row
        self.fields = self.given = row.fields.to(ObjectVar, dict[str, Any])
        """The event itself, a JSON object."""
        self.text = row.text.to(StringVar)
        """Its text, if it has one: its `text`, `message`, `label` or `status`."""
        self.amount = row.amount.to(StringVar)
        """Its progress as text, as in "3 of 10"; undefined if it has no numbers."""
        self.percent = row.percent.to(StringVar)
        """Its progress as a number from "0" to "100"; undefined if there is no total."""


class UiVar:
    """A `ui` message, as vars: what a graph pushed with LangGraph's `push_ui_message`.

    `row` has every other field of a `WidgetRow`.
    """

    def __init__(self, row: ObjectVar[WidgetRow]) -> None:
        self.row = row
        self.props = self.given = row.props.to(ObjectVar, dict[str, Any])
        """The props it was pushed with, a JSON object."""


_Seen = TypeVar("_Seen", ToolVar, EventVar, UiVar)
_Row = ToolRow | EventRow | WidgetRow


class RendererError(Exception):
    """A renderer that cannot be used; the message has its name."""


class _Registered(NamedTuple, Generic[_Seen]):
    draw: Callable[[_Seen], rx.Component]
    requires: Sequence[str]

    def name(self) -> str:
        return f"{self.draw.__module__}.{self.draw.__qualname__}"


class _Registry(Generic[_Seen]):
    """The renderers of the rows of one class; `noun` is what these rows show.

    A renderer gets such a row as `seen` makes it: with the fields of that class, documented.
    """

    def __init__(self, noun: str, of: type[_Row], seen: Callable[[ObjectVar[Any]], _Seen]) -> None:
        self.noun = noun
        self.kind = of.kind
        self._of = of
        self._seen = seen
        self.renderers: dict[str, _Registered[_Seen]] = {}

    def add(self, name: str, added: _Registered[_Seen]) -> None:
        if name in self.renderers:
            both = f"{self.renderers[name].name()} and {added.name()}"
            raise RendererError(f"The {self.noun} {name!r} has two renderers: {both}.")
        self.renderers[name] = added

    def seen(self, row: ObjectVar[Any]) -> _Seen:
        """`row`, which is of this class, as a renderer sees it."""
        return self._seen(row.to(ObjectVar, self._of))

    def knows(self, row: ObjectVar[Any]) -> rx.Var[bool]:
        """Whether there is a renderer for `row`, and all that it requires."""
        given = self.seen(row).given
        demands = [
            (name, reduce(and_, [given[field].is_not_none() for field in found.requires]))
            for name, found in self.renderers.items()
            if found.requires
        ]
        is_known = rx.Var.create(list(self.renderers)).contains(row.name)
        return is_known & rx.match(row.name, *demands, rx.Var.create(True)) if demands else is_known

    def drawn(self, row: ObjectVar[Any]) -> rx.Component:
        drawn = ((name, self._drawn(name, row)) for name in self.renderers)
        return rx.fragment(rx.match(row.name, *drawn, rx.fragment()))

    def _drawn(self, name: str, row: ObjectVar[Any]) -> rx.Component:
        renderer = self.renderers[name]
        try:
            component = renderer.draw(self.seen(row))
        except Exception as error:
            raise RendererError(
                f"The renderer {renderer.name()} of the {self.noun} {name!r} failed: {error}"
            ) from error
        return rx.el.div(component, class_name="drawn", data_testid="drawn")


_tools = _Registry("tool", ToolRow, ToolVar)
_events = _Registry("custom event", EventRow, EventVar)
_widgets = _Registry("ui message", WidgetRow, UiVar)


def renders(
    tool: str, *, requires: Sequence[str] = (), title: str = "", gist: Sequence[str] = ()
) -> Callable[[Callable[[ToolVar], rx.Component]], Callable[[ToolVar], rx.Component]]:
    """Draw the results of the tool of that name with the decorated function.

    The component is placed below the row of a successful call. Results without one of the fields
    that it `requires` have only the row, and so do those with which rendering fails.

    The row has the `title` of the tool (its name in words by default), and the values of the
    arguments that `gist` names (the most telling ones by default).

    Raises:
        RendererError: there is one for this tool already.
    """

    def register(draw: Callable[[ToolVar], rx.Component]) -> Callable[[ToolVar], rx.Component]:
        _tools.add(tool, _Registered(draw, requires))
        tool_row.draw_results(tool, requires=requires)
        call_words.describe_calls(tool, title=title, telling=gist)
        return draw

    return register


def renders_event(
    name: str, *, requires: Sequence[str] = ()
) -> Callable[[Callable[[EventVar], rx.Component]], Callable[[EventVar], rx.Component]]:
    """Draw the custom events of that name with the decorated function.

    An event's name is its `type`, `event`, `name` or `kind`, the first of these that it has. A
    newer event of the same name and `id` replaces the older, which updates the component. Events
    without one of the fields that it `requires` are rendered like those without a renderer.

    Raises:
        RendererError: there is one for this event already.
    """

    def register(draw: Callable[[EventVar], rx.Component]) -> Callable[[EventVar], rx.Component]:
        _events.add(name, _Registered(draw, requires))
        aside_rows.stand_alone(name)
        return draw

    return register


def renders_ui(
    name: str, *, requires: Sequence[str] = ()
) -> Callable[[Callable[[UiVar], rx.Component]], Callable[[UiVar], rx.Component]]:
    """Draw the `ui` messages of that name with the decorated function.

    The component is placed below the message that it was pushed with. Messages without one of the
    props that it `requires` are shown as the name and the props, collapsed.

    Raises:
        RendererError: there is one for this `ui` message already.
    """

    def register(draw: Callable[[UiVar], rx.Component]) -> Callable[[UiVar], rx.Component]:
        _widgets.add(name, _Registered(draw, requires))
        return draw

    return register


def send(message: rx.Var[str] | str) -> EventCallback[()]:
    """Return an event for `on_click` and the like, which sends a message to the agent."""
    return QueueState.submit(message, [], None, False)  # else the event is the last argument


def send_form(title: rx.Var[str] | str = "") -> EventCallback[dict[str, Any]]:
    """Return an event for the `on_submit` of a form, which sends its fields as one message.

    The message has a line for each field with a value, ``name: value``, below the `title`.
    """
    return FormState.send(title)


def rendered(row: ObjectVar[ToolRow]) -> rx.Component:
    """Return the result of a call, by the renderer of its tool; nothing without one."""
    is_whole = (row.status == _DONE) & ~row.size.bool()
    return _bounded(_tools, row, is_whole, rx.fragment())


def rendered_event(row: ObjectVar[EventRow], *, otherwise: rx.Component) -> rx.Component:
    """Return a custom event, by its renderer, or else `otherwise`."""
    return _bounded(_events, row, row.fields.bool(), otherwise)


def rendered_ui(row: ObjectVar[WidgetRow], *, otherwise: rx.Component) -> rx.Component:
    """Return a `ui` message, by its renderer, or else `otherwise`."""
    return _bounded(_widgets, row, rx.Var.create(True), otherwise)


def _bounded(
    registry: _Registry[Any], row: ObjectVar[Any], may: rx.Var[bool], otherwise: rx.Component
) -> rx.Component:
    if not registry.renderers:
        return otherwise
    drawn = ErrorBoundary.create(rendered_row(row=row), otherwise, source=row)
    return rx.cond(may & registry.knows(row), drawn, otherwise)


@rx.memo
def rendered_row(row: rx.Var[_Row]) -> rx.Component:
    """A component of its own, so that its errors are caught by the boundary around it."""
    seen = row.to(ObjectVar, _Row)
    registries = (one for one in (_tools, _events, _widgets) if one.renderers)
    drawn = ((registry.kind, registry.drawn(seen)) for registry in registries)
    return rx.fragment(rx.match(seen.kind, *drawn, rx.fragment()))
