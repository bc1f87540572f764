"""What is attached goes where its message goes, and is never lost on the way."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from chat_app import text
from chat_app.runs.pending_runs import read_agenda
from chat_app.state import presence, tab_session
from chat_app.state.attachments import AttachmentsState
from chat_app.state.draft import DraftState
from chat_app.state.pending_attachments import PendingAttachments
from chat_app.state.queue import INTERRUPT, QueueState
from chat_app.state.run import RunState
from chat_app.transcript.media import block_of, text_file
from chat_app.transcript.message import Media
from tests.helpers.files import png
from tests.helpers.network import CREATE_THREAD, START
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

DATA = b64encode(png()).decode()
PICTURE = Media("image", "image/png", "a.png", data=DATA)
NOTES = text_file("notes.md", "# Notes\n")


async def attach(tab: Tab, *media: Media) -> list[str]:
    """Upload files for the open thread; returns their ids."""
    attachments = tab_session._tabs[tab.token].attachments
    ids = [(await attachments.put(each, tab.thread_id)).id for each in media]
    await tab.do(AttachmentsState.look)
    return ids


def chips(tab: Tab) -> list[str]:
    """The names of what is attached in the open thread."""
    return chips_in(tab).get(tab.thread_id, [])


def chips_in(tab: Tab) -> dict[str, list[str]]:
    """The same in each thread that has any."""
    found: dict[str, list[str]] = {}
    for chip in tab.var(AttachmentsState, "chips"):
        found.setdefault(chip["thread"], []).append(chip["item"]["name"])
    return found


def waiting(tab: Tab) -> list[tuple[str, int]]:
    return [(each["text"], each["files"]) for each in tab.var(QueueState, "waiting")]


def media_sent(tab: Tab) -> list[list[str]]:
    """The names of what each message carries, by the rows of the page."""
    rows = [row for row in tab.rows if row["kind"] == "media"]
    return [[item["name"] for item in row["media"]] for row in rows]  # type: ignore[index, call-overload]


async def contents(client: LangGraphClient, tab: Tab) -> list[str | list[Json]]:
    """What the thread at the server has of the person's messages."""
    state = await client.threads.get_state(tab.thread_id)
    return [each["content"] for each in state["values"]["messages"] if each["type"] == "human"]


@pytest.fixture
async def busy(tab: Tab, long_answer: LongAnswer) -> Tab:
    """A tab whose thread is being answered at length."""
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    await tab.enqueue(RunState.send, message=long_answer.question, attached=[])
    await tab.until(lambda: "word5 " in tab.texts("text")[-1])
    return tab


async def test_it_is_sent_as_standard_blocks_and_never_over_the_socket(
    tab: Tab, client: LangGraphClient, new_tab: Callable[[], Tab]
) -> None:
    ids = await attach(tab, PICTURE, NOTES)
    assert chips(tab) == ["a.png", "notes.md"]
    await tab.do(QueueState.submit, message="2", attached=ids)
    assert chips(tab) == []
    assert media_sent(tab) == [["a.png", "notes.md"]]
    sent = [{"type": "text", "text": "2"}, block_of(PICTURE), block_of(NOTES)]
    assert await contents(client, tab) == [sent]
    other = new_tab()
    await other.load(f"/t/{tab.thread_id}")
    assert media_sent(other) == media_sent(tab)
    assert tab.texts("human") == other.texts("human") == ["2"]
    for each in (tab, other):
        assert not [delta for delta in each.sent if DATA in delta]
        assert DATA not in await each.state()


async def test_a_message_may_be_a_picture_alone(tab: Tab, client: LangGraphClient) -> None:
    await tab.do(QueueState.submit, message="", attached=await attach(tab, PICTURE))
    assert await contents(client, tab) == [[block_of(PICTURE)]]
    assert (tab.var(RunState, "title"), tab.texts("human")) == ("a.png", [])


async def test_it_waits_in_the_queue_with_its_message_and_can_be_taken_back(
    busy: Tab, client: LangGraphClient
) -> None:
    await busy.do(QueueState.submit, message="2", attached=await attach(busy, PICTURE))
    await busy.do(QueueState.submit, message="3", attached=await attach(busy, NOTES))
    await busy.until(lambda: waiting(busy) == [("2", 1), ("3", 1)])
    await busy.do(QueueState.move_up, id=busy.var(QueueState, "waiting")[1]["id"])
    await busy.until(lambda: waiting(busy) == [("3", 1), ("2", 1)])
    await busy.do(QueueState.edit, id=busy.var(QueueState, "waiting")[1]["id"])
    assert (busy.var(DraftState, "edited"), chips(busy)) == ("2", ["a.png"])
    await busy.do(RunState.stop)
    await busy.until(lambda: waiting(busy) == [("3", 1)] and busy.var(QueueState, "paused") == 1)
    await busy.do(QueueState.send_all)
    await busy.until(lambda: media_sent(busy) == [["notes.md"]] and not busy.running)
    assert (await contents(client, busy))[-1] == [{"type": "text", "text": "3"}, block_of(NOTES)]


async def test_it_goes_with_a_message_that_interrupts(busy: Tab, client: LangGraphClient) -> None:
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    await busy.do(QueueState.submit, message="2", attached=await attach(busy, PICTURE))
    assert (await contents(client, busy))[-1] == [{"type": "text", "text": "2"}, block_of(PICTURE)]
    assert media_sent(busy) == [["a.png"]]


