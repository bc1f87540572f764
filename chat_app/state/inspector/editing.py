"""What the State tab of the inspector changes: values, where runs begin, and where they stop.

Which state is looked at, and how, is the browser's own; its values come over the routes of
`chat_app.routes.inspect.states`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError
from chat_app.runs.checkpoints import id_of
from chat_app.runs.inspector import time_travel
from chat_app.runs.inspector.breakpoints import EVERY, Breakpoints, named
from chat_app.runs.inspector.inspection import of
from chat_app.runs.inspector.time_travel import ChangedMeanwhileError, state_at
from chat_app.state import safe_json
from chat_app.state.inputs import told_of
from chat_app.state.inspector.panel import may_inspect
from chat_app.state.run import over_budget
from chat_app.state.tab_session import tab_session
from chat_app.state.threads import thread_uuid
from chat_app.timeline.state_update import CannotRemoveError
from chat_app.transcript.error_text import describe
from chat_app.transcript.filling import filled_in, read
from chat_app.transcript.form_errors import FormError
from chat_app.transcript.forms import Field, as_json, fields_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.session import ThreadSession

LARGE = 200_000
"""Characters of a value's JSON from which on it is not edited here."""
MOST_TEXT = 2_000_000
"""Characters of what is written."""
_MOST_NODES = 500
_JSON = Field("", "json", required=True)


class _Editable(NamedTuple):
    """The values of a checkpoint that are edited here, and the form of them."""

    values: dict[str, Any]
    small: dict[str, Any]
    fields: tuple[Field, ...]


