"""How a run begins where the thread stood before: to edit a message, to regenerate an answer.

Such a run names the checkpoint where it begins, so what followed that stays in the thread, as
another version. An edit begins before the input that had the message; a regeneration where that
input was taken and nothing was answered yet, with no input of its own: the graph does the whole
turn again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.runs.checkpoints import (
    Checkpoints,
    NoCheckpointError,
    Place,
    about,
    id_of,
    is_there,
    parent_of,
)
from chat_app.runs.machine.conversation import Kind
from chat_app.runs.origin import Origin
from chat_app.transcript import memory, workspace
from chat_app.transcript.branch_runs import RunLink
from chat_app.transcript.inputs import input_of
from chat_app.transcript.load import each, saved
from chat_app.transcript.message import Role
from chat_app.transcript.outputs import messages_in
from chat_app.transcript.read import id_of as message_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState
    from chat_app.runs.machine.conversation import Turn
    from chat_app.runs.thread_view import View, Work
    from chat_app.transcript.message import Message, Transcript
    from chat_app.transcript.order import Messages
    from chat_app.transcript.shapes import Shape

_ASKED = ":asked"
"""Ends the id of a question that only its run tells (see `chat_app.transcript.turns`)."""
_START = "__start__"


def link_of(turn: Turn, view: View, messages: Messages) -> RunLink:
    """How the run of a turn hangs on others, before it has an id."""
    asked = turn.message.message_id if turn.message else ""
    link = RunLink(turn.id, asked, has_input=bool(asked), from_run=view.leaf_run)
    match turn.kind:
        case Kind.MESSAGE if turn.message and turn.message.continues:
            return replace(link, continues=True)
        case Kind.MESSAGE if turn.fork:
            return replace(link, edits=turn.fork.message_id, from_run="")
        case Kind.REGENERATE if turn.fork:
            question = question_before(messages, turn.fork.message_id)
            return replace(link, regenerates=question, from_run="")
        case Kind.RETRY:
            return replace(link, is_retry=True)
    return link


def question_before(messages: Messages, message_id: str) -> str:
    """The question that a message answers, or is; empty where there is none."""
    place = next((n for n, one in enumerate(messages) if one.id == message_id), -1)
    asked = (one.id for one in reversed(messages[: place + 1]) if one.role is Role.HUMAN)
    return next(asked, "")


def is_unanswered(shown: Transcript) -> bool:
    """Whether nothing follows the last question, and nothing is asked."""
    last = shown.messages[-1:]
    return not shown.interrupts and (not last or last[0].is_request)


def cut(shown: Transcript, turn: Turn) -> Transcript:
    """What is left of a transcript where the run of a turn begins."""
    if turn.fork is None:
        return shown
    messages, message_id = shown.messages, turn.fork.message_id
    if turn.kind is Kind.REGENERATE:
        message_id = question_before(messages, message_id) or message_id
    place = next((n for n, one in enumerate(messages) if one.id == message_id), len(messages))
    kept = messages[:place]
    if turn.kind is Kind.REGENERATE and messages[place : place + 1]:
        asked = messages[place]
        # What happened after the question belongs to the answer that is left.
        kept = (*kept, replace(asked, asides=())) if asked.role is Role.HUMAN else kept
    return replace(
        shown, messages=kept, interrupts=(), failure=None, running=False, run_id="", values=None
    )


async def origin_of(work: Work, turn: Turn, client: LangGraphClient, shape: Shape) -> Origin:
    """Find where a turn begins that is another version of something.

    Raises:
        NoCheckpointError: the server does not have that any more.
        LangGraphError: the server does not tell.
    """
    assert turn.fork  # noqa: S101 - for the type checker
    before, view = cut(work.before, turn), work.view
    checkpoints = Checkpoints(client, work.thread_id, shape.key)
    link = link_of(turn, view, work.before.messages)
    question = link.edits or link.regenerates
    if not question:
        first = await checkpoints.first_with(turn.fork.message_id, leaf=view.leaf)
        if not (parent := parent_of(first)):
            raise NoCheckpointError
        state = await checkpoints.get(parent)
        if not is_there(state):
            raise NoCheckpointError
        link = replace(link, beside=str((first.get("metadata") or {}).get("run_id") or ""))
        return Origin(parent, link, _as_it_was(before, state, shape))
    run_id = question.removesuffix(_ASKED) if question.endswith(_ASKED) else ""
    place = await checkpoints.place_of(question, leaf=view.leaf, run_id=run_id)
    if not (run_id or work.branches.run_of(question)):
        asked_by = about(place.before, "run_id")
        link = replace(link, asked_by=asked_by if isinstance(asked_by, str) else "")
    if turn.message:
        given = _with_version(place, turn.message.message, link.edits, shape)
        before = _as_it_was(before, place.before, shape)
        return Origin(id_of(place.root), link, before, given)
    # Another assistant's graph may have no such next step: it is given the question itself.
    is_same = place.taken and about(place.taken, "assistant_id") in (None, view.assistant_id)
    if place.taken and is_same:
        return Origin(id_of(place.taken), link, _as_it_was(before, place.taken, shape))
    given = _input_in(place.before) or await _input_of_run(work, client, place.before)
    given = _with_its_id(given, question, shape)
    if given is None and place.taken:
        return Origin(id_of(place.taken), link, _as_it_was(before, place.taken, shape))
    if given is None:
        raise NoCheckpointError
    return Origin(id_of(place.before), link, _as_it_was(before, place.before, shape), given)


def _as_it_was(shown: Transcript, state: ThreadState, shape: Shape) -> Transcript:
    """What was shown with a state: its memory, its plan and files, its values."""
    values = state.get("values")
    listed = {message.id for message in saved(state, shape.key)}
    messages = tuple(
        replace(one, forgotten=False) if one.forgotten and one.id in listed else one
        for one in shown.messages
        if one.id in listed or not memory.is_mark(one)
    )
    messages = memory.marked(messages, listed)
    kept = values if values and shape.has_outputs else None
    shown = replace(shown, messages=messages, values=kept, todos=(), files=())
    return workspace.kept(shown, values if isinstance(values, dict) else {}, {})


def _input_in(state: Mapping[str, Any]) -> Any:
    """The input that a checkpoint of the source ``input`` is about to take; None where it is not.

    A server tells it as the result of the task that takes it.
    """
    tasks = [task for task in state.get("tasks") or [] if isinstance(task, dict)]
    return next((task.get("result") for task in tasks if task.get("name") == _START), None)


async def _input_of_run(work: Work, client: LangGraphClient, state: ThreadState) -> Any:
    """The input of the run that made a checkpoint; None where the server has it no more.

    Raises:
        LangGraphError: the server does not tell.
    """
    run_id = about(state, "run_id")
    if not isinstance(run_id, str):
        return None
    run: Any = await client.runs.get(work.thread_id, run_id)
    return (run.get("kwargs") or {}).get("input")


def _with_its_id(given: Any, question: str, shape: Shape) -> Any:
    """An input whose question has the id that the graph gave it, so that it is the same one."""
    if not shape.key or not isinstance(given, dict):
        return given
    listed = each(messages_in(given, shape.key))
    asked = listed[-1] if listed else None
    if not isinstance(asked, dict) or message_id_of(asked):
        return given
    return {**given, shape.key: [*listed[:-1], {**asked, "id": question}]}


def _with_version(place: Place, message: Message, old: str, shape: Shape) -> Any:
    """The input of an edit: what the old one had beside the message goes with the new one."""
    new, given = input_of(message, shape.key), _input_in(place.before)
    listed = each(messages_in(given, shape.key)) if given is not None else []
    if not shape.key or not any(message_id_of(one) == old for one in listed):
        return new
    if not isinstance(new, dict) or not isinstance(given, dict):
        return new
    versions = new.get(shape.key)
    replaced = versions[0] if isinstance(versions, list) and versions else None
    if replaced is None:
        return new
    messages = [replaced if message_id_of(one) == old else one for one in listed]
    return {**given, **new, shape.key: messages}
