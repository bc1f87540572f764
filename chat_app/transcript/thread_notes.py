"""What the app notes in a thread's metadata, because no message of the state says it.

Which subgraphs ran and where their rows stand, and what a person was asked and decided: each under
a key of its own, since a PATCH of the metadata replaces whole keys and several tabs may write at
once.

====================== ===========================================================================
key                    value
====================== ===========================================================================
``chat_agent:CALL``    ``{"namespace", "name"}``: the subgraph that a call ran
``chat_run:RUN``       ``{"agents": [{"namespace", "name", "after"}], "ui": {ID: AFTER}}``: the
                       subgraphs that were nodes of that run, and its components of no message
``chat_decision:ID``   ``{"after", "below", "said": [...], "asked": [...], "run"}``
``chat_inner:ID``      ``{"after", "node", "text"}``: a model call that is no message (`quiet`)
====================== ===========================================================================

`after` is the id of the message before; `below` is that of the last one that the server knows, for
where the row of `after` is not shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript import custom, order, quiet, subgraphs, tools
from chat_app.transcript.message import Decision, InnerCall, Role, SubAgent, Widget
from chat_app.transcript.read import PROVISIONAL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chat_app.client.events import Json
    from chat_app.transcript.message import Message
    from chat_app.transcript.order import Messages

AGENT, RUN, DECISION, INNER = "chat_agent:", "chat_run:", "chat_decision:", "chat_inner:"

MOST_LINES, LONGEST_LINE = 100, 1000
"""Of a decision that is shown; this app writes less, but other programs can write there, too."""
MOST_AGENTS = 100
"""Subgraphs that are nodes, and components, noted of one run, and shown of it."""


def note_of_agents(messages: Messages) -> Json:
    """The metadata that names the subgraphs of the calls in `messages`."""
    return {
        f"{AGENT}{call.id}": {"namespace": call.agent.namespace, "name": call.agent.name}
        for message in messages
        for call in tools.calls_of(message)
        if call.agent and call.id
    }


def note_of_inner(messages: Messages) -> Json:
    """The metadata that keeps the model calls inside nodes of the last turn."""
    noted: Json = {}
    for message in reversed(messages):
        for aside in message.asides:
            if isinstance(aside, InnerCall):
                fields = {"after": message.id, "node": aside.node, "text": aside.text}
                noted[f"{INNER}{aside.id}"] = fields
        if message.role is Role.HUMAN:
            break
    return noted


def note_of_run(run_id: str, messages: Messages, known: Collection[str] = ()) -> Json:
    """The metadata that says where the subgraphs and components of a run stand.

    Args:
        run_id: the run.
        messages: the transcript with them.
        known: ids of subgraphs' messages and of components that an earlier run has left.
    """
    agents: list[Json] = []
    components: dict[str, str] = {}
    after = ""
    for message in messages:
        if message.id.startswith(subgraphs.ALONE):
            agents += [
                {"namespace": part.namespace, "name": part.name, "after": after}
                for part in message.parts
                if isinstance(part, SubAgent) and not part.is_pass and message.id not in known
            ]
        else:
            after = message.id
        for aside in message.asides:
            if isinstance(aside, Widget) and not aside.message_id and aside.id not in known:
                components[aside.id] = after
    if not (run_id and (agents or components)):
        return {}
    noted: Json = {"agents": agents[:MOST_AGENTS]}
    if components:
        noted["ui"] = dict(list(components.items())[:MOST_AGENTS])
    return {f"{RUN}{run_id}": noted}


def ids_of_run(messages: Messages) -> frozenset[str]:
    """The ids that `note_of_run` would speak of."""
    alone = {message.id for message in messages if message.id.startswith(subgraphs.ALONE)}
    widgets = {a.id for message in messages for a in message.asides if isinstance(a, Widget)}
    return frozenset(alone | widgets)


def run_of(key: str, note: Any) -> str:
    """The run that a note is about; empty where it does not say."""
    if key.startswith(DECISION) and isinstance(note, dict):
        return _word(note.get("run"))
    return key.removeprefix(RUN) if key.startswith(RUN) else ""


def note_of(decision: Decision, messages: Messages, run_id: str = "") -> Json:
    """The metadata that keeps a decision, made when `messages` were on the page.

    `run_id` is the run that asked, where that is known.
    """
    after = messages[-1].id if messages else ""
    made_up = (subgraphs.ALONE, PROVISIONAL)
    saved = (m.id for m in reversed(messages) if not m.id.startswith(made_up))
    note = {
        "after": after,
        "below": next(saved, ""),
        "said": list(decision.said),
        "asked": list(decision.asked),
    } | ({"run": run_id} if run_id else {})
    return {f"{DECISION}{decision.id}": note}


def noted(messages: Messages, metadata: Mapping[str, Any] | None) -> Messages:
    """`messages` with what is noted of them; anything else in the metadata is passed over.

    Decisions come last, in the order of their ids, which is that of time: servers keep no order of
    keys.
    """
    notes = sorted((metadata or {}).items())
    for key, value in notes:
        match value:
            case {"namespace": str(namespace), **more} if key.startswith(AGENT):
                agent = SubAgent(namespace, _word(more.get("name")))
                messages = _with_agent(messages, key.removeprefix(AGENT), agent)
            case {"after": str(after), "node": str(node), "text": str(said)} if (
                key.startswith(INNER) and order.position(messages, after) is not None
            ):
                call = InnerCall(key.removeprefix(INNER), node, said[: quiet.LONGEST])
                messages = custom.with_aside(messages, after, call)
            case {**fields} if key.startswith(RUN):
                messages = _with_run(messages, fields)
    for key, value in notes:
        match value:
            case {"after": str(after), "said": list(said), **more} if key.startswith(DECISION):
                asked = more.get("asked")
                asked = asked if isinstance(asked, list) else []
                decision = Decision(key.removeprefix(DECISION), _lines(said), _lines(asked))
                if order.position(messages, after) is None:
                    after = _word(more.get("below"))
                messages = custom.with_aside(messages, after, decision)
    return messages


def _lines(listed: list[Any]) -> tuple[str, ...]:
    lines = [line for line in listed if isinstance(line, str)][:MOST_LINES]
    return tuple(line[:LONGEST_LINE] for line in lines)


def _with_agent(messages: Messages, call_id: str, agent: SubAgent) -> Messages:
    owner: Message | None = tools.owner_of(messages, call_id)
    return order.put(messages, tools.with_agent(owner, call_id, agent)) if owner else messages


def _with_run(messages: Messages, note: Mapping[str, Any]) -> Messages:
    listed = note.get("agents")
    for item in listed[:MOST_AGENTS] if isinstance(listed, list) else []:
        match item:
            case {"namespace": str(namespace), "after": str(after), **more}:
                agent = SubAgent(namespace, _word(more.get("name")))
                messages = subgraphs.standing_alone(messages, agent, after)
    places = note.get("ui")
    for widget_id, after in list(places.items())[:MOST_AGENTS] if isinstance(places, dict) else []:
        if isinstance(after, str):
            messages = custom.with_widget_moved(messages, widget_id, after)
    return messages


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""
