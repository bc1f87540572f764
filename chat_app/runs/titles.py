"""Who gives a thread its title: a person, else its graph, else an assistant that makes titles.

Until one of them does, it is a short cut of the question. The title and who gave it are in the
thread's metadata, which are read before each change: a person may have given one elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.client import LangGraphError, Outcome
from chat_app.runs import tasks, thread_metadata
from chat_app.runs.assistants import default_assistant
from chat_app.runs.ids import uuid7
from chat_app.runs.machine.conversation import Kind
from chat_app.runs.metering import tokens_used
from chat_app.runs.times import TITLE_WITHIN
from chat_app.transcript.inputs import input_of
from chat_app.transcript.load import load
from chat_app.transcript.message import Message, Role, Text
from chat_app.transcript.titles import title_answered, title_in

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.machine.conversation import Turn
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.message import Transcript

_QUOTED = 2_000
"""Characters of the question and of the answer that a title is made from."""
_RANKS = {"": 0, "assistant": 1, "graph": 2, "person": 3}

_log = logging.getLogger("chat_app.runs")


def see(work: Work, client: LangGraphClient, view: Transcript) -> None:
    """Take the title that the graph tells, where it is another one than before."""
    if view.title and view.title != work.graph_title:
        work.graph_title = view.title
        saving = save(work, client, view.title, "graph")
        tasks.spawn(saving, name=f"title {work.thread_id}")


def ended(work: Work, client: LangGraphClient, turn: Turn, outcome: Outcome) -> None:
    """Have a title made of the first exchange, where an assistant is set for that."""
    is_first = turn.kind is Kind.MESSAGE and not work.before.messages
    is_wanted = work.backend.title_assistant and not work.view.is_temporary
    if is_first and is_wanted and outcome is Outcome.FINISHED and not work.graph_title:
        making = _make(work, client, work.view.transcript, turn)
        tasks.spawn(making, name=f"make a title {work.thread_id}")


async def save(work: Work, client: LangGraphClient, title: str, source: str) -> None:
    """Give a thread a title, unless one from a better source is there."""
    thread_id = work.thread_id
    try:
        [thread] = await client.threads.search(
            ids=[thread_id], limit=1, select=("thread_id", "metadata")
        ) or [{}]
        if thread.get("thread_id") != thread_id:  # a server that cannot be asked for ids
            thread = await client.threads.get(thread_id)
        known = thread.get("metadata") or {}
        given_by = thread_metadata.title_source(known)
        if _RANKS[given_by] > _RANKS[source]:
            return
        if (thread_metadata.title_of(known), given_by) != (title, source):
            metadata = {thread_metadata.TITLE: title, thread_metadata.TITLE_FROM: source}
            await client.threads.update(thread_id, metadata=metadata)
    except LangGraphError as refused:
        _log.info("thread %s: its title is not saved: %r", thread_id, refused)
    work.show(work.view.transcript, title=title)


async def _make(work: Work, client: LangGraphClient, exchange: Transcript, turn: Turn) -> None:
    """A failure is no matter: the short cut of the question stays."""
    meter = work.backend.meter
    if meter and not await meter.has_tokens():
        return
    try:
        async with asyncio.timeout(TITLE_WITHIN):
            title = await _made(work, client, exchange, turn)
            if title:
                await save(work, client, title, "assistant")
    except (LangGraphError, TimeoutError) as refused:
        _log.warning("thread %s: no title could be made: %r", work.thread_id, refused)


async def _made(work: Work, client: LangGraphClient, exchange: Transcript, turn: Turn) -> str:
    """What the assistant for titles answers, in a run without a thread.

    The server makes one for it, for as long as it goes: that is the person's too, and in no list.
    """
    question, answer = (_said(exchange, role) for role in (Role.HUMAN, Role.ASSISTANT))
    asked = text.TITLE_REQUEST.format(question=question[:_QUOTED], answer=answer[:_QUOTED])
    assistant_id = await default_assistant(client, work.backend.title_assistant)
    shape = await work.backend.shape(client, assistant_id)
    message = Message(str(uuid7()), Role.HUMAN, (Text(asked),))
    permission = work.backend.permission
    owner = permission.owner if permission else ""
    values = await client.runs.wait(
        None,
        assistant_id,
        input=input_of(message, shape.key),
        metadata=thread_metadata.made_for(owner, "", is_temporary=True),
    )
    answered = load({"values": values}, shape=shape)
    if work.backend.meter and turn.message:
        work.backend.meter.added(turn.message.message_id, tokens_used(answered.messages))
    said = _said(answered, Role.ASSISTANT, is_last=True)
    return title_in(values) or title_answered(said)


def _said(transcript: Transcript, role: Role, *, is_last: bool = False) -> str:
    """The text of the first, or the last, message of a role that has any."""
    said = (
        "\n".join(part.text for part in message.parts if isinstance(part, Text))
        for message in transcript.messages
        if message.role is role
    )
    found = [each for each in said if each.strip()]
    return found[-1 if is_last else 0] if found else ""