class EditingState(rx.State):
    """What is edited at this tab, and what came of the last request."""

    checkpoint: rx.Field[str] = rx.field("")
    """The one that is edited; empty while none is."""
    seen: rx.Field[str] = rx.field("")
    """The newest one of the thread when it was opened."""
    fields: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    """Its values as a form."""
    text: rx.Field[str] = rx.field("")
    """The same as JSON."""
    note: rx.Field[str] = rx.field("")
    """Which values are not there."""
    thread: rx.Field[str] = rx.field("")
    """That `nodes` and the breakpoints are of."""
    nodes: rx.Field[list[str]] = rx.field(default_factory=list)
    """Of the graph, where the server tells them."""
    before: rx.Field[list[str]] = rx.field(default_factory=list)
    """The nodes before which the next runs stop; `*` is all of them."""
    after: rx.Field[list[str]] = rx.field(default_factory=list)
    problem: rx.Field[str] = rx.field("")
    problem_detail: rx.Field[str] = rx.field("")
    faults: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    """Of the form: each the `path` of a field and a `text`."""
    is_late: rx.Field[bool] = rx.field(False)
    """The problem is that there is a newer checkpoint: it can be saved all the same."""
    said: rx.Field[str] = rx.field("")
    """What was done last, in a sentence."""
    settled: rx.Field[int] = rx.field(0)
    """How many requests were dealt with, for better or worse."""

    @rx.event(background=True, supersedes=True)
    async def load(self):
        """Read the nodes of the graph, and where the runs of the open thread stop."""
        async with self:
            session = self._session()
            if session is None or session.thread_id != self.thread:
                self.close()  # what is still there is of another thread
                self.thread, self.nodes, self.before, self.after = "", [], [], []
            if session is None:
                return
        try:
            await session.loaded()
            nodes = await _nodes_of(session)
        except LangGraphError:
            nodes = []
        async with self:
            if self._session() is session:
                self.thread, self.nodes = session.thread_id, nodes
                self._show_breakpoints(session)

    @rx.event(background=True, supersedes=True)
    async def open(self, checkpoint: str):
        """Open a checkpoint to be edited."""
        async with self:
            session, checkpoint_id = self._session(), thread_uuid(checkpoint)
            if session is None or checkpoint_id is None:
                return
        try:
            client = await session.client()
            found = await _editable(session, client, checkpoint_id)
            newest = await client.threads.get_history(session.thread_id, limit=1)
        except LangGraphError as failure:
            async with self:
                self._fail(failure)
            return
        async with self:
            if self._session() is not session:
                return  # the page has turned to another thread
            self._forget_problem()
            self.checkpoint, self.seen = checkpoint_id, id_of(newest[0]) if newest else ""
            self.fields = safe_json.parse(as_json([asdict(field) for field in found.fields]))
            self.text = safe_json.sendable(as_json(found.small, indent=2))
            is_whole = len(found.small) == len(found.values)
            self.note = "" if is_whole else words.STATE_TOO_LARGE

    @rx.event
    def close(self):
        """Edit nothing any more."""
        self.checkpoint, self.fields, self.text, self.note = "", [], "", ""
        self._forget_problem()

    @rx.event(background=True)
    async def save(self, given: dict[str, Any] | None, text: str, node: str, forced: bool):  # noqa: FBT001 - of an event
        """Save what was edited as a new checkpoint: the form, or the JSON where there is no form.

        `node` is to have written it, empty where the graph decides; `forced` saves it also where
        there is a newer checkpoint by now.
        """
        async with self:
            session, checkpoint_id, seen = self._session(), self.checkpoint, self.seen
            is_form = isinstance(given, dict)
            if session is None or not checkpoint_id or not (isinstance(text, str) or is_form):
                return
            as_node = node if node in self.nodes else ""
        try:
            found = await _editable(session, await session.client(), checkpoint_id)
            after = _filled(found, given if is_form else None, text)
            saved = await time_travel.save_state(
                session.work,
                after,
                checkpoint_id=checkpoint_id,
                seen=seen,
                as_node=as_node,
                is_forced=forced is True,
            )
        except FormError as wrong:
            async with self:
                self._settle()
                self.problem, self.faults = told_of(wrong)
        except CannotRemoveError as wrong:
            async with self:
                self._settle()
                key = safe_json.sendable(wrong.key[:200])
                self.problem = words.STATE_KEY_STAYS.format(key=key)
        except LangGraphError as failure:
            async with self:
                self._fail(failure)
                self.is_late = isinstance(failure, ChangedMeanwhileError)
        else:
            async with self:
                self._settle()
                if not saved.checkpoint_id:
                    self.problem = words.STATE_UNCHANGED
                    return
                self.close()
                keys = safe_json.sendable(", ".join(saved.others)[:500])
                combined = words.STATE_COMBINED.format(keys=keys)
                self.said = combined if saved.others else words.STATE_SAVED

    @rx.event(background=True)
    async def go_on(self, checkpoint: str, runs: bool):  # noqa: FBT001 - of an event
        """Go on at a checkpoint: with the nodes that are next, or with what is sent then."""
        async with self:
            session, checkpoint_id = self._session(), thread_uuid(checkpoint)
        if session is None or checkpoint_id is None:
            return
        if runs is True:
            await self._run(session, checkpoint_id)
            return
        try:
            await time_travel.show_checkpoint(session.work, checkpoint_id)
        except LangGraphError as failure:
            async with self:
                self._fail(failure)
            return
        async with self:
            self._settle(words.CHECKPOINT_SHOWN)

    @rx.event(background=True)
    async def run_from(self, checkpoint: str, given: str):
        """Run from a checkpoint with an input: JSON, or the words of a message."""
        async with self:
            session, checkpoint_id = self._session(), thread_uuid(checkpoint)
        if session is None or checkpoint_id is None or not isinstance(given, str):
            return
        try:
            asked = _input(given, session.work.view.transcript.shape.key)
        except FormError as wrong:
            async with self:
                self._settle()
                self.problem, self.faults = told_of(wrong)
            return
        await self._run(session, checkpoint_id, given=asked)

    @rx.event(background=True)
    async def step(self, checkpoint: str):
        """Run what is next at a checkpoint, and stop after it."""
        async with self:
            session, checkpoint_id = self._session(), thread_uuid(checkpoint)
        if session is not None and checkpoint_id is not None:
            await self._run(session, checkpoint_id, interrupt_after="*")

    @rx.event(background=True)
    async def set_breakpoints(self, before: list[str], after: list[str]):
        """Let the next runs of the thread stop before and after these nodes."""
        async with self:
            session = self._session()
            inspection = of(session.inspection) if session else None
            if session is None or inspection is None:
                return
            known = {*self.nodes, EVERY}
            wanted = (tuple(one for one in named(some) if one in known) for some in (before, after))
            chosen = inspection.breakpoints.chosen = Breakpoints(*wanted)
            self._show_breakpoints(session)
        try:
            await inspection.breakpoints.keep(await session.client())
        except LangGraphError as failure:
            async with self:
                self._fail(failure)
            return
        async with self:
            self._settle(words.BREAKPOINTS_SET if any(chosen) else words.BREAKPOINTS_NONE)

    async def _run(self, session: ThreadSession, checkpoint_id: str, **options: Any) -> None:
        """Start a run there, and say what became of it."""
        refusal = await over_budget(self)
        if refusal:
            async with self:
                self._settle()
                self.problem = refusal
            return
        try:
            await time_travel.run_from(session.work, checkpoint_id, **options)
        except LangGraphError as failure:
            async with self:
                self._fail(failure)
            return
        async with self:
            self._settle(words.RUN_BEGUN)

    def _session(self) -> ThreadSession | None:
        """That of the open thread, for someone who may inspect it. Needs the lock."""
        return tab_session(self).session if may_inspect(self) else None

    def _show_breakpoints(self, session: ThreadSession) -> None:
        if inspection := of(session.inspection):
            self.before = list(inspection.breakpoints.chosen.before)
            self.after = list(inspection.breakpoints.chosen.after)

    def _forget_problem(self) -> None:
        self.problem, self.problem_detail, self.faults, self.is_late = "", "", [], False
        self.said = ""

    def _settle(self, said: str = "") -> None:
        self._forget_problem()
        self.said = said
        self.settled += 1

    def _fail(self, failure: LangGraphError) -> None:
        self._settle()
        sentence, detail = describe(failure)
        self.problem, self.problem_detail = sentence, safe_json.sendable(detail[:2000])


