"""Importing a conversation from a file: a preview first, then a thread of the person's own."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError
from chat_app.export.files import document_of
from chat_app.state import opened_file, server
from chat_app.state.person import person_of
from chat_app.state.replay import FILE_PATH
from chat_app.state.safe_json import sendable
from chat_app.state.tab_session import tab_session
from chat_app.state.threads import ThreadsState
from chat_app.transcript.error_text import describe
from chat_app.transcript.message import Role, Text

_SAMPLES, _SAMPLE_LENGTH = 6, 300
_PERSON, _AGENT = "human", "assistant"


@dataclass(frozen=True)
class Sample:
    """The beginning of a message."""

    who: str
    """``human`` or ``assistant``."""
    text: str


class ImportState(rx.State):
    """What is in the file that the tab has opened."""

    is_open: rx.Field[bool] = rx.field(False)
    is_busy: rx.Field[bool] = rx.field(False)
    title: rx.Field[str] = rx.field("")
    about: rx.Field[str] = rx.field("")
    """How many messages, of when and with which assistant."""
    samples: rx.Field[list[Sample]] = rx.field(default_factory=list)
    more: rx.Field[int] = rx.field(0)
    """How many messages follow the samples."""
    problem: rx.Field[str] = rx.field("")
    detail: rx.Field[str] = rx.field("")

    @rx.event
    async def look(self):
        """Show what is in the file that was sent."""
        mine = tab_session(self)
        await opened_file.find(mine, self.router.session.client_token)
        saved = mine.file
        if saved is None:
            return
        document = document_of(saved)
        said = [
            Sample(_PERSON if message.role is Role.HUMAN else _AGENT, _beginning(spoken))
            for message in document.transcript.messages
            if (spoken := " ".join(p.text for p in message.parts if isinstance(p, Text)).strip())
        ]
        self.title = sendable(document.heading)
        facts = [words.messages(len(document.transcript.messages)), sendable(saved.assistant)]
        facts += [f"{document.changed:%Y-%m-%d}"] if document.changed else []
        self.about = " · ".join(filter(None, facts))
        self.samples, self.more = said[:_SAMPLES], max(len(said) - _SAMPLES, 0)
        self.problem = self.detail = ""
        self.is_open, self.is_busy = True, False

    @rx.event
    async def close(self):
        """Forget the file, unless it is being replayed."""
        mine = tab_session(self)
        if mine.replay is None:
            await opened_file.forget(mine, self.router.session.client_token)
        self.reset()

    @rx.event
    def replay(self):
        """Replay the file, without a thread."""
        if tab_session(self).file:
            self.reset()
            yield rx.redirect(FILE_PATH)

    @rx.event(background=True)
    async def create(self):
        """Make a thread of the file, and show it."""
        async with self:
            saved, person = tab_session(self).file, person_of(self)
            if saved is None or self.is_busy:
                return
            self.is_busy, self.problem, self.detail = True, "", ""
        try:
            await server.ready_for(person)
            thread_id = await server.gate().make_thread(person, saved)
        except LangGraphError as failure:
            async with self:
                self.is_busy = False
                self.problem, self.detail = describe(failure)
            return
        async with self:
            await opened_file.forget(tab_session(self), self.router.session.client_token)
            self.reset()
        yield rx.redirect(f"/t/{thread_id}")
        yield ThreadsState.refresh


def _beginning(said: str) -> str:
    said = sendable(" ".join(said.split()))
    return said if len(said) <= _SAMPLE_LENGTH else said[: _SAMPLE_LENGTH - 1] + "…"