async def test_it_goes_with_what_the_app_itself_keeps_waiting(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
    long_answer: LongAnswer,
) -> None:
    tab = (await start(langgraph_server, CHAT_QUEUE="app"))()
    await tab.begin_load("/")
    await tab.until(lambda: tab.page and tab.token in tab_session._tabs)
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    await tab.enqueue(RunState.send, message=long_answer.question, attached=[])
    await tab.until(lambda: tab.running)
    await tab.do(QueueState.submit, message="2", attached=await attach(tab, PICTURE))
    await tab.until(lambda: waiting(tab) == [("2", 1)])
    assert not (await read_agenda(client, tab.thread_id)).waiting
    long_answer.end()
    await tab.until(lambda: media_sent(tab) == [["a.png"]] and not tab.running)
    assert (await contents(client, tab))[-1] == [{"type": "text", "text": "2"}, block_of(PICTURE)]


async def test_what_the_server_never_took_is_attached_again_and_sent_with_the_next_try(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    ids = await attach(tab, PICTURE)
    broken = network.lose(*CREATE_THREAD)
    await tab.do(QueueState.submit, message="2", attached=ids)
    broken.end()
    assert (tab.var(DraftState, "returned"), chips(tab)) == ("2", ["a.png"])
    assert media_sent(tab) == []
    await tab.do(RunState.retry)
    assert (tab.texts("human"), media_sent(tab), chips(tab)) == (["2"], [["a.png"]], [])
    assert await contents(client, tab) == [[{"type": "text", "text": "2"}, block_of(PICTURE)]]


async def test_a_message_does_not_go_without_what_it_should_carry(tab: Tab) -> None:
    ids = await attach(tab, PICTURE)
    await tab.do(QueueState.submit, message="2", attached=[*ids, "gone"])
    assert tab.texts("error") == [text.ATTACHMENT_LOST]
    assert (tab.var(DraftState, "returned"), chips(tab)) == ("2", ["a.png"])
    assert tab.thread_id == ""


async def test_it_can_be_removed(tab: Tab) -> None:
    ids = await attach(tab, PICTURE, NOTES)
    await tab.do(AttachmentsState.remove, id=ids[0])
    assert chips(tab) == ["notes.md"]
    await tab.do(AttachmentsState.remove, id=ids[0])
    assert chips(tab) == ["notes.md"]


@pytest.mark.parametrize("attached", [7, "abc", {"a": 1}, [1], [None], [["a"]]])
async def test_what_names_no_attachments_is_not_sent(tab: Tab, attached: object) -> None:
    await tab.do(RunState.send, message="2", attached=attached)
    await tab.do(QueueState.submit, message="2", attached=attached)
    assert (tab.thread_id, tab.shown) == ("", [])


async def test_no_tab_gets_what_another_one_attached(tab: Tab, new_tab: Callable[[], Tab]) -> None:
    ids = await attach(tab, PICTURE)
    other = new_tab()
    await other.load("/")
    await other.do(AttachmentsState.remove, id=ids[0])
    await other.do(RunState.send, message="2", attached=ids)
    assert (other.texts("error"), other.thread_id) == ([text.ATTACHMENT_LOST], "")
    await tab.do(AttachmentsState.look)
    assert chips(tab) == ["a.png"]


async def test_a_page_loaded_anew_shows_what_arrived_just_before(tab: Tab) -> None:
    await PendingAttachments(tab.token).put(PICTURE, "")
    await tab.load("/")
    assert chips(tab) == ["a.png"]


async def test_it_outlives_what_the_process_knows_of_the_tab(
    tab: Tab, monkeypatch: pytest.MonkeyPatch, client: LangGraphClient
) -> None:
    monkeypatch.setattr(presence, "GRACE", 0.05)
    ids = await attach(tab, PICTURE)
    tab.close()
    await until(lambda: tab.token not in tab_session._tabs)
    await tab.load("/")
    assert chips(tab) == ["a.png"]
    await tab.do(QueueState.submit, message="2", attached=ids)
    assert await contents(client, tab) == [[{"type": "text", "text": "2"}, block_of(PICTURE)]]


async def test_what_another_process_has_sent_cannot_be_sent_again(tab: Tab) -> None:
    ids = await attach(tab, PICTURE)
    assert await PendingAttachments(tab.token).take(ids)
    await tab.do(QueueState.submit, message="2", attached=ids)
    assert (tab.texts("error"), chips(tab)) == ([text.ATTACHMENT_LOST], [])


async def test_it_stays_with_the_thread_it_was_attached_in(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    first = tab.thread_id
    ids = await attach(tab, PICTURE)
    await tab.go("/")
    await attach(tab, NOTES)
    assert chips_in(tab) == {first: ["a.png"], "": ["notes.md"]}
    await tab.send("2")
    second = tab.thread_id
    assert first != second
    assert chips_in(tab) == {first: ["a.png"], second: ["notes.md"]}  # typed on below the answer
    await tab.go(f"/t/{first}")
    await tab.do(QueueState.submit, message="3", attached=ids)
    assert chips_in(tab) == {second: ["notes.md"]}
    assert (await contents(client, tab))[-1] == [{"type": "text", "text": "3"}, block_of(PICTURE)]


async def test_what_was_never_taken_in_one_thread_is_not_sent_in_another(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    first, other = tab.thread_id, await client.threads.create()
    ids = await attach(tab, PICTURE)
    network.refuse(*START, 503)
    await tab.do(QueueState.submit, message="2", attached=ids)
    assert chips_in(tab) == {first: ["a.png"]}
    await tab.go(f"/t/{other['thread_id']}")
    attachments = tab_session._tabs[tab.token].attachments
    assert (attachments.returned(first) != [], attachments.returned(tab.thread_id)) == (True, [])
