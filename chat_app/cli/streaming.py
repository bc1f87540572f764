"""The commands ``stream`` and ``join``: a run, started or joined, and printed event by event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from chat_app.cli.exits import UsageError
from chat_app.cli.following import Following
from chat_app.client import BadRequestError, InvalidError, UnreachableError
from chat_app.client.dialect import named
from chat_app.client.recover import MESSAGE_KEY, REQUEST_KEY
from chat_app.client.schema import ACTIVE
from chat_app.config import settings
from chat_app.runs import thread_metadata
from chat_app.runs.assistants import default_assistant
from chat_app.runs.ids import uuid7
from chat_app.runs.schemas import read_shape
from chat_app.transcript.inputs import in_words, input_of
from chat_app.transcript.message import Message, Role, Text
from chat_app.transcript.titles import cleaned

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.cli.output import Output
    from chat_app.client import Event, LangGraphClient
    from chat_app.client.schema import RunOptions, StreamMode

_TAKES_NO_MESSAGE = "This assistant takes no message. Give its input as JSON: --input '{fields}'"
_NO_RUN = "No run of this thread is going on. Name one of those that scripts/client runs lists."
_OPTIONAL = ("stream_resumable", "on_disconnect", "stream_subgraphs")
"""What older servers refuse, and a run can do without: a cut stream is then not complete."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is started with."""

    modes: tuple[StreamMode, ...] = ("values",)
    assistant: str = ""
    """By id, graph or name; empty: the thread's, else that of the settings, else the first one."""
    thread_id: str = ""
    """Empty: a new one."""
    message: str = ""
    given: Any = None
    """The whole input, in place of a message."""
    answer: tuple[Any] | None = None
    """To what the agent asked, in place of an input; any JSON, and so also None."""
    has_subgraphs: bool = False
    keeps_running: bool = False


async def stream(client: LangGraphClient, asked: Asked, output: Output) -> int:
    """Start a run, print its events to its end and return the exit code.

    Raises:
        LangGraphError: the server does not take the run.
        CommandError: the run failed, or was lost.
        UsageError: the assistant takes another input.
    """
    assistant = await _assistant(client, asked)
    options = await _options(client, assistant, asked)
    thread_id = asked.thread_id or await _new_thread(client, asked, output)
    following = Following(client, thread_id, output, asked.keeps_running)
    return await following.print(_started(following, assistant, options))


async def join(
    client: LangGraphClient, thread_id: str, run_id: str, output: Output, *, stops: bool
) -> int:
    """Print the events of a run from its first one on, where the server has kept them.

    Without a `run_id` it is the one that goes on. Where it `stops`, Ctrl-C stops the run.

    Raises:
        LangGraphError, CommandError: as `stream`.
        UsageError: no run goes on.
    """
    if not run_id:
        runs = await client.runs.list(thread_id, select=["run_id", "status"])
        going = [run["run_id"] for run in runs if run.get("status") in ACTIVE]
        if not going:
            raise UsageError(_NO_RUN)
        run_id = going[-1]  # those before it wait
    following = Following(client, thread_id, output, keeps_running=not stops, run_id=run_id)
    return await following.print(client.runs.join_stream(thread_id, run_id, last_event_id="-1"))


async def _assistant(client: LangGraphClient, asked: Asked) -> str:
    if asked.thread_id and not asked.assistant:
        metadata = (await client.threads.get(asked.thread_id)).get("metadata") or {}
        if known := metadata.get("assistant_id"):
            return str(known)
    return await default_assistant(client, asked.assistant or settings().assistant)


async def _options(client: LangGraphClient, assistant: str, asked: Asked) -> RunOptions:
    modes = list(asked.modes)
    options: RunOptions = {
        "stream_mode": modes[0] if len(modes) == 1 else modes,
        "stream_subgraphs": asked.has_subgraphs,
        "stream_resumable": True,
        "on_disconnect": "continue",
        # By it a run is found again whose start was never answered.
        "metadata": {REQUEST_KEY: str(uuid7())},
    }
    if asked.answer:
        return {**options, "command": {"resume": asked.answer[0]}}
    if asked.given is not None:
        return {**options, "input": asked.given}
    shape = await read_shape(client, assistant, key=settings().messages_key)
    if shape.takes == "form":
        names = (shape.schema or {}).get("properties") or {}
        fields = ", ".join(f'"{name}": …' for name in names)
        raise UsageError(_TAKES_NO_MESSAGE.format(fields=f"{{{fields}}}"))
    if shape.takes == "text":
        return {**options, "input": asked.message}  # type: ignore[typeddict-item] - any JSON
    message = Message(str(uuid7()), Role.HUMAN, (Text(asked.message),))
    metadata = {**(options.get("metadata") or {}), MESSAGE_KEY: message.id}
    return {**options, "input": input_of(message, shape.key), "metadata": metadata}


async def _new_thread(client: LangGraphClient, asked: Asked, output: Output) -> str:
    """Make a thread. To ask twice makes no second one: only the answer may have been lost."""
    thread_id = str(uuid7())
    title = cleaned(asked.message or in_words(asked.given))
    metadata = {thread_metadata.TITLE: title}
    for is_last in (False, True):
        try:
            await client.threads.create(
                thread_id=thread_id, metadata=metadata, if_exists="do_nothing"
            )
        except UnreachableError:
            if is_last:
                raise
        else:
            break
    output.note(f"Thread {thread_id}")
    return thread_id


async def _started(
    following: Following, assistant: str, options: RunOptions
) -> AsyncGenerator[Event, None]:
    """The events of a new run, which is asked for with less where the server knows less."""
    runs = following.client.runs
    while True:
        try:
            async for event in runs.stream(
                following.thread_id, assistant, on_run_created=following.created, **options
            ):
                yield event
        except (InvalidError, BadRequestError) as refused:
            sent = (name for name in _OPTIONAL if options.get(name) is not None)
            blamed = named(refused, sent)
            if not blamed:
                raise
            options = cast("RunOptions", {**options, **dict.fromkeys(blamed)})  # None is not sent
        else:
            return
