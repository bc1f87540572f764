"""What the person at this tab thinks of the answers of the open thread.

All tabs of a person with one thread open share its `chat_app.state.feedback_book.Book`, so that
each shows what another changes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING
from weakref import WeakSet

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError, NotFoundError, UnsupportedError
from chat_app.config import settings
from chat_app.runs import feedback, langsmith
from chat_app.runs.feedback import LONGEST_NOTE, Feedback
from chat_app.state import server
from chat_app.state.feedback_book import book_of
from chat_app.state.person import person_of
from chat_app.state.safe_json import sendable
from chat_app.state.tab_session import tab_session
from chat_app.transcript.error_text import describe
from chat_app.transcript.memory import is_mark
from chat_app.transcript.message import Role

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.session import ThreadSession
    from chat_app.state.feedback_book import Book
    from chat_app.state.tab_session import TabSession
    from chat_app.transcript.message import Message, Transcript

_log = logging.getLogger("chat_app.state")

NEVER = "never"
GOOD, BAD = "good", "bad"
_SCORES = {GOOD: 1, BAD: 0}

_without_store: WeakSet[LangGraphClient] = WeakSet()
"""Servers that have refused to keep any."""


@dataclass(frozen=True)
class Rating:
    """Of one answer, as the page shows it."""

    score: str
    """``good`` or ``bad``."""
    note: str = ""


class FeedbackState(rx.State):
    """The person's ratings of answers in the open thread, by the id of the answer."""

    is_offered: rx.Field[bool] = rx.field(True)
    given: rx.Field[dict[str, Rating]] = rx.field(default_factory=dict)
    problem: rx.Field[str] = rx.field("")
    """Why the last rating was not kept; `problem_at` is the id of the answer."""
    problem_at: rx.Field[str] = rx.field("")

    @rx.event(background=True)
    async def load(self):
        """Read what the person gave in the open thread."""
        if settings().feedback == NEVER:
            async with self:
                self.is_offered = False
            return
        async with self:
            person, mine = person_of(self), tab_session(self)
            thread_id = mine.thread_id
            if not thread_id:
                return
            book = _open_book(mine, person.id, thread_id)
        try:
            is_offered = await _load(await server.gate().client(person, thread_id), book)
        except LangGraphError as refused:
            _log.info("thread %s: no feedback is read: %r", thread_id, refused)
            is_offered = False
        async with self:
            if self.is_offered != is_offered:
                self.is_offered = is_offered

    @rx.event(background=True)
    async def rate(self, message_id: str, score: str):
        """Rate an answer good or bad; with an empty score, take the rating back."""
        if not isinstance(message_id, str) or score not in ("", *_SCORES):
            return
        await _change(self, message_id, score=score)

    @rx.event(background=True)
    async def note(self, message_id: str, note: str):
        """Say why, of an answer that is rated."""
        if isinstance(message_id, str) and isinstance(note, str):
            await _change(self, message_id, note=note.strip()[:LONGEST_NOTE])


async def _load(client: LangGraphClient, book: Book) -> bool:
    """Read the book; returns whether the server keeps any.

    Raises:
        LangGraphError: it does not tell.
    """
    if client.root in _without_store:
        return False
    try:
        async with book.turns:
            book.set(await feedback.read(client, book.person, book.thread_id))
    except (NotFoundError, UnsupportedError):
        _without_store.add(client.root)
        return False
    return True


async def _change(
    tab: FeedbackState, message_id: str, *, score: str | None = None, note: str | None = None
) -> None:
    async with tab:
        person, mine = person_of(tab), tab_session(tab)
        session = mine.session
        is_answer = session is not None and _answer(session, message_id)
        if not (session and is_answer) or settings().feedback == NEVER:
            return
        if session.snapshot.view.is_temporary:  # which leaves nothing behind
            return
        thread_id = session.thread_id
        book = _open_book(mine, person.id, thread_id)
        tab.problem = tab.problem_at = ""
    problem = ""
    async with book.turns:
        before = dict(book.given)
        now = _changed(book, message_id, score, note)
        if now == before.get(message_id):
            return
        given = {**before, message_id: now} if now else _without(before, message_id)
        book.set(given)
        try:
            client = await server.gate().client(person, thread_id)
            kept = await _keep(client, session, now, before.get(message_id), message_id)
            if kept:
                book.given[message_id] = kept
        except LangGraphError as refused:
            book.set(before)
            problem = words.FEEDBACK_NOT_KEPT if _has_no_store(refused) else describe(refused)[0]
    if problem:
        async with tab:
            tab.problem, tab.problem_at = problem, message_id


