"""The effects that start or join a run, and read its stream to the end."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from chat_app.client import ConflictError, LangGraphError, Outcome, UnreachableError
from chat_app.runs import fork_starter, langsmith, older_starts, own_queue, tasks, titles
from chat_app.runs.answers import AnsweredAlreadyError, forget_answer, resume_options
from chat_app.runs.branch_index import Left
from chat_app.runs.dismissing import dismiss_questions
from chat_app.runs.machine.conversation import Kind
from chat_app.runs.machine.events import Accepted, Created, Ended, NotStarted
from chat_app.runs.metadata_writer import MetadataWriter
from chat_app.runs.metering import tokens_used
from chat_app.runs.origin import Origin
from chat_app.runs.run_stream import RunStream
from chat_app.runs.save_partial import marked_as_stopped
from chat_app.runs.shown_branch import show_versions
from chat_app.runs.thread_view import Cut
from chat_app.runs.times import NOTE_EVERY, REPLAY
from chat_app.runs.timings import clock
from chat_app.transcript.branch_runs import metadata_of
from chat_app.transcript.fold import start as with_question
from chat_app.transcript.inputs import input_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from typing import Any

    from chat_app.client import LangGraphClient
    from chat_app.runs.machine.conversation import Turn
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.message import Transcript

_STATUS = {
    Outcome.FINISHED: "success",
    Outcome.FAILED: "error",
    Outcome.INTERRUPTED: "interrupted",
}


def begin(work: Work, turn: Turn) -> None:
    """Show a turn as begun, before anything is asked of the server."""
    work.unsent = turn.id if turn.kind is not Kind.JOINED else ""
    work.before, work.left = work.view.transcript, work.view
    work.asked = now = monotonic()
    match turn.kind:
        case Kind.MESSAGE if turn.message:
            before = fork_starter.cut(work.before, turn)
            shown = with_question(before, pending=turn.message.message).transcript
            clock.see(before, shown, now)
        case Kind.REGENERATE:
            shown = replace(fork_starter.cut(work.before, turn), running=True)
        case Kind.ANSWER if turn.answer:
            shown = replace(turn.answer.shown(work.before), running=True)
            clock.mark(turn.answer.decision.id, now)
        case Kind.RETRY:
            shown = replace(work.before, failure=None, running=True)
        case _:
            shown = replace(work.before, running=True)
    work.branches.begin(fork_starter.link_of(turn, work.view, work.before.messages))
    work.show(shown, cut=None, is_stopped=False)
    work.show_versions()


def undo(work: Work, turn_id: str) -> None:
    """Show the conversation as it was before the turn."""
    work.unsent = ""
    work.stream = None
    work.branches.drop(turn_id)
    work.show(replace(work.before, running=False), cut=None)
    work.show_versions()


async def start(work: Work, turn: Turn) -> None:
    """Start a run and read its stream; reports `Accepted` or `NotStarted`, then `Ended`."""
    try:
        client = await work.backend.connect()
        async with _counted(work, turn):
            views = await _views(work, turn, client)
            work.unsent = ""
            await _follow(work, turn, client, views)
    except AnsweredAlreadyError:
        await _not_started(work, turn, NotStarted(turn.id, is_answered=True))
    except LangGraphError as failure:
        is_busy = isinstance(failure, ConflictError) and turn.kind is Kind.MESSAGE
        is_answered = isinstance(failure, ConflictError) and turn.kind is Kind.ANSWER
        event = NotStarted(
            turn.id,
            failure,
            is_busy=is_busy,
            is_answered=is_answered,
            is_asking=bool(work.before.interrupts) and not is_busy,
        )
        await _not_started(work, turn, event)


@asynccontextmanager
async def _counted(work: Work, turn: Turn) -> AsyncGenerator[None]:
    """Count the run, if the person may start one; not where it does not come to be.

    Raises:
        LangGraphError: the person may not.
    """
    meter = work.backend.meter
    if meter is None:
        yield
        return
    await meter.begin(_key(turn), work.thread_id)
    try:
        yield
    finally:
        if work.stream is None or not work.stream.accepted:
            meter.not_started(_key(turn))


def _key(turn: Turn) -> str:
    """This app's own name of the run; the same one for a message that is tried again."""
    if turn.kind is Kind.JOINED:
        return ""
    return turn.message.message_id if turn.message else turn.id


