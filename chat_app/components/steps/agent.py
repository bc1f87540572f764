"""A graph inside the graph: one quiet line that opens to its own transcript.

Its rows are drawn as those of the conversation are, and may hold such lines themselves.
"""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.prose.prose import grouped, prose
from chat_app.components.rows import row_view
from chat_app.components.shared.folded import folded
from chat_app.components.shared.icon import icon
from chat_app.components.steps import JS
from chat_app.components.steps.call import arguments, result
from chat_app.components.steps.disclosure import Disclosure
from chat_app.components.steps.reasoning import thought
from chat_app.components.steps.status import mark, state
from chat_app.state.agents import AgentsState
from chat_app.state.rows import AGENT, REASONING, TEXT, Row


class Agent(rx.Component):
    """A line that opens; what is behind the summary is drawn only while it is open.

    `on_open` asks for that, whenever it is open and the app does not know (`known`) that it is. A
    `live` one follows what is written at its end, like the conversation.
    """

    library = JS["agent.jsx"]
    tag = "Agent"

    known: rx.Var[bool]
    live: rx.Var[bool]
    on_open: rx.EventHandler[rx.event.no_args_event_spec]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def agent(row: ObjectVar[Row]) -> rx.Component:
    """The line of a graph that a call runs, or that runs by itself."""
    return agent_view(row=row)


@rx.memo
def agent_view(row: rx.Var[Row]) -> rx.Component:
    """A component of its own, for it looks at the agents, and the other rows must not."""
    return _agent(row.to(ObjectVar))


def _agent(row: ObjectVar[Row]) -> rx.Component:
    key = row.agent.to(str)
    name = rx.cond(row.agent_name, row.agent_name, rx.cond(row.name, row.name, text.AGENT))
    known = AgentsState.about.contains(key)
    return rx.fragment(
        Agent.create(
            rx.el.summary(
                mark(row),
                rx.el.code(name),
                rx.el.span(row.gist, class_name="gist"),
                state(row),
                icon("chevron-right", class_name="chevron"),
            ),
            rx.el.div(
                rx.cond(known, _transcript(key), rx.el.p(text.AGENT_READING)),
                rx.cond(row.kind == AGENT, rx.fragment(), _call(row)),
                class_name="card",
            ),
            known=known,
            live=(row.status == "running") | (row.status == "writing"),
            on_open=AgentsState.open(key),
            on_close=AgentsState.close(key),
            class_name="disclosure agent",
            data_status=row.status,
            data_testid="agent",
        ),
        rx.cond(
            AgentsState.lines.contains(key),
            rx.el.div(AgentsState.lines[key], class_name="last-line", data_testid="last-line"),
        ),
    )


def _transcript(key: rx.Var[str]) -> rx.Component:
    about = AgentsState.about[key].to(ObjectVar)
    parts = AgentsState.old[key] + AgentsState.middle[key] + AgentsState.new[key]
    rows = grouped(parts, "").to(list[Row])
    return rx.fragment(
        rx.cond(about.reading, rx.el.p(text.AGENT_READING)),
        rx.cond(about.problem, _problem(key)),
        rx.cond(
            about.earlier.bool(),
            rx.el.button(
                text.EARLIER.format(count=about.earlier),
                type="button",
                class_name="more",
                on_click=AgentsState.show_earlier(key),
            ),
        ),
        rx.el.div(
            rx.foreach(rows, lambda row: row_view(row=row, key=row.key)),
            _tail(key),
            class_name="inner-log",
        ),
    )


def _tail(key: rx.Var[str]) -> rx.Component:
    tail = AgentsState.tails[key].to(ObjectVar)
    return rx.el.div(
        rx.match(
            tail.kind,
            (TEXT, prose(tail.text, live=True, plain=tail.is_plain)),
            (REASONING, thought(tail.text)),
            rx.fragment(),
        ),
        class_name="row tail",
        data_kind=tail.kind,
    )


def _problem(key: rx.Var[str]) -> rx.Component:
    about = AgentsState.about[key].to(ObjectVar)
    return rx.el.div(
        rx.el.p(about.problem),
        folded(text.DETAILS, about.detail),
        rx.el.button(text.RETRY, type="button", class_name="more", on_click=AgentsState.open(key)),
        class_name="note",
        role="alert",
    )


def _call(row: ObjectVar[Row]) -> rx.Component:
    """What went in and came out, which the transcript mostly says already."""
    return Disclosure.create(
        rx.el.summary(text.AGENT_CALL, icon("chevron-right", class_name="chevron")),
        rx.el.div(arguments(row), result(row), class_name="card"),
        class_name="disclosure",
    )