def _changed(book: Book, message_id: str, score: str | None, note: str | None) -> Feedback | None:
    """The feedback on an answer after a change; None where there is none then."""
    known = book.given.get(message_id)
    if score is None:  # only what is rated has a note
        return replace(known, note=note or "") if known else None
    if not score:
        return None
    value = _SCORES[score]
    if known:
        return replace(known, score=value)
    return Feedback(book.person, book.thread_id, message_id, value)


async def _keep(
    client: LangGraphClient,
    session: ThreadSession,
    now: Feedback | None,
    before: Feedback | None,
    message_id: str,
) -> Feedback | None:
    """Write it to the store, and give it to LangSmith where the run has an address there.

    Raises:
        LangGraphError: the store does not keep it.
    """
    about = now or before
    if about is None:
        return None
    run_id, address = about.run_id or _run_of(session, message_id), ""
    if langsmith.is_used(client):
        answer = _answer(session, message_id) or ()
        ids = [one.id for one in answer]
        found, address = await langsmith.find(client, session.thread_id, ids)
        run_id = found or run_id
    if now:
        now = replace(now, run_id=run_id)
        await feedback.write(client, now)
    else:
        await feedback.remove(client, about)
    if address:
        source = f"{about.person}\n{about.thread_id}\n{message_id}"
        await langsmith.submit(
            address,
            score=now.score if now else None,
            note=now.note if now else "",
            source=sha256(source.encode(errors="replace")).hexdigest()[:32],
            hosts=settings().langsmith_hosts,
        )
    return now


def _run_of(session: ThreadSession, message_id: str) -> str:
    """The run of an answer, where it is the last one and was watched."""
    transcript = session.snapshot.view.transcript
    answer = _answer(session, message_id)
    is_last = bool(answer) and answer[-1] is transcript.messages[-1]
    return transcript.run_id if is_last else ""


def _answer(session: ThreadSession, message_id: str) -> tuple[Message, ...]:
    """The messages of a finished answer whose first one has this id; empty where there is none."""
    transcript = session.snapshot.view.transcript
    place = _place(transcript, message_id)
    if place is None:
        return ()
    end = place
    while end < len(transcript.messages) and transcript.messages[end].role is not Role.HUMAN:
        end += 1
    is_going = transcript.running and end == len(transcript.messages)
    return () if is_going else transcript.messages[place:end]


def _place(transcript: Transcript, message_id: str) -> int | None:
    """The index of the message, where an answer begins with it."""
    first: int | None = None  # of the turn
    for place, message in enumerate(transcript.messages):
        if message.role is Role.HUMAN:
            first = None
        elif first is None and message.role is not Role.SYSTEM and not is_mark(message):
            first = place
            if message_id and message.id == message_id:
                return place
    return None


def _without(given: dict[str, Feedback], message_id: str) -> dict[str, Feedback]:
    return {key: one for key, one in given.items() if key != message_id}


def _open_book(mine: TabSession, person: str, thread_id: str) -> Book:
    """The book of a person and a thread, which the tab shows from now on."""
    mine.feedback = book = book_of(person, thread_id)
    book.subscribe(mine.changed)
    mine.changed.set()
    return book


def _has_no_store(refused: LangGraphError) -> bool:
    return isinstance(refused, NotFoundError | UnsupportedError)


async def show_feedback(tab: rx.State, mine: TabSession) -> None:
    """Show the ratings of the open thread, where they have changed. Needs the tab's lock."""
    book = mine.feedback
    now = book.key if book else ("", 0)
    if now == mine.feedback_shown:
        return
    is_first, mine.feedback_shown = mine.feedback_shown is None, now
    state = await tab.get_state(FeedbackState)
    if is_first and settings().feedback == NEVER and state.is_offered:
        state.is_offered = False
    given = {
        sendable(key): Rating(GOOD if one.is_good else BAD, sendable(one.note))
        for key, one in (book.given if book else {}).items()
    }
    if given != state.given:
        state.given = given
    if not book and state.problem:
        state.problem = state.problem_at = ""
