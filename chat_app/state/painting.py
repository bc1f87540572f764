"""Painting what a thread's session publishes into the vars of one tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.runs.machine.conversation import Kind, Notice, Phase
from chat_app.runs.threads.thread_list import BUSY
from chat_app.runs.timings import wall_time
from chat_app.state import server
from chat_app.state.ask_rows import open_question
from chat_app.state.asking import AskState
from chat_app.state.assistants import go_on_with
from chat_app.state.branches import open_again
from chat_app.state.draft import DraftState, give_back
from chat_app.state.forms import FormState
from chat_app.state.inputs import InputState
from chat_app.state.notices import stopped_row
from chat_app.state.queue import QueueState, waiting
from chat_app.state.rows import ErrorRow, NoticeRow, error_row, notice_row, nowhere_row
from chat_app.state.run import RunState
from chat_app.state.safe_json import sendable
from chat_app.state.tab_session import find as tab_session_of
from chat_app.state.transcript import TailState
from chat_app.transcript.error_text import cause_of, describe
from chat_app.transcript.failures import may_help
from chat_app.transcript.message import Transcript
from chat_app.transcript.sent_forms import sent_forms

if TYPE_CHECKING:
    from typing import Any

    from chat_app.runs.machine.conversation import Conversation, Trouble
    from chat_app.runs.session import Snapshot, ThreadSession
    from chat_app.runs.thread_view import View
    from chat_app.state.tab_session import TabSession
    from chat_app.state.transcript import Canvas
    from chat_app.transcript.message import Interrupt


async def paint(tail: TailState, mine: TabSession, canvas: Canvas) -> None:
    """Show the newest snapshot of the open thread. Needs the tab's lock.

    Of all states the tail's is at hand, and looking for another takes time: so the others are only
    touched where what they show has changed.
    """
    session = mine.showing
    if session is None:
        await _paint_questions(tail, ())
        if not mine.is_painted:
            footer = [_problem_row(mine.problem)] if mine.problem else []
            await canvas.show(tail, Transcript(), footer=footer)
            mine.is_painted = True
        return
    now, was = session.snapshot, mine.shown
    if mine.is_painted and now.is_same(was):
        return
    run: RunState | None = None
    if was is None or now.conversation is not was.conversation or _differs(now.view, was.view):
        run = await tail.get_state(RunState)
        if run.thread_id != session.thread_id:
            return  # the page turns to another thread
        if mine.session:
            await _give_back(run, mine.session)
        await _paint_run(run, mine, now)
        _note(mine, now)
        if was is None or now.conversation.queue is not was.conversation.queue:
            await _paint_queue(tail, now.conversation)
    mine.shown, mine.is_painted = now, True
    transcript = now.view.transcript
    if was is None or transcript.interrupts is not was.view.transcript.interrupts:
        await _paint_questions(tail, transcript.interrupts)
    if was is None or len(transcript.messages) != len(was.view.transcript.messages):
        await _paint_forms(tail, transcript)
    at_rest = now.conversation.phase.is_at_rest
    footer, versions = _footer(now, mine.problem), now.view.versions
    canvas.painter.where = canvas.painter.where._replace(leaf=now.view.leaf)
    await canvas.show(tail, transcript, footer=footer, at_rest=at_rest, versions=versions)


async def _give_back(run: RunState, session: ThreadSession) -> None:
    """Take what the server never accepted into the draft, where its handler is over by now."""
    token = run.router.session.client_token
    for returned in session.snapshot.conversation.returned:
        is_ours = returned.tab == token or tab_session_of(returned.tab) is None
        if is_ours and (taken := session.take_returned(returned.id)):
            if taken.edits:
                await open_again(run, taken)
            else:
                await give_back(run, taken, session.thread_id)


def _note(mine: TabSession, now: Snapshot) -> None:
    """Tell the lists what the thread's session says: it is newer than what the server lists."""
    if now.view.is_temporary:
        return  # it is in no list
    if mine.session is None:
        return  # a replay is none of the threads
    thread_id = mine.session.thread_id
    if mine.list and (now.view.is_loaded or now.conversation.is_running):
        mine.list.note(thread_id, _status(now))
    waits = _waits(now)
    if mine.inbox and waits is not None:
        mine.inbox.note(thread_id, waits=waits)


def _status(now: Snapshot) -> str:
    """In the words of the server's own list."""
    conversation, transcript = now.conversation, now.view.transcript
    if conversation.is_running:
        return BUSY
    if transcript.interrupts:
        return "interrupted"
    return "error" if transcript.failure else "idle"


