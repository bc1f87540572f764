"""Editing, regenerating, switching versions and continuing elsewhere, as tabs show it."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from chat_app import text
from chat_app.auth.person import Login
from chat_app.middleware.authentication import with_logins
from chat_app.routes.router import with_routes
from chat_app.state import media_cache, tab_session
from chat_app.state.branches import BranchState
from chat_app.state.comparison import ComparisonState
from chat_app.state.draft import DraftState
from chat_app.state.run import RunState
from chat_app.transcript.message import Media
from tests.helpers.files import png
from tests.helpers.logins import cookie_of
from tests.helpers.network import START
from tests.helpers.row_words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


def own(tab: Tab) -> list[dict[str, Any]]:
    """The rows of the person's messages."""
    return [row for row in tab.rows if row["kind"] == "human"]


def ends(tab: Tab) -> list[dict[str, Any]]:
    """The lines below the answers."""
    return [row for row in tab.rows if row["kind"] == "end"]


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    """Of their versions; empty where there is only one."""
    return [f"{row['number']} / {row['count']}" if "count" in row else "" for row in rows]


def texts(tab: Tab) -> list[str]:
    return [words_of(row) for row in tab.rows if row["kind"] in {"human", "text"}]


def notices(tab: Tab) -> list[str]:
    return [row["sentence"] for row in tab.rows if row["kind"] == "notice"]


def media(tab: Tab) -> list[Any]:
    """What each message carries beside its words."""
    return [row["media"] for row in tab.rows if row["kind"] == "media"]


async def edit(tab: Tab, place: int, message: str) -> None:
    await tab.do(BranchState.edit, id=own(tab)[place]["id"], message=message)


async def regenerate(tab: Tab, place: int, **options: str) -> None:
    await tab.do(BranchState.regenerate, id=ends(tab)[place]["id"], **options)


async def show(tab: Tab, row: dict[str, Any], number: int) -> None:
    """Show another version, and wait until it is the one that is shown."""
    await tab.do(BranchState.show, id=row["id"], number=number)
    key = row["key"]
    await tab.until(lambda: [r["number"] for r in tab.rows if r["key"] == key] == [number])


@pytest.fixture
async def twice(tab: Tab) -> Tab:
    """A thread with two questions and their answers."""
    await tab.send("1")
    await tab.send("2")
    return tab


async def test_an_edited_message_is_answered_and_the_old_one_is_kept(twice: Tab) -> None:
    before = texts(twice)
    await edit(twice, 0, "3")
    await twice.until(lambda: numbers(own(twice)) == ["2 / 2"])
    assert texts(twice)[0] == "3"
    assert len(texts(twice)) == 2
    await show(twice, own(twice)[0], 1)
    assert texts(twice) == before


async def test_an_answer_is_regenerated_at_any_depth(twice: Tab) -> None:
    before = texts(twice)
    await regenerate(twice, 0)
    await twice.until(lambda: numbers(ends(twice)) == ["2 / 2"])
    assert texts(twice) == before[:2]
    await show(twice, ends(twice)[0], 1)
    assert texts(twice) == before


async def test_versions_are_the_same_after_a_reload_and_in_another_tab(
    twice: Tab, new_tab: Callable[[], Tab]
) -> None:
    await edit(twice, 1, "3")
    await twice.until(lambda: numbers(own(twice)) == ["", "2 / 2"])
    await regenerate(twice, 1)
    await twice.until(lambda: numbers(ends(twice)) == ["", "2 / 2"])
    shown = texts(twice), numbers(own(twice)), numbers(ends(twice))
    other = new_tab()
    for tab in (twice, other):
        await tab.load(f"/t/{twice.thread_id}")
        await tab.until(lambda tab=tab: numbers(ends(tab)) == ["", "2 / 2"])
        assert (texts(tab), numbers(own(tab)), numbers(ends(tab))) == shown


async def test_a_version_that_was_chosen_is_found_again(
    twice: Tab, new_tab: Callable[[], Tab]
) -> None:
    await edit(twice, 0, "3")
    await twice.until(lambda: numbers(own(twice)) == ["2 / 2"])
    await show(twice, own(twice)[0], 1)
    other = new_tab()
    await other.load(f"/t/{twice.thread_id}")
    await other.until(lambda: numbers(own(other)) == ["1 / 2", ""])
    assert texts(other) == texts(twice)


