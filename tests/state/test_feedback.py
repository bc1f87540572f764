"""Ratings of answers without a browser: kept at the server, for one person, shown in all tabs."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import text
from chat_app.auth.person import Person
from chat_app.runs import feedback
from chat_app.runs.feedback import LONGEST_NOTE, Feedback
from chat_app.state import feedback as states
from chat_app.state import tab_session
from chat_app.state.feedback import FeedbackState
from chat_app.state.run import RunState
from tests.helpers.shared import answer, human, thread_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

PUT = ("PUT", "/store/items")
ANY = ("*", "/store/**")
GOOD, BAD = {"score": "good", "note": ""}, {"score": "bad", "note": ""}


@pytest.fixture(autouse=True)
def afresh() -> None:
    states._without_store.clear()


def given(tab: Tab) -> dict[str, Any]:
    return tab.var(FeedbackState, "given")


def answers(tab: Tab) -> list[str]:
    """The ids of the answers that can be rated."""
    return [row["id"] for row in tab.rows if row["kind"] == "end" and row.get("id")]


@pytest.fixture
async def talk(tab: Tab) -> Tab:
    """A tab with an answer."""
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    return tab


async def stored(client: LangGraphClient, tab: Tab) -> dict[str, Feedback]:
    return await feedback.read(client, tab.person.id, tab.thread_id)


async def test_an_answer_is_rated_rated_otherwise_and_not_at_all(
    talk: Tab, client: LangGraphClient
) -> None:
    [rated] = answers(talk)
    await talk.do(FeedbackState.rate, message_id=rated, score="good")
    assert given(talk) == {rated: GOOD}
    kept = (await stored(client, talk))[rated]
    assert (kept.score, kept.note, kept.person) == (1, "", talk.person.id)
    runs = await client.runs.list(talk.thread_id)
    assert kept.run_id == runs[0]["run_id"]
    await talk.do(FeedbackState.note, message_id=rated, note="  So clear \n")
    assert given(talk) == {rated: {"score": "good", "note": "So clear"}}
    await talk.do(FeedbackState.rate, message_id=rated, score="bad")
    assert given(talk) == {rated: {"score": "bad", "note": "So clear"}}
    assert (await stored(client, talk))[rated].score == 0
    await talk.do(FeedbackState.rate, message_id=rated, score="")
    assert given(talk) == {}
    assert await stored(client, talk) == {}


async def test_it_is_there_after_a_reload_and_in_other_tabs(
    talk: Tab, new_tab: Callable[[], Tab]
) -> None:
    [rated] = answers(talk)
    other = new_tab()
    await other.load(f"/t/{talk.thread_id}")
    await talk.do(FeedbackState.rate, message_id=rated, score="bad")
    await other.until(lambda: given(other) == {rated: BAD})
    third = new_tab()
    await third.load(f"/t/{talk.thread_id}")
    await third.until(lambda: given(third) == {rated: BAD})
    await talk.load(f"/t/{talk.thread_id}")
    await talk.until(lambda: given(talk) == {rated: BAD})
    await other.do(FeedbackState.rate, message_id=rated, score="good")
    for tab in (talk, third):
        await tab.until(lambda tab=tab: given(tab) == {rated: GOOD})


async def test_another_thread_shows_none_of_it_and_it_comes_back(talk: Tab) -> None:
    first, [rated] = talk.thread_id, answers(talk)
    await talk.do(FeedbackState.rate, message_id=rated, score="good")
    await talk.go("/")
    assert given(talk) == {}
    await talk.send("2")
    assert given(talk) == {}
    await talk.go(f"/t/{first}")
    await talk.until(lambda: given(talk) == {rated: GOOD})


async def test_one_persons_rating_is_not_anothers(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    thread = await client.threads.create(graph_id="slow")  # of no owner: both may use it
    messages = [human("?"), answer("An answer", "an-answer")]
    await client.threads.update_state(thread["thread_id"], {"messages": messages}, as_node="model")
    one, two = new_tab(), new_tab()
    two.person = Person(str(uuid4()))
    for tab in (one, two):
        await tab.load(f"/t/{thread['thread_id']}")
    await one.do(FeedbackState.rate, message_id="an-answer", score="good")
    await one.do(FeedbackState.note, message_id="an-answer", note="only for the operator")
    await two.do(FeedbackState.rate, message_id="an-answer", score="bad")
    assert given(one) == {"an-answer": {"score": "good", "note": "only for the operator"}}
    assert given(two) == {"an-answer": BAD}
    await two.load(f"/t/{thread['thread_id']}")
    await two.until(lambda: given(two) == {"an-answer": BAD})
    assert "only for the operator" not in "".join(two.sent)


@pytest.mark.parametrize("odd", ["", "x", None, 7, [], {"a": 1}, "A" * 100_000])
async def test_what_is_no_answer_here_is_not_rated(
    talk: Tab, client: LangGraphClient, odd: object
) -> None:
    await talk.do(FeedbackState.rate, message_id=odd, score="good")
    await talk.do(FeedbackState.note, message_id=odd, note="A note")
    assert given(talk) == {}
    assert await stored(client, talk) == {}


@pytest.mark.parametrize("odd", ["GOOD", "1", None, 1, True, [], {}, "good "])
async def test_only_good_and_bad_are_ratings(talk: Tab, odd: object) -> None:
    [rated] = answers(talk)
    await talk.do(FeedbackState.rate, message_id=rated, score=odd)
    await talk.do(FeedbackState.note, message_id=rated, note=odd)
    assert given(talk) == {}


async def test_a_temporary_chat_leaves_no_rating_behind(tab: Tab, client: LangGraphClient) -> None:
    await tab.load("/")
    await tab.do(RunState.choose_temporary, is_temporary=True)
    await tab.send("1")
    await tab.go(tab.redirects[-1])
    [rated] = answers(tab)
    await tab.do(FeedbackState.rate, message_id=rated, score="good")
    assert given(tab) == {}
    assert await stored(client, tab) == {}


async def test_a_question_is_not_rated_and_a_note_needs_a_rating(talk: Tab) -> None:
    [rated] = answers(talk)
    asked = next(row["id"] for row in talk.rows if row["kind"] == "human")
    await talk.do(FeedbackState.rate, message_id=asked, score="good")
    await talk.do(FeedbackState.note, message_id=rated, note="Of nothing")
    assert given(talk) == {}


async def test_an_answer_that_is_written_is_not_rated(
    busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await busy.until(lambda: busy.texts("text"))
    session = tab_session.find(busy.token)
    assert session
    assert session.session
    writing = session.session.snapshot.view.transcript.messages[-1].id
    await busy.do(FeedbackState.rate, message_id=writing, score="good")
    assert given(busy) == {}
    long_answer.end()
    await busy.joined()
    await busy.until(lambda: len(answers(busy)) == 2)
    await busy.do(FeedbackState.rate, message_id=answers(busy)[-1], score="good")
    assert given(busy) == {answers(busy)[-1]: GOOD}


async def test_a_stranger_rates_nothing_in_a_foreign_thread(
    talk: Tab, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    [rated] = answers(talk)
    stranger = new_tab()
    stranger.person = Person(str(uuid4()))
    await stranger.load(f"/t/{talk.thread_id}")
    await stranger.do(FeedbackState.rate, message_id=rated, score="bad")
    assert given(stranger) == {}
    assert await feedback.read(client, stranger.person.id, talk.thread_id) == {}


async def test_a_long_note_is_cut(talk: Tab, client: LangGraphClient) -> None:
    [rated] = answers(talk)
    await talk.do(FeedbackState.rate, message_id=rated, score="good")
    await talk.do(FeedbackState.note, message_id=rated, note="é" * 3 * LONGEST_NOTE)
    assert (await stored(client, talk))[rated].note == "é" * LONGEST_NOTE


async def test_a_refusal_is_told_and_the_rating_is_as_it_was(network: Network, talk: Tab) -> None:
    [rated] = answers(talk)
    await talk.do(FeedbackState.rate, message_id=rated, score="good")
    refused = network.refuse(*PUT, status=403)
    await talk.do(FeedbackState.rate, message_id=rated, score="bad")
    assert given(talk) == {rated: GOOD}
    assert talk.var(FeedbackState, "problem")
    assert talk.var(FeedbackState, "problem_at") == rated
    refused.end()
    await talk.do(FeedbackState.rate, message_id=rated, score="bad")
    assert given(talk) == {rated: BAD}
    assert talk.var(FeedbackState, "problem") == ""


async def test_a_server_without_a_store_has_no_buttons(network: Network, talk: Tab) -> None:
    network.refuse(*ANY, status=404)
    [rated] = answers(talk)
    await talk.do(FeedbackState.rate, message_id=rated, score="good")
    assert given(talk) == {}
    assert talk.var(FeedbackState, "problem") == text.FEEDBACK_NOT_KEPT
    assert talk.var(FeedbackState, "is_offered")
    await talk.load(f"/t/{talk.thread_id}")
    await talk.until(lambda: not talk.var(FeedbackState, "is_offered"))


async def test_ratings_are_written_in_the_order_in_which_they_are_pressed(
    network: Network, talk: Tab, client: LangGraphClient
) -> None:
    [rated] = answers(talk)
    held = network.hold(*PUT, times=1)
    first = await talk.enqueue(FeedbackState.rate, message_id=rated, score="good")
    await held.arrived.wait()
    second = await talk.enqueue(FeedbackState.rate, message_id=rated, score="bad")
    held.release()
    await asyncio.wait([first, second])
    await talk.until(lambda: given(talk) == {rated: BAD})
    assert (await stored(client, talk))[rated].score == 0


async def test_there_are_no_ratings_where_the_settings_say_so(
    start: Start, langgraph_server: str, client: LangGraphClient
) -> None:
    new_tab = await start(langgraph_server, CHAT_FEEDBACK="never")
    tab = new_tab()
    await tab.load("/")
    await tab.send("1")
    [rated] = answers(tab)
    await tab.do(FeedbackState.rate, message_id=rated, score="good")
    await tab.until(lambda: not tab.var(FeedbackState, "is_offered"))
    assert given(tab) == {}
    assert await stored(client, tab) == {}


async def test_ids_of_any_kind_can_be_rated(tab: Tab, client: LangGraphClient) -> None:
    ids = ["a.b.c", "/../x?y#z", "Ünïcode", "x" * 5_000, "with space", "%2e%2e"]
    messages = [one for rated in ids for one in (human("?"), answer("An answer", rated))]
    await tab.load(f"/t/{await thread_of(client, tab.person, *messages)}")
    for rated in ids:
        await tab.do(FeedbackState.rate, message_id=rated, score="good")
    assert given(tab) == dict.fromkeys(ids, GOOD)
    await tab.load(f"/t/{tab.thread_id}")
    await tab.until(lambda: given(tab) == dict.fromkeys(ids, GOOD))


@pytest.mark.parametrize(
    "odd",
    [{}, {"score": 1}, {"score": 7}, {"score": "1"}, {"message_id": 3}, {"person": "another"}],
)
async def test_odd_items_in_the_store_are_passed_over(
    talk: Tab, client: LangGraphClient, odd: dict[str, Any]
) -> None:
    [rated] = answers(talk)
    await talk.do(FeedbackState.rate, message_id=rated, score="good")
    where = feedback._namespace(talk.person.id, talk.thread_id)
    base = {
        "person": talk.person.id,
        "thread_id": talk.thread_id,
        "message_id": "odd",
        "score": 1,
    }
    value = base | odd if len(odd) == 1 and "score" not in odd else odd
    await client.store.put_item(where, "odd", value)
    assert (await stored(client, talk)).keys() == {rated}
    assert json.dumps(value)
