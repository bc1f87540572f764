"""Answering what the graph asks: the answer goes to the run, the decision stays in the thread.

What comes from the page names a question by its key and is checked against the transcript that the
tab shows, then against what the server still has open. Of several open questions each is answered
by itself; the others stay on the page meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import reflex as rx

from chat_app import text as words
from chat_app.client import ConflictError, LangGraphError, Outcome
from chat_app.client.modes import FOR_A_CHAT
from chat_app.client.recover import REQUEST_KEY
from chat_app.client.schema import RunOptions
from chat_app.config import settings
from chat_app.runs import thread_events
from chat_app.runs.asking_again import ask_again, is_stuck
from chat_app.runs.ids import uuid7
from chat_app.runs.reading import read_thread
from chat_app.runs.run_stream import RunStream
from chat_app.state import safe_json, server
from chat_app.state.ask_rows import key_of
from chat_app.state.assistants import chosen_assistant
from chat_app.state.desk import desk_of
from chat_app.state.failures import may_help
from chat_app.state.rows import ErrorRow, NoticeRow, error_row, notice_row
from chat_app.state.run import RunState
from chat_app.state.sending import UNDER_WAY
from chat_app.state.threads import ThreadsState
from chat_app.state.transcript import clock, show, shown
from chat_app.state.watching import begin, complain, end, explain, follow, leave
from chat_app.transcript.asked import asked_in_words
from chat_app.transcript.custom import with_aside
from chat_app.transcript.deciding import Answer, NotAnAnswerError, answer_to, command_of
from chat_app.transcript.error_text import describe
from chat_app.transcript.forms import as_json
from chat_app.transcript.load import load
from chat_app.transcript.message import Decision
from chat_app.transcript.thread_notes import note_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.client import LangGraphClient
    from chat_app.state.desk import Look
    from chat_app.transcript.message import Interrupt, Transcript

_ANSWERED_ALREADY = notice_row("answered", words.ANSWERED_ALREADY)


class _Answered(NamedTuple):
    """One answer on its way."""

    asked: Interrupt
    answer: Answer
    decision: Decision
    thread_id: str
    before: Transcript
    """What the tab showed when the answer was given."""
    left: tuple[Interrupt, ...]
    """What is open beside it."""

    def shown(self) -> Transcript:
        """The transcript with the decision in the place of the question."""
        messages = with_aside(self.before.messages, "", self.decision)
        return replace(self.before, messages=messages, interrupts=self.left, failure=None)

    def note(self) -> dict[str, Any]:
        """The decision as the thread keeps it."""
        return note_of(self.decision, self.before.messages)


class AskState(rx.State):
    """What was wrong with the last answer, if anything was."""

    key: rx.Field[str] = rx.field("")
    """The question that it was given to."""
    problem: rx.Field[str] = rx.field("")
    """In words; more of it may stand at fields."""
    faults: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    """Each the `path` of a field, as `chat_app.transcript.deciding` has it, and its `text`."""
    settled: rx.Field[int] = rx.field(0)
    """How many answers were dealt with, for better or worse: a card that waits is free again."""

    @rx.event(background=True)
    async def answer(self, key: str, given: dict[str, Any]):
        """Answer the question of that key (see `chat_app.transcript.deciding.answer_to`)."""
        try:
            if await self._answer(key, given):
                yield ThreadsState.refresh
        finally:
            async with self:
                self.settled += 1

    async def _answer(self, key: str, given: dict[str, Any]) -> bool:
        """Whether that is an answer to anything that is open."""
        async with self:
            run = await self.get_state(RunState)
            before = await shown(run)
            asked = next((one for one in before.interrupts if key_of(one) == key), None)
            if asked is None or run.running or not run.thread_id:
                return False
            try:
                answer = answer_to(asked, given)
            except NotAnAnswerError as wrong:
                self.key, self.problem, self.faults = key, *_told(wrong)
                return False
            self.key, self.problem, self.faults = "", "", []
            left = tuple(one for one in before.interrupts if one is not asked)
            decision = Decision(str(uuid7()), answer.said, asked_in_words(asked))
            answered = _Answered(asked, answer, decision, run.thread_id, before, left)
            clock.mark(decision.id, time.monotonic())
            look = begin(run, before)
            await show(run, replace(answered.shown(), running=True))
        await _resume(run, look, answered)
        return True


def _told(wrong: NotAnAnswerError) -> tuple[str, list[dict[str, Any]]]:
    """What to say below the question, and what at its fields."""
    at_fields = [one for one in wrong.faults if any(isinstance(key, str) for key in one.path)]
    others = [one.text for one in wrong.faults if one not in at_fields]
    said = safe_json.sendable("\n".join(others)) or words.LOOK_AGAIN
    faults = [{"path": list(one.path), "text": one.text} for one in at_fields]
    return said, safe_json.parse(as_json(faults))


async def _resume(tab: RunState, look: Look, answered: _Answered) -> None:
    """Bring the answer to the server and show what comes of it."""
    desk, watch = desk_of(tab), None
    try:
        client = await server.ready()
        assistant_id, asked = await _asked_by(tab, client, answered)
        if look.taken_back:
            return
        if asked is None:
            await _show_as_it_is(tab, client, look, answered.thread_id)
            return
        await client.threads.update(answered.thread_id, metadata=answered.note())
        if look.taken_back:
            await _forget(answered)
            return
        options: RunOptions = {
            **FOR_A_CHAT,
            "input": None,
            "command": command_of(asked, answered.answer),
            "multitask_strategy": "reject",
            "metadata": {REQUEST_KEY: str(uuid7())},
        }
        if desk.look != look:  # whoever answers and looks elsewhere has answered
            await client.runs.create(answered.thread_id, assistant_id, **options)
            return
        watch = RunStream(client, answered.thread_id, answered.shown(), hide=settings().hide_nodes)
        views = watch.start(assistant_id, **options)
        await follow(tab, look, watch, _keeping_open(views, answered.left))
        if desk.look != look and not (look.taken_back or watch.accepted):
            await asyncio.sleep(UNDER_WAY)
            if not await watch.is_taken():
                await client.runs.create(answered.thread_id, assistant_id, **options)
            return
        await _look_again(tab, client, watch, answered.thread_id)
    except ConflictError:
        await _give_back(tab, look, answered, _ANSWERED_ALREADY)
        thread_events.notify(answered.thread_id)
    except LangGraphError as failure:
        if watch and watch.accepted:
            await explain(tab, look, failure, watch)
        else:
            await _give_back(tab, look, answered, error_row(*describe(failure)))
    finally:
        await end(tab, look, watch)


async def _asked_by(
    tab: RunState, client: LangGraphClient, answered: _Answered
) -> tuple[str, Interrupt | None]:
    """The assistant that asked, whichever is chosen by now; and the question, if it is open."""
    thread_id = answered.thread_id
    state, thread, runs = await asyncio.gather(
        client.threads.get_state(thread_id),
        client.threads.get(thread_id),
        client.runs.list(thread_id, limit=1),
    )
    metadata = thread.get("metadata") or {}
    found = [run.get("assistant_id") for run in runs] + [metadata.get("assistant_id")]
    assistant_id = next((one for one in found if isinstance(one, str) and one), "")
    assistant_id = assistant_id or await chosen_assistant(tab, client)
    asked = answered.asked
    still_open = {key_of(one) for one in load(state).interrupts}
    # Servers before 2025 do not list in a state what the stream told of it.
    if key_of(asked) not in still_open and (still_open or not state.get("next")):
        return assistant_id, None
    if is_stuck(state):
        return assistant_id, await ask_again(client, thread_id, assistant_id, asked)
    return assistant_id, asked


async def _keeping_open(
    views: AsyncGenerator[Transcript, None], left: tuple[Interrupt, ...]
) -> AsyncGenerator[Transcript, None]:
    """The views with what is still to be answered, which the server asks again at their end."""
    async with aclosing(views):
        async for view in views:
            yield replace(view, interrupts=left) if view.running and left else view


async def _look_again(
    tab: RunState, client: LangGraphClient, watch: RunStream, thread_id: str
) -> None:
    """What a run that broke off leaves open is open again, as it is after a reload."""
    if watch.outcome is Outcome.FINISHED or desk_of(tab).watch is not watch:
        return
    open_now = load(await client.threads.get_state(thread_id)).interrupts
    async with tab:
        transcript = await shown(tab)
        if desk_of(tab).watch is watch and not transcript.interrupts:
            await show(tab, replace(transcript, interrupts=open_now, running=False))


async def _show_as_it_is(
    tab: RunState, client: LangGraphClient, look: Look, thread_id: str
) -> None:
    """Show the thread of a question that somebody else has answered by now."""
    async with tab:
        shape = (await shown(tab)).shape
    thread = await client.threads.get(thread_id)
    now = await read_thread(client, thread_id, shape, thread=thread)
    async with tab:
        if desk_of(tab).look == look:
            leave(tab)
            tab.can_retry = may_help(now.failure)
            await show(tab, now, footer=[_ANSWERED_ALREADY])
    thread_events.notify(thread_id)


async def _give_back(
    tab: RunState, look: Look, answered: _Answered, row: ErrorRow | NoticeRow
) -> None:
    """Show the question again, with `row` to say why; the decision is forgotten."""
    async with tab:
        if desk_of(tab).look == look:
            leave(tab)
            await complain(tab, answered.before, row)
    await _forget(answered)


async def _forget(answered: _Answered) -> None:
    """Take the decision out of the thread."""
    with suppress(LangGraphError):
        # What is null in the metadata is passed over.
        client, nothing = await server.ready(), dict.fromkeys(answered.note())
        await client.threads.update(answered.thread_id, metadata=nothing)
