"""A tab whose thread is busy, and what waits there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reflex.state import OnLoadInternalState

from chat_app.runs.pending_runs import read_agenda
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from reflex_base.event.processor.future import EventFuture

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


def answer(words: int) -> str:
    return "".join(f"word{n} " for n in range(words))


def waiting(tab: Tab) -> list[str]:
    return [message["text"] for message in tab.var(QueueState, "waiting")]


def paused(tab: Tab) -> list[str]:
    """What waits for the person to send it again."""
    return [message["text"] for message in tab.var(QueueState, "waiting") if message["is_paused"]]


def id_of(tab: Tab, text: str) -> str:
    return next(m["id"] for m in tab.var(QueueState, "waiting") if m["text"] == text)


async def made_busy(tab: Tab, long_answer: LongAnswer) -> Tab:
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: "word5 " in tab.texts("text")[-1])
    return tab


async def submitted(tab: Tab, *messages: str) -> None:
    """Send messages while a run goes, and see them wait in their order."""
    for message in messages:
        await tab.do(QueueState.submit, message=message)
    await tab.until(lambda: waiting(tab)[-len(messages) :] == list(messages))


async def settled(tab: Tab, *answers: int) -> None:
    """Wait until nothing goes or waits, and the last answers have so many words."""
    expected = [answer(words) for words in answers]
    await tab.until(lambda: tab.texts("text")[-len(answers) :] == expected)
    await tab.until(lambda: not tab.running and not waiting(tab))


async def turn(tab: Tab, path: str) -> EventFuture:
    """Follow a link, and do not wait until all of the page is there."""
    tab.path = path
    turning = await tab.enqueue(OnLoadInternalState.event_handlers["on_load_internal"])
    await tab.until(lambda: tab.thread_id == path.removeprefix("/").removeprefix("t/"))
    return turning


async def asked(client: LangGraphClient, thread_id: str) -> list[str]:
    """What people have said in a thread."""
    state = await client.threads.get_state(thread_id)
    said = (state["values"] or {}).get("messages", [])
    return [message["content"] for message in said if message["type"] == "human"]


async def comes_to(client: LangGraphClient, thread_id: str, *questions: str) -> None:
    """Wait until that is what people have said in a thread."""

    async def is_so() -> bool:
        return await asked(client, thread_id) == list(questions)

    await until(is_so)


async def between_two(tab: Tab, long_answer: LongAnswer) -> tuple[str, str]:
    """A tab whose open thread is busy, and another thread."""
    await tab.send("1")
    other = tab.thread_id
    await tab.go("/")
    await made_busy(tab, long_answer)
    return tab.thread_id, other


async def is_idle(client: LangGraphClient, thread_id: str) -> bool:
    """Whether nothing goes or waits there."""
    agenda = await read_agenda(client, thread_id)
    return not agenda.current and not agenda.waiting