async def join(work: Work, turn: Turn) -> None:
    """Read the stream of a run that goes on."""
    try:
        client = await work.backend.connect()
        if work.branches.has_unplaced:
            await show_versions(work, client)
        if turn.start or work.view.leaf:
            work.before = await older_starts.branch_of(work, turn, client)
        work.view = replace(work.view, leaf="", leaf_run="")
        stream = _stream(work, turn, client, work.before)
        pending = turn.message.message if turn.message else None
        await _follow(work, turn, client, stream.join(turn.run_id, pending=pending))
    except LangGraphError as failure:
        await _not_started(work, turn, NotStarted(turn.id, failure))


async def _not_started(work: Work, turn: Turn, event: NotStarted) -> None:
    undo(work, turn.id)
    if turn.answer is None:
        work.report(event)
    elif isinstance(event.failure, UnreachableError):
        work.report(event)
        await forget_answer(work, turn.answer)
    else:
        await forget_answer(work, turn.answer)  # first: a reload after the report must not show it
        work.report(event)


async def _views(work: Work, turn: Turn, client: LangGraphClient) -> AsyncGenerator[Transcript]:
    """Prepare a run: from the first view on it is asked for.

    Raises:
        LangGraphError: the server does not take it.
    """
    if turn.answer:
        assistant_id, options = await resume_options(work, client, turn.answer)
        options["metadata"] = metadata_of(fork_starter.link_of(turn, work.view, ()))
        stream = _stream(work, turn, client, turn.answer.shown(work.before))
        left = turn.answer.left
        return _keeping_open(stream.start(assistant_id, **options), left)
    named = turn.message.assistant_id if turn.message else turn.assistant_id
    assistant_id = await work.assistant(client, named)
    work.view = replace(work.view, assistant_id=assistant_id)
    shape = await work.backend.shape(client, assistant_id)
    streamed = partial(_stream, work, turn, client)
    if turn.kind is Kind.RETRY:
        return await older_starts.again(work, turn, client, streamed, assistant_id, shape)
    if turn.fork:
        work.origin = await fork_starter.origin_of(work, turn, client, shape)
        work.branches.put(work.origin.link)
        return older_starts.from_origin(work, turn, streamed, assistant_id, shape)
    await ensure_thread(work, client)
    if not work.backend.has_queue(client):
        await own_queue.ensure_idle(client, work.thread_id)
    if work.before.interrupts:
        work.unsent = ""  # from here on it leaves a trace
        runs, leaf_run = work.branches, work.view.leaf_run
        closed = await dismiss_questions(
            client,
            work.thread_id,
            work.before,
            leaf=work.view.leaf,
            elsewhere=runs.elsewhere(leaf_run),
            asked_by=leaf_run or runs.before(runs.newest),
        )
        work.before = closed or replace(work.before, interrupts=())
        work.view = replace(work.view, leaf="")  # what was written is the newest checkpoint
    asked = turn.message.message if turn.message else None
    link = fork_starter.link_of(turn, work.view, work.before.messages)
    work.origin = None
    if work.view.leaf:
        given = input_of(asked, shape.key) if asked else None
        work.origin = Origin(work.view.leaf, link, work.before, given)
    stream = _stream(work, turn, client, replace(work.before, shape=shape))
    return stream.start(
        assistant_id,
        input=input_of(asked, shape.key) if asked else None,
        pending=asked,
        checkpoint_id=work.view.leaf or None,
        metadata=metadata_of(link),
        multitask_strategy="enqueue",
    )


async def ensure_thread(work: Work, client: LangGraphClient) -> None:
    """Create the thread, unless the server has it. To ask twice makes no second one.

    Raises:
        NotThereError: the server has it already, and it is another person's.
        LangGraphError: the server does not create it.
    """
    permission = work.backend.permission
    if work.is_created or (permission and not work.metadata):
        return  # a thread that is not new was read before anything is asked for it
    thread_id, noted = work.thread_id, work.inspection.metadata() if work.inspection else {}
    metadata = {**work.metadata, **noted} or None
    create = partial(client.threads.create, thread_id=thread_id, if_exists="do_nothing")
    try:
        created = await create(metadata=metadata)
    except UnreachableError:
        created = await create(metadata=metadata)  # only the answer may be lost
    if permission:
        permission.check_created(created)
    work.is_created = True
    work.report(Created())
    if work.inspection:
        with suppress(LangGraphError):  # what was chosen while the thread was being made
            await work.inspection.keep(client)


