"""The Request tab of the inspector: what started the last run, or would start the next, as code.

The values of keys are not in it: they stand as variables of the environment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError, NotFoundError
from chat_app.config import settings
from chat_app.runs.inspector import requests
from chat_app.runs.inspector.inspection import of as inspection_of
from chat_app.state import server
from chat_app.state.assistants import AssistantsState, chosen_shape
from chat_app.state.inspector.panel import may_inspect
from chat_app.state.person import person_of
from chat_app.state.run import RunState
from chat_app.state.safe_json import sendable
from chat_app.state.tab_session import tab_session
from chat_app.timeline.sent_request import shortened
from chat_app.timeline.snippets import Header, Request, Variable, curl, python_client, python_sdk
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json

LAST, NEXT = "last", "next"
FORMS: dict[str, Callable[[Request], str]] = {
    "sdk": python_sdk,
    "client": python_client,
    "curl": curl,
}
_ACCESS_TOKEN = Variable("ACCESS_TOKEN")


@dataclass(frozen=True)
class Snippet:
    """The request in one form: a key of `FORMS`."""

    form: str
    code: str


class RequestState(rx.State):
    """The request of one run of the open thread."""

    which: rx.Field[str] = rx.field(LAST)
    """`LAST` or `NEXT`."""
    thread: rx.Field[str] = rx.field("")
    """The thread that it is of."""
    loaded: rx.Field[bool] = rx.field(False)
    address: rx.Field[str] = rx.field("")
    """Where it goes; empty where there is no such run."""
    run: rx.Field[str] = rx.field("")
    """The run that it has started."""
    snippets: rx.Field[list[Snippet]] = rx.field(default_factory=list)
    notes: rx.Field[list[str]] = rx.field(default_factory=list)
    """What has to be known before it is sent again, in sentences."""
    problem: rx.Field[str] = rx.field("")
    problem_detail: rx.Field[str] = rx.field("")

    @rx.event(background=True, supersedes=True)
    async def load(self, which: str):
        """Show the request of the last run, or of the next one."""
        async with self:
            if not may_inspect(self) or which not in (LAST, NEXT):
                return
            person, thread_id = person_of(self), (await self.get_state(RunState)).thread_id
            if (which, thread_id) != (self.which, self.thread):
                self.reset()
                self.which, self.thread = which, thread_id
        problem, run_id, body = ("", ""), "", {}
        try:
            client = await server.ready_for(person)
            if which == NEXT:
                async with self:
                    body = await _next(self, client)
            elif thread_id:
                own = await server.gate().client(person, thread_id)
                run_id, body = await requests.last(own, thread_id)
        except NotFoundError:
            pass  # a new thread, which the server does not have yet
        except LangGraphError as failure:
            problem = describe(failure)
        async with self:
            if (which, thread_id) == (self.which, self.thread):
                self.problem, self.problem_detail = problem
                self.loaded = True
                self._show(run_id, body)

    def _show(self, run_id: str, body: Json) -> None:
        self.run = run_id
        if not body:
            self.address, self.snippets, self.notes = "", [], []
            return
        body, is_cut = shortened(body)
        request = _request(self.thread, body)
        snippets = [Snippet(form, sendable(write(request))) for form, write in FORMS.items()]
        if snippets != self.snippets:
            self.snippets = snippets
        self.address = sendable(request.address)
        self.notes = _notes(self.which, is_cut=is_cut)


async def _next(tab: RequestState, client: LangGraphClient) -> Json:
    """The body of the next message's request. Needs the tab's lock."""
    session = tab_session(tab).session
    inspection = inspection_of(session.inspection) if session else None
    chosen = (await tab.get_state(AssistantsState)).chosen
    if not chosen:
        return {}
    return requests.following(
        client,
        chosen,
        await chosen_shape(tab),
        message=words.YOUR_MESSAGE,
        options=inspection.options() if inspection else {},
        checkpoint_id=session.snapshot.view.leaf if session else "",
    )


def _request(thread_id: str, body: Json) -> Request:
    """The request with the headers that this app sends, as far as a reader may know them."""
    configured = settings()
    headers = [Header(name, _variable(name)) for name in configured.api_headers]
    if configured.forward_identity != "off":
        headers.append(Header("authorization", _ACCESS_TOKEN, "Bearer "))
    return Request(
        server.shown_address(),
        thread_id,
        body,
        has_key=configured.embedded or bool(configured.api_key.get_secret_value()),
        headers=tuple(one for one in headers if one.name.lower() != "x-api-key"),
    )


def _variable(header: str) -> Variable:
    return Variable(re.sub(r"\W", "_", header, flags=re.ASCII).upper())


def _notes(which: str, *, is_cut: bool) -> list[str]:
    notes = [words.REQUEST_IS_NEW] if which == LAST else []
    if settings().embedded:
        notes.append(words.REQUEST_TO_DEMO)
    return [*notes, *([words.REQUEST_IS_CUT] if is_cut else [])]