async def _editable(
    session: ThreadSession, client: LangGraphClient, checkpoint_id: str
) -> _Editable:
    """Raises a `LangGraphError` where the server does not tell the state."""
    state = await state_at(client, session.thread_id, checkpoint_id)
    held = state.get("values")
    values = dict(held) if isinstance(held, dict) else {}
    small = {key: value for key, value in values.items() if len(as_json(value)) <= LARGE}
    schema = await _schema_of(session, client)
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    kept = {key: one for key, one in known.items() if key in small or key not in values}
    fields = fields_of(small, {**schema, "properties": kept, "required": []}, root=schema)
    return _Editable(values, small, fields)


async def _schema_of(session: ThreadSession, client: LangGraphClient) -> dict[str, Any]:
    """Of the graph's state; empty where the server does not tell."""
    try:
        assistant_id = await session.work.assistant(client)
        found: Any = await client.assistants.get_schemas(assistant_id)
    except LangGraphError:
        return {}
    schema = found.get("state_schema") if isinstance(found, dict) else None
    return schema if isinstance(schema, dict) else {}


async def _nodes_of(session: ThreadSession) -> list[str]:
    """The nodes of the graph, without those that only begin and end it."""
    client = await session.client()
    drawing: Any = await client.assistants.get_graph(await session.work.assistant(client))
    listed = drawing.get("nodes") if isinstance(drawing, dict) else None
    names = [one.get("id") for one in listed or [] if isinstance(one, dict)]
    found = [one for one in named(names) if not (one.startswith("__") and one.endswith("__"))]
    return [safe_json.sendable(one) for one in found[:_MOST_NODES]]


def _filled(found: _Editable, given: dict[str, Any] | None, text: str) -> dict[str, Any]:
    """The values as they were edited.

    Raises:
        FormError: that is no state.
    """
    large = {key: value for key, value in found.values.items() if key not in found.small}
    if given is not None:
        return {**filled_in(found.small, found.fields, given), **large}
    if len(text) > MOST_TEXT:
        raise FormError(words.NOT_JSON.format(why=words.STATE_NOT_AN_OBJECT))
    written = read(_JSON, text)
    if not isinstance(written, dict):
        raise FormError(words.STATE_NOT_AN_OBJECT)
    return {**written, **large}


def _input(given: str, key: str) -> Any:
    """What a person has written as an input: JSON, or else the words of a message.

    Raises:
        FormError: it begins as JSON and is none, or there is nothing.
    """
    if not given.strip() or len(given) > MOST_TEXT:
        raise FormError(words.INPUT_EMPTY)
    if given.lstrip().startswith(("{", "[")):
        return read(_JSON, given)
    message = {"type": "human", "content": given.strip(), "id": str(uuid4())}
    return {key: [message]} if key else [message]
