"""Answering what the graph asks.

What comes from the page names a question by its key and is checked against the transcript that the
thread's session shows, then against what the server still has open. Of several open questions each
is answered by itself; the others stay on the page meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text as words
from chat_app.runs.answered import Answered
from chat_app.runs.ids import uuid7
from chat_app.runs.machine import events
from chat_app.runs.machine.conversation import Phase
from chat_app.state import safe_json
from chat_app.state.rows import OpenQuestion
from chat_app.state.tab_session import tab_session
from chat_app.transcript.asked import asked_in_words, key_of
from chat_app.transcript.deciding import NotAnAnswerError, answer_to
from chat_app.transcript.forms import as_json
from chat_app.transcript.message import Decision

if TYPE_CHECKING:
    from chat_app.runs.session import ThreadSession


class AskState(rx.State):
    """What is asked, and what was wrong with the last answer, if anything was."""

    open: rx.Field[list[OpenQuestion]] = rx.field(default_factory=list)
    """What the open thread asks, for the composer; the cards are rows of the transcript."""
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
            await self._answer(key, given)
        finally:
            async with self:
                self.settled += 1

    @rx.event(background=True)
    async def leave(self, key: str):
        """Close the question of that key, and all that is open beside it, without an answer."""
        try:
            async with self:
                session = tab_session(self).session
            if session is None or not isinstance(key, str):
                return
            await _saved(session)
            if any(key_of(one) == key for one in session.snapshot.view.transcript.interrupts):
                async with self:
                    tab_session(self).dismissed = session.thread_id
                session.post(events.Dismiss())
                await session.at_rest()
        finally:
            async with self:
                self.settled += 1

    async def _answer(self, key: str, given: dict[str, Any]) -> None:
        """Take it, if it is an answer to anything that is open."""
        async with self:
            token, session = self.router.session.client_token, tab_session(self).session
        if session:
            await _saved(session)
        async with self:
            if session is None or not session.snapshot.conversation.phase.is_at_rest:
                return
            interrupts = session.snapshot.view.transcript.interrupts
            asked = next((one for one in interrupts if key_of(one) == key), None)
            if asked is None:
                return
            try:
                answer = answer_to(asked, given)
            except NotAnAnswerError as wrong:
                self.key, self.problem, self.faults = key, *_told(wrong)
                return
            self.key, self.problem, self.faults = "", "", []
        left = tuple(one for one in interrupts if one is not asked)
        decision = Decision(str(uuid7()), answer.said, asked_in_words(asked))
        answered = Answered(asked, answer, decision, left)
        session.post(events.Answer(decision.id, answered, token))
        await session.at_rest()


async def _saved(session: ThreadSession) -> None:
    """Wait until a run that is over is saved: its questions are on the page by then."""
    if session.snapshot.conversation.phase is Phase.SAVING:
        await session.at_rest()


def _told(wrong: NotAnAnswerError) -> tuple[str, list[dict[str, Any]]]:
    """What to say below the question, and what at its fields."""
    at_fields = [one for one in wrong.faults if any(isinstance(key, str) for key in one.path)]
    others = [one.text for one in wrong.faults if one not in at_fields]
    said = safe_json.sendable("\n".join(others)) or words.LOOK_AGAIN
    faults = [{"path": list(one.path), "text": one.text} for one in at_fields]
    return said, safe_json.parse(as_json(faults))
