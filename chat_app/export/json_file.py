"""A conversation as a JSON file, from which it can be shown, replayed and made again.

======================= ==========================================================================
field                   is
======================= ==========================================================================
``format, version``     `FORMAT` and `VERSION`
``title``               of the conversation
``assistant``           ``{"assistant_id", "graph_id", "name"}``, as far as they are known
``created_at`` ...      times in ISO 8601, as the server has them
``messages``            as the server has them, oldest first
``values``              the other values of the state that a reader sees: plan, files, components;
                        of a graph that does not answer in messages all of them
``earlier``             lists of messages that the agent's memory had before, oldest first
``turns``               what was given to and returned by each run, of graphs without messages
``shape``               what the graph takes, and where its state keeps messages
``questions``           what the agent asks and is not answered, as the server has it
``failure``             why the last run failed
``notes``               what this app keeps about the thread: decisions, agents, components
``agents``              by namespace: messages and notes of the graphs inside the graph
``feedback``            ratings of answers
======================= ==========================================================================

No owner, no other metadata, no configuration of runs and no header of a provider is in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from chat_app.masking import masked
from chat_app.transcript import thread_notes
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.outputs import messages_in
from chat_app.transcript.read import is_result, unwrapped
from chat_app.transcript.shapes import SHOWN_ELSEWHERE
from chat_app.transcript.turns import turn_as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.transcript.message import Transcript
    from chat_app.transcript.record import AgentRecord, SavedThread, ThreadRecord
    from chat_app.transcript.shapes import Shape

FORMAT, VERSION = "langgraph-chat", 1
_NOTES = (thread_notes.AGENT, thread_notes.RUN, thread_notes.DECISION, thread_notes.INNER)
_OF_PROVIDERS = ("headers", "logprobs")
"""Fields of a ``response_metadata`` that tell of a request, not of an answer."""


def json_file(saved: SavedThread) -> str:
    """The file, as text that can be written in UTF-8."""
    written = json.dumps(as_json(saved), ensure_ascii=False, indent=1)
    try:
        written.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can only hold escaped
        written = json.dumps(as_json(saved), indent=1)
    return f"{written}\n"


def as_json(saved: SavedThread) -> dict[str, Any]:
    """The file as a value."""
    record = saved.record
    transcript = record.transcript()
    assistant = {
        "assistant_id": saved.assistant_id,
        "graph_id": saved.graph_id,
        "name": saved.assistant,
    }
    whole = {
        "title": saved.title,
        "assistant": _filled(assistant),
        "created_at": saved.created_at,
        "updated_at": saved.updated_at,
        "exported_at": saved.exported_at,
        "messages": _messages(record.state, record.shape),
        "values": _values(record),
        "earlier": [_messages(state, record.shape) for state in record.earlier],
        "turns": None if record.turns is None else [turn_as_json(one) for one in record.turns],
        "shape": _shape(record.shape),
        "questions": _questions(record.state, transcript),
        "failure": _failure(transcript),
        "notes": _notes(record.metadata),
        "agents": {name: _agent(agent) for name, agent in record.agents.items()},
        "feedback": list(saved.feedback),
    }
    return {"format": FORMAT, "version": VERSION, **_filled(whole)}


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _messages(state: Mapping[str, Any], shape: Shape) -> list[Any]:
    listed = messages_in(state.get("values"), shape.key)
    listed = [listed] if isinstance(listed, dict) else listed
    return list(map(_message, listed)) if isinstance(listed, list) else []


def _message(message: Any) -> Any:
    """A message as the server has it, without what is not for the reader."""
    if not isinstance(message, dict):
        return message
    kept = unwrapped(cast("dict[str, Any]", message))
    about = kept.get("response_metadata")
    if isinstance(about, dict) and any(name in about for name in _OF_PROVIDERS):
        rest = {name: value for name, value in about.items() if name not in _OF_PROVIDERS}
        kept = {**kept, "response_metadata": rest}
    content = kept.get("content")
    if kept.get("status") == "error" and is_result(kept) and isinstance(content, str):
        kept = {**kept, "content": masked(content)}  # tools quote what they were refused with
    return kept


def _values(record: ThreadRecord) -> Any:
    values, shape = record.state.get("values"), record.shape
    if not isinstance(values, dict):
        return None if isinstance(values, list) and not shape.key else values
    if shape.needs_runs or messages_in(values, shape.key) is None:
        return {name: value for name, value in values.items() if name != shape.key}
    return {name: value for name, value in values.items() if name in SHOWN_ELSEWHERE}


def _shape(shape: Shape) -> dict[str, Any]:
    fields = {"takes": shape.takes, "key": shape.key, "keeps": shape.keeps, "known": shape.is_known}
    return {**fields, **({"schema": shape.schema} if shape.schema else {})}


def _questions(state: Mapping[str, Any], transcript: Transcript) -> list[Any]:
    """The open questions; None stands for a breakpoint, which asks nothing."""
    if transcript.interrupts == (BREAKPOINT,):
        return [None]
    tasks = [task for task in state.get("tasks") or [] if isinstance(task, dict)]
    lists = [state.get("interrupts"), *(task.get("interrupts") for task in tasks)]
    found: list[Any] = []
    for listed in lists:
        found += [one for one in listed or [] if isinstance(one, dict) and one not in found]
    return found


def _failure(transcript: Transcript) -> dict[str, str] | None:
    failure = transcript.failure
    return {"error": failure.error, "message": failure.message} if failure else None


def _notes(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {key: note for key, note in metadata.items() if key.startswith(_NOTES)}


def _agent(agent: AgentRecord) -> dict[str, Any]:
    values = agent.state.get("values")
    listed = messages_in(values, "messages")
    own = [
        _message(message)
        for message in (listed if isinstance(listed, list) else [])
        if not (isinstance(message, dict) and message.get("id") in agent.handed)
    ]
    return _filled({"messages": own, "notes": _notes(agent.metadata)})
