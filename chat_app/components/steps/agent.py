"""A subgraph: a row that opens to its own transcript.

Its rows are rendered like those of the conversation, and may be such rows themselves.
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
from chat_app.components.steps.call import result, tool_arguments
from chat_app.components.steps.disclosure import Disclosure
from chat_app.components.steps.reasoning import thought
from chat_app.components.steps.status import Step, mark, state
from chat_app.state.agents import AgentsState
from chat_app.state.rows import AgentRow, ReasoningRow, Row, TextRow, ToolRow


class Agent(rx.Component):
    """A row that opens; the content after the summary is rendered only while it is open.

    `on_open` requests the content, if it is open and the app does not have it (`known`). A `live`
    one follows its end, like the conversation.
    """

    library = JS["agent.jsx"]
    tag = "Agent"

    known: rx.Var[bool]
    live: rx.Var[bool]
    on_open: rx.EventHandler[rx.event.no_args_event_spec]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def agent(row: ObjectVar[AgentRow]) -> rx.Component:
    """The line of a graph that runs by itself."""
    return agent_view(row=row)


def called_agent(row: ObjectVar[ToolRow]) -> rx.Component:
    """The line of a graph that a call runs."""
    return called_agent_view(row=row)


# Components of their own: they depend on the state of the agents, other rows do not.
@rx.memo
def agent_view(row: rx.Var[AgentRow]) -> rx.Component:
    """The line of a graph that runs by itself."""
    seen = row.to(ObjectVar, AgentRow)
    return _agent(seen, rx.cond(seen.name, seen.name, text.AGENT), rx.fragment(), rx.fragment())


@rx.memo
def called_agent_view(row: rx.Var[ToolRow]) -> rx.Component:
    """The line of a graph that a call runs, with the arguments and the result of the call."""
    seen = row.to(ObjectVar, ToolRow)
    called = rx.cond(seen.name, seen.name, text.AGENT)
    name = rx.cond(seen.agent | seen.title, rx.cond(seen.agent, seen.agent, seen.title), called)
    return _agent(seen, name, rx.el.span(seen.gist, class_name="gist"), _call(seen))


def _agent(
    row: Step, name: rx.Var[str] | rx.Component, gist: rx.Component, call: rx.Component
) -> rx.Component:
    key = row.namespace.to(str)
    known = AgentsState.about.contains(key)
    return rx.fragment(
        Agent.create(
            rx.el.summary(
                mark(row),
                rx.el.code(name),
                gist,
                state(row),
                icon("chevron-right", class_name="chevron"),
            ),
            rx.el.div(
                rx.cond(known, _transcript(key), rx.el.p(text.AGENT_READING)),
                call,
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
            (TextRow.kind, prose(tail.text, live=True, plain=tail.is_plain)),
            (ReasoningRow.kind, thought(tail.text)),
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


def _call(row: ObjectVar[ToolRow]) -> rx.Component:
    """The arguments and the result, collapsed: the transcript mostly has both."""
    return Disclosure.create(
        rx.el.summary(text.AGENT_CALL, icon("chevron-right", class_name="chevron")),
        rx.el.div(tool_arguments(row), result(row), class_name="card"),
        class_name="disclosure",
    )
