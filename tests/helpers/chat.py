"""A conversation with an agent on a real server, as its reader sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from chat_app.runs.run_stream import RunStream
from chat_app.runs.save_partial import marked_as_stopped, save_failed, save_stopped
from chat_app.transcript.fold import load
from chat_app.transcript.message import Message, Role, Text, ToolCall, ToolStatus, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import RunOptions
    from chat_app.transcript.message import Failure


class Chat:
    """One thread, and what its reader saw last."""

    def __init__(self, client: LangGraphClient, thread_id: str, assistant: str) -> None:
        self.client = client
        self.thread_id = thread_id
        self.assistant = assistant
        self.seen = Transcript()

    async def ask(
        self,
        text: str,
        *,
        until: Callable[[Transcript], bool] | None = None,
        **options: Unpack[RunOptions],
    ) -> None:
        """Send `text`; stop the run and save its end as soon as `until` holds."""
        asked = Message(f"asks {text}", Role.HUMAN, (Text(text),))
        options["input"] = question(asked.id, text)
        watch = RunStream(self.client, self.thread_id, self.seen)
        stopped = False
        async for view in watch.start(self.assistant, pending=asked, **options):
            self.seen = view
            if until and watch.accepted and not stopped and until(self.seen):
                stopped = True
                await self.client.runs.cancel(self.thread_id, watch.run_id)
        assert stopped == bool(until)
        if stopped:
            self.seen = marked_as_stopped(self.seen)
            await save_stopped(self.client, self.thread_id, self.seen)

    async def fail(self, text: str, **options: Unpack[RunOptions]) -> Failure:
        """Send `text`, see the run fail and save its end; returns the failure to show."""
        await self.ask(text, **options)
        return await self.save_failed()

    async def try_again(self) -> None:
        """Run again from where the failure says, and see the thread from there on."""
        assert self.seen.failure
        checkpoint_id = self.seen.failure.checkpoint_id or None
        state = await self.client.threads.get_state(self.thread_id, checkpoint_id=checkpoint_id)
        watch = RunStream(self.client, self.thread_id, load(state))
        async for view in watch.start(self.assistant, input=None, checkpoint_id=checkpoint_id):
            self.seen = view

    async def save_failed(self) -> Failure:
        """Save the end of the failed run, and see what there is to show of its failure."""
        assert self.seen.failure
        failure = await save_failed(self.client, self.thread_id, self.seen, self.seen.failure)
        self.seen = replace(self.seen, failure=failure)
        return failure

    async def saved(self) -> Transcript:
        """The thread as it is read after a reload."""
        error = (await self.client.threads.get(self.thread_id)).get("error")
        return load(await self.client.threads.get_state(self.thread_id), error=error)

    async def status(self) -> str:
        return (await self.client.threads.get(self.thread_id))["status"]


def question(id: str, text: str) -> Json:
    """A person's message as a run's input."""
    return {"messages": [{"type": "human", "id": id, "content": text}]}


def has_words(view: Transcript) -> bool:
    last = view.messages[-1]
    return any(isinstance(part, Text) and "word3 " in part.text for part in last.parts) and (
        last.role is Role.ASSISTANT
    )


def runs_a_tool(view: Transcript) -> bool:
    call = call_of(view)
    return call is not None and call.status is ToolStatus.RUNNING


def call_of(view: Transcript) -> ToolCall | None:
    calls = [p for m in view.messages for p in m.parts if isinstance(p, ToolCall)]
    return calls[0] if calls else None
