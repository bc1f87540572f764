"""The end of a run whose stream has no values, by script: what a real server rarely answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.runs.run_stream import RunStream
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.message import Message, Role, Text, Transcript
from tests.helpers import events as ev
from tests.helpers.folding import texts
from tests.helpers.scripted import Script, event, reply, sse

if TYPE_CHECKING:
    from chat_app.client.events import Json

ASKED = Message("h1", Role.HUMAN, (Text("hello"),))
BEFORE = (
    Message("h0", Role.HUMAN, (Text("before"),)),
    Message("a0", Role.ASSISTANT, (Text("wrong"),)),
)
CHUNK: Json = {"type": "AIMessageChunk", "id": "a1", "content": "Half an answer"}
STREAM = sse(event("metadata", {"run_id": "r"}), event("messages", [CHUNK, {}]))


def state(*messages: Json, run_id: str = "r", next: tuple[str, ...] = ()) -> Json:
    return {
        "values": {"messages": list(messages)},
        "next": list(next),
        "tasks": [],
        "metadata": {"run_id": run_id},
        "checkpoint": {"checkpoint_id": "c"},
    }


def script(status: str = "idle") -> Script:
    script = Script()
    script.on("POST", "/threads/t/runs/stream", STREAM)
    script.on("GET", "/threads/t/runs/r", reply(json={"run_id": "r", "status": "success"}))
    script.on("GET", "/threads/t", reply(json={"thread_id": "t", "status": status}))
    return script


async def ended(script: Script, *before: Message) -> Transcript:
    async with script.client() as client:
        stream = RunStream(client, "t", Transcript(before))
        asked: Any = {"pending": ASKED, "chat_modes": ["messages"]}
        view = [view async for view in stream.start("agent", input={}, **asked)][-1]
    assert not view.running
    return view


async def test_what_was_streamed_stays_where_the_thread_cannot_be_read() -> None:
    served = script("interrupted")
    served.on("GET", "/threads/t/state", reply(500))
    view = await ended(served)
    assert texts(view) == ["hello", "Half an answer"]
    assert view.interrupts == (BREAKPOINT,)


async def test_a_run_does_not_end_in_the_state_of_the_one_that_came_after_it() -> None:
    served = script()
    own = state(ev.human("hello"), ev.ai("Half an answer, and the rest"))
    newer = state(*own["values"]["messages"], ev.human("next", id="h2"), run_id="r2", next=("m",))
    served.on("GET", "/threads/t/state", reply(json=newer))
    served.on("POST", "/threads/t/history", reply(json=[newer, own]))
    view = await ended(served)
    assert texts(view) == ["hello", "Half an answer, and the rest"]
    assert view.interrupts == ()


async def test_what_the_run_removed_is_known_from_its_first_state() -> None:
    served = script()
    first = state(ev.human("before", id="h0"), ev.ai("wrong", id="a0"), ev.human("hello"))
    last = state(ev.human("before", id="h0"), ev.human("hello"), ev.ai("right"))
    served.on("GET", "/threads/t/state", reply(json=last))
    served.on("POST", "/threads/t/history", reply(json=[last, first]))
    view = await ended(served, *BEFORE)
    assert texts(view) == ["before", "hello", "right"]


async def test_what_the_server_never_had_stays() -> None:
    served = script()
    last = state(ev.human("before", id="h0"), ev.human("hello"), ev.ai("right"))
    served.on("GET", "/threads/t/state", reply(json=last))
    served.on("POST", "/threads/t/history", reply(json=[last]))
    view = await ended(served, *BEFORE)
    assert texts(view) == ["before", "wrong", "hello", "right"]