async def test_the_next_message_goes_on_from_the_shown_version(twice: Tab) -> None:
    await edit(twice, 0, "3")
    await twice.until(lambda: numbers(own(twice)) == ["2 / 2"])
    await show(twice, own(twice)[0], 1)
    await twice.send("4")
    assert [words for words in texts(twice) if words.isdigit()] == ["1", "2", "4"]
    await twice.load(f"/t/{twice.thread_id}")
    await twice.until(lambda: numbers(own(twice)) == ["1 / 2", "", ""])


async def test_a_chat_is_continued_in_a_new_one(twice: Tab, client: LangGraphClient) -> None:
    old, before = twice.thread_id, texts(twice)
    await twice.do(BranchState.fork, id=ends(twice)[0]["id"])
    path = twice.redirects[-1]
    assert path != f"/t/{old}"
    await twice.go(path)
    assert texts(twice) == before[:2]
    made = await client.threads.get(path.removeprefix("/t/"))
    assert (made["metadata"] or {})["chat_forked_from"] == old
    await twice.send("5")
    await twice.go(f"/t/{old}")
    assert texts(twice) == before


async def test_two_versions_are_compared(twice: Tab) -> None:
    await edit(twice, 0, "3")
    await twice.until(lambda: numbers(own(twice)) == ["2 / 2"])
    row = own(twice)[0]
    await twice.do(ComparisonState.compare, id=row["id"], left=1, right=2)
    sides = [twice.var(ComparisonState, side) for side in ("left", "right")]
    shown = [[words_of(row) for row in side if row["kind"] == "human"] for side in sides]
    assert shown == [["1"], ["3"]]
    assert not any(row.get("id") for side in sides for row in side)
    await twice.do(ComparisonState.close)
    assert twice.var(ComparisonState, "left") == []
    assert twice.var(ComparisonState, "compared")["id"] == ""


async def test_while_a_run_goes_no_edit_is_sent_and_it_is_said(
    busy: Tab, long_answer: LongAnswer
) -> None:
    before = texts(busy)[:2]
    asked = own(busy)[0]["id"]
    await busy.do(BranchState.edit, id=asked, message="new")
    refused = busy.var(BranchState, "refused")
    assert (refused["id"], refused["text"], refused["problem"]) == (asked, "new", text.EDIT_WAITS)
    await busy.do(BranchState.regenerate, id=asked)
    assert texts(busy)[:2] == before
    long_answer.end()
    await busy.until(lambda: not busy.running)


async def test_an_edit_that_the_server_refuses_is_opened_again(
    network: Network, twice: Tab
) -> None:
    before = twice.rows
    asked = own(twice)[0]["id"]
    refusing = network.refuse(*START, status=503)
    await twice.do(BranchState.edit, id=asked, message="new words")
    await twice.until(lambda: twice.var(BranchState, "refused")["count"] == 1)
    refused = twice.var(BranchState, "refused")
    assert (refused["id"], refused["text"]) == (asked, "new words")
    assert [row["key"] for row in twice.rows[: len(before)]] == [row["key"] for row in before]
    assert twice.rows[-1]["kind"] == "error"
    assert not twice.var(DraftState, "returned"), "its place is not the composer"
    refusing.end()
    await edit(twice, 0, "3")
    await twice.until(lambda: numbers(own(twice)) == ["2 / 2"])


async def test_an_edited_message_keeps_what_it_carried(tab: Tab) -> None:
    picture = Media("image", "image/png", "a.png", data=b64encode(png()).decode())
    attached = await tab_session._tabs[tab.token].attachments.put(picture, "")
    await tab.do(RunState.send, message="1", attached=[attached.id])
    [[shown]] = media(tab)
    await edit(tab, 0, "2")
    await tab.until(lambda: numbers(own(tab)) == ["2 / 2"])
    [[now]] = media(tab)
    assert now["name"] == "a.png"
    assert now["size"] == shown["size"]
    await tab.load(f"/t/{tab.thread_id}")
    assert [kind for kind, _ in tab.shown] == ["media", "human", "text"]