def _stream(work: Work, turn: Turn, client: LangGraphClient, history: Transcript) -> RunStream:
    inspection = work.inspection
    tap = inspection.tap() if inspection else None

    def accepted(run_id: str) -> None:
        work.last_run = run_id
        work.branches.rename(turn.id, run_id)
        work.view = replace(work.view, leaf="", leaf_run="")
        work.report(Accepted(turn.id, run_id))
        if work.backend.meter and _key(turn):
            work.backend.meter.accepted(_key(turn), run_id)
        if inspection:
            inspection.accepted(run_id, tap)

    work.stream = RunStream(
        client,
        work.thread_id,
        history,
        hide=work.backend.hide,
        on_accepted=accepted,
        tap=tap,
        options=inspection.options() if inspection else None,
        asked=None if turn.kind is Kind.JOINED else work.asked,
    )
    return work.stream


async def _follow(
    work: Work, turn: Turn, client: LangGraphClient, views: AsyncGenerator[Transcript]
) -> None:
    """Show each view until the run is over.

    Raises:
        LangGraphError: the server did not accept the run.
    """
    stream = work.stream
    assert stream  # noqa: S101 - for the type checker
    is_joined = turn.kind is Kind.JOINED
    writer = MetadataWriter(client, work.thread_id, work.before, joined=is_joined)
    last, since, noted = work.view.transcript, monotonic(), monotonic()
    failure: LangGraphError | None = None
    try:
        async with aclosing(views):
            async for view in views:
                now = monotonic()
                clock.see(last, view, now, replayed=is_joined and now - since < REPLAY)
                last = view
                _show(work, stream, view, now)
                titles.see(work, client, view)
                if view.running and now - noted > NOTE_EVERY:
                    noted = now
                    writer.see(view, is_over=False)
    except LangGraphError as broken:
        if not stream.accepted or (is_joined and not stream.has_begun):
            raise
        failure = broken
    finally:
        if work.inspection:
            work.inspection.ended(stream.run_id)
    if work.stream is not stream:
        return  # the session was closed
    writer.see(last)
    if stream.feedback_address and not work.view.is_temporary:
        earlier = _earlier(work, turn)
        new = [message.id for message in last.messages if message.id not in earlier]
        keeping = langsmith.keep(
            client, work.thread_id, stream.run_id, stream.feedback_address, new
        )
        tasks.spawn(keeping, name=f"keep the address for feedback of {stream.run_id}")
    if work.backend.meter and not failure:
        used = tokens_used(last.messages, _earlier(work, turn))
        work.backend.meter.ended(_key(turn), stream.run_id, used)
    if failure:
        work.show(replace(last, running=False, failure=None))
    outcome = stream.outcome or (Outcome.LOST if failure else Outcome.INTERRUPTED)
    titles.ended(work, client, turn, outcome)
    is_asking = bool(work.view.transcript.interrupts)
    is_empty = turn.message and outcome is not Outcome.FINISHED
    is_empty = is_empty and fork_starter.is_unanswered(last)
    left = Left.NO_ANSWER if is_empty else None
    work.branches.end(stream.run_id, _STATUS.get(outcome, ""), left)
    work.show_versions()
    work.report(Ended(turn.id, outcome, is_asking=is_asking, failure=failure))


def _earlier(work: Work, turn: Turn) -> frozenset[str]:
    """The ids of the messages before a turn. A run that was joined has written some already."""
    messages = work.before.messages
    if turn.kind is Kind.JOINED:
        asked = turn.message.message_id if turn.message else ""
        places = [n for n, one in enumerate(messages) if one.id == asked]
        if not asked:
            places = [n for n, one in enumerate(messages) if one.is_request]
        messages = messages[: places[-1]] if places else messages
    return frozenset(message.id for message in messages)


def _show(work: Work, stream: RunStream, view: Transcript, now: float) -> None:
    cut = work.view.cut
    if stream.cut is None:
        cut = None
    elif cut is None or cut.reconnecting is not stream.cut:
        cut = Cut(stream.cut, now + stream.cut.seconds)
    work.arrived = stream.arrived
    if stream.was_stopped(view):
        marked = marked_as_stopped(view)
        work.show(marked, cut=cut, is_stopped=marked is view)
    else:
        work.show(view, cut=cut)
    work.arrived = 0.0


async def _keeping_open(
    views: AsyncGenerator[Transcript], left: tuple[Any, ...]
) -> AsyncGenerator[Transcript]:
    """The views with what is still to be answered, which the server asks again at their end."""
    async with aclosing(views):
        async for view in views:
            yield replace(view, interrupts=left) if view.running and left else view