def _waits(now: Snapshot) -> bool | None:
    """Whether a thread waits for a person; None while that is not decided yet.

    An answer that the server has not accepted may still be refused.
    """
    if now.conversation.phase.is_at_rest:
        return bool(now.view.transcript.interrupts) if now.view.is_loaded else None
    return False if now.conversation.phase in (Phase.RUNNING, Phase.STOPPING) else None


def _differs(now: View, was: View) -> bool:
    """Whether anything but the transcript has changed."""
    return (
        now.is_temporary,
        now.title,
        now.assistant_id,
        now.cut,
        now.is_stopped,
        now.is_gone,
    ) != (
        was.is_temporary,
        was.title,
        was.assistant_id,
        was.cut,
        was.is_stopped,
        was.is_gone,
    )


async def _paint_run(run: RunState, mine: TabSession, now: Snapshot) -> None:
    conversation, view = now.conversation, now.view
    is_starting = conversation.phase is Phase.STARTING and server.is_starting()
    shown: dict[str, Any] = {
        "running": conversation.is_running,
        "stopping": conversation.phase is Phase.STOPPING and not conversation.is_unconfirmed,
        "starting": is_starting,
        "stop_failed": conversation.is_running and conversation.trouble is not None,
        "cut": view.cut is not None,
        "is_temporary": view.is_temporary,
        "can_retry": await _can_retry(run, mine, now),
    }
    if view.title or view.is_loaded:
        shown["title"] = view.title or (words.CHAT_NOT_FOUND if view.is_gone else words.NEW_CHAT)
    if view.cut:
        shown["cut_cause"] = cause_of(view.cut.reconnecting.exception)
        shown["again_at"] = wall_time(view.cut.again_at)
    for name, value in shown.items():
        if getattr(run, name) != value:
            setattr(run, name, value)
    if view.assistant_id and (mine.shown is None or mine.shown.view.assistant_id == ""):
        await go_on_with(run, run.thread_id, view.assistant_id)


async def _can_retry(run: RunState, mine: TabSession, now: Snapshot) -> bool:
    conversation, failure = now.conversation, now.view.transcript.failure
    trouble, turn = conversation.trouble, conversation.turn
    if not conversation.phase.is_at_rest:
        return False
    if trouble is None:
        return may_help(failure)
    was_sent = turn is None or turn.kind is not Kind.MESSAGE or bool(turn.run_id)
    if was_sent or not trouble.can_retry:
        return trouble.can_retry
    # Only the tab that has the message back can send it again.
    draft, form = await run.get_state(DraftState), await run.get_state(InputState)
    ids = mine.attachments.returned(run.thread_id)
    return bool(draft.returned or ids or form.is_returned)


async def _paint_queue(tab: rx.State, conversation: Conversation) -> None:
    queue, shown = await tab.get_state(QueueState), waiting(conversation.queue)
    if shown != queue.waiting:
        queue.waiting = shown
        queue.paused = sum(message.is_paused for message in shown)


async def _paint_questions(tab: rx.State, interrupts: tuple[Interrupt, ...]) -> None:
    asking, shown = await tab.get_state(AskState), [open_question(one) for one in interrupts]
    if shown != asking.open:
        asking.open = shown


async def _paint_forms(tab: rx.State, transcript: Transcript) -> None:
    forms = await tab.get_state(FormState)
    sent = {
        f"{index}.w{number}": {sendable(name): sendable(value) for name, value in values.items()}
        for (index, number), values in sent_forms(transcript.messages).items()
    }
    if sent != forms.sent:
        forms.sent = sent


def _footer(now: Snapshot, problem: str) -> list[ErrorRow | NoticeRow]:
    """The rows below the transcript, with at most one error: the newest."""
    rows: list[ErrorRow | NoticeRow] = []
    if now.view.is_stopped:
        rows.append(stopped_row())
    if problem:
        rows.append(_problem_row(problem))
    elif trouble := now.conversation.trouble:
        rows.append(_trouble_row(trouble))
    elif now.view.is_gone:
        rows.append(nowhere_row(words.THREAD_GONE))
    return rows


def _problem_row(problem: str) -> ErrorRow:
    is_nowhere = problem in (words.NOT_A_THREAD, words.NOT_A_PAGE)
    return nowhere_row(problem) if is_nowhere else error_row(problem, "")


def _trouble_row(trouble: Trouble) -> ErrorRow | NoticeRow:
    failure = trouble.failure
    match trouble.notice:
        case Notice.STOP_REFUSED:
            return error_row(words.STOP_REFUSED, cause_of(failure) if failure else "")
        case Notice.STOP_UNCONFIRMED:
            return error_row(words.STOP_UNCONFIRMED, "")
        case Notice.ANSWERED_ALREADY:
            return notice_row("answered", words.ANSWERED_ALREADY)
    assert failure  # noqa: S101 - for the type checker
    return error_row(*describe(failure))