async def test_pictures_of_other_versions_are_read_from_the_server_once_they_are_not_cached(
    tab: Tab,
) -> None:
    picture = Media("image", "image/png", "a.png", data=b64encode(png()).decode())
    attached = await tab_session._tabs[tab.token].attachments.put(picture, "")
    await tab.do(RunState.send, message="1", attached=[attached.id])
    await edit(tab, 0, "2")
    await tab.until(lambda: numbers(own(tab)) == ["2 / 2"])
    await tab.do(ComparisonState.compare, id=own(tab)[0]["id"], left=1, right=2)
    sides = [tab.var(ComparisonState, side) for side in ("left", "right")]
    compared = [each["media"][0] for side in sides for each in side if each["kind"] == "media"]
    await show(tab, own(tab)[0], 1)
    [[chosen]] = media(tab)
    await tab.load(f"/t/{tab.thread_id}")
    [[opened]] = media(tab)
    app = with_logins(with_routes(PlainTextResponse()))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://chat.test"
    ) as web:
        web.headers["cookie"] = cookie_of(Login(tab.person.id, tab.person))
        assert len(compared) == 2
        for shown in (*compared, chosen, opened):
            media_cache.clear()
            response = await web.get(shown["address"])
            assert (response.status_code, response.content) == (200, png())


async def test_a_stopped_answer_goes_on(tab: Tab) -> None:
    sending = await tab.enqueue(RunState.send, message="2000")
    await tab.until(lambda: "word5 " in "".join(tab.texts("text")))
    await tab.do(RunState.stop)
    await sending.wait_all()
    notice = tab.rows[-2]
    assert (notice["sentence"], notice["can_continue"]) == (text.STOPPED, True)
    await tab.do(BranchState.go_on)
    # The words for it are no number of words, which fails here. They are not the person's.
    assert tab.rows[-1]["kind"] == "error"
    assert tab.texts("human") == ["2000"]
    assert notices(tab) == [text.CONTINUED_AFTER.format(reason=text.STOPPED)]
    assert not any(row.get("can_continue") for row in tab.rows)
    shown = tab.shown
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.shown == shown


async def test_two_tabs_of_a_person_see_the_same_version(
    twice: Tab, new_tab: Callable[[], Tab]
) -> None:
    other = new_tab()
    await other.load(f"/t/{twice.thread_id}")
    await regenerate(twice, 0)
    await other.until(lambda: numbers(ends(other)) == ["2 / 2"])
    await show(other, ends(other)[0], 1)
    await twice.until(lambda: numbers(ends(twice)) == ["1 / 2", ""])
    assert texts(twice) == texts(other)


async def test_what_is_pressed_twice_makes_one_version(twice: Tab) -> None:
    last = ends(twice)[1]["id"]
    pressed = [await twice.enqueue(BranchState.regenerate, id=last) for _ in range(3)]
    for event in pressed:
        await event.wait_all()
    await twice.until(lambda: numbers(ends(twice)) == ["", "2 / 2"])
    assert not twice.running


@pytest.mark.parametrize("id", ["", "none", 3, None, ["a"], {"id": "a"}])
async def test_a_message_that_is_not_there_is_left_alone(twice: Tab, id: Any) -> None:
    before = twice.rows
    await twice.do(BranchState.edit, id=id, message="x")
    await twice.do(BranchState.regenerate, id=id)
    await twice.do(BranchState.show, id=id, number=1)
    await twice.do(BranchState.fork, id=id)
    await twice.do(BranchState.open_form, id=id)
    await twice.do(ComparisonState.compare, id=id, left=1, right=2)
    assert twice.rows == before
    assert not twice.running
    assert len(twice.redirects) == 1, "that of the new chat alone"


async def test_arguments_of_other_types_are_ignored(twice: Tab) -> None:
    before = twice.rows
    asked, answered = own(twice)[0]["id"], ends(twice)[0]["id"]
    for message, given in ((3, None), (None, None), ("x", "given"), ("x", {3: "a"})):
        await twice.do(BranchState.edit, id=asked, message=message, given=given)
    await twice.do(BranchState.edit, id=answered, message="an answer cannot be edited")
    for assistant in ("none", 3, None, ["a"]):
        await twice.do(BranchState.regenerate, id=answered, assistant=assistant)
    for number in (0, -1, 99, True, "1", None, 1.5):
        await twice.do(BranchState.show, id=answered, number=number)
        await twice.do(ComparisonState.compare, id=answered, left=number, right=number)
    assert twice.rows == before
    assert not twice.running


async def test_a_message_that_is_too_long_is_not_sent(twice: Tab) -> None:
    before = twice.rows
    await edit(twice, 0, "x" * 200_001)
    assert "200,000" in twice.var(BranchState, "refused")["problem"]
    assert twice.rows == before


async def test_an_empty_edit_is_not_sent(twice: Tab) -> None:
    before = twice.rows
    await edit(twice, 0, "  ")
    assert twice.rows == before
    assert twice.var(RunState, "running") is False
