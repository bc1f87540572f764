"""Model calls inside a node that are no messages are quiet rows, never the answer."""

from __future__ import annotations

import pytest

from chat_app.client.events import Outcome, decode
from chat_app.transcript import thread_notes
from chat_app.transcript.chunks import hides
from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.message import InnerCall, Transcript
from tests.helpers import events as ev
from tests.helpers.folding import HELLO, folded, shown, texts

ROUTE = '{"route": "billing"}'
ASKED = ev.human("hello")


def rows(transcript: Transcript) -> list[tuple[str, str]]:
    """The quiet rows: nodes and texts."""
    asides = [aside for message in transcript.messages for aside in message.asides]
    return [(aside.node, aside.text) for aside in asides if isinstance(aside, InnerCall)]


def routed(*, text: str = ROUTE, saved: bool = True):
    """A run whose node `router` calls a model, then `answer` another one, which is saved."""
    half = len(text) // 2
    yield ev.values(ASKED)
    yield ev.chunk(text[:half], "r1", task="router:1")
    yield ev.chunk(text[half:], "r1", task="router:1")
    yield ev.chunk(id="r1", last=True, task="router:1")
    yield decode("updates", {"router": {"route": "billing"}})
    yield ev.values(ASKED, route="billing")
    yield ev.chunk("Sure", "a1", task="answer:2", step=2)
    yield ev.chunk(id="a1", last=True, task="answer:2", step=2)
    if saved:
        yield ev.updates(ev.ai("Sure"), node="answer")
        yield ev.values(ASKED, ev.ai("Sure"))
        yield ev.end()


def test_json_of_a_router_is_never_an_answer_and_its_row_stays():
    state = start(Transcript(), pending=HELLO)
    for event in routed():
        state = fold(state, event)
        assert not any(text.startswith("{") for text in texts(state.transcript))
    assert texts(state.transcript) == ["hello", "Sure"]
    assert rows(state.transcript) == [("router", ROUTE)]


def test_plain_words_of_a_router_are_a_quiet_row_once_the_answer_begins():
    events = list(routed(text="billing", saved=False))
    assert texts(shown(*events[:4], pending=HELLO)) == ["hello", "billing"]
    after = shown(*events, pending=HELLO)
    assert (texts(after), rows(after)) == (["hello", "Sure"], [("router", "billing")])


def test_a_node_known_to_save_nothing_is_quiet_from_its_first_chunk():
    ended = folded(*routed(text="billing"), pending=HELLO)
    again = start(Transcript(), pending=HELLO, silent=ended.silent)
    for event in list(routed(text="billing"))[:4]:
        again = fold(again, event)
        assert texts(again.transcript) == ["hello"]
    assert rows(again.transcript) == [("router", "billing")]


def test_json_that_a_node_saves_is_its_answer_and_the_node_is_believed_from_then_on():
    saved = ev.ai(ROUTE, "r1")
    first = [ev.chunk(ROUTE, "r1", task="a:1"), ev.chunk(id="r1", last=True, task="a:1")]
    state = folded(ev.values(ASKED), *first, pending=HELLO)
    assert texts(state.transcript) == ["hello"]
    state = folded(ev.values(ASKED), *first, ev.updates(saved, node="a"), pending=HELLO)
    assert (texts(state.transcript), rows(state.transcript)) == (["hello", ROUTE], [])
    state = fold(state, ev.chunk('{"b"', "r2", task="a:2", step=2))
    assert texts(state.transcript) == ["hello", ROUTE, '{"b"']


@pytest.mark.parametrize("text", ["{name} is a placeholder", "[a link](https://a.test)", "42"])
def test_an_answer_that_only_begins_like_json_is_an_answer(text: str):
    assert texts(shown(ev.chunk(text, task="a:1"), pending=HELLO)) == ["hello", text]


def test_words_that_a_later_node_saves_stay_the_answer_at_every_moment():
    state = start(Transcript(), pending=HELLO)
    kept = ev.ai("A draft.", "kept")
    for event in (
        ev.values(ASKED),
        ev.chunk("A draft.", "d1", task="drafter:1"),
        ev.chunk(id="d1", last=True, task="drafter:1"),
        decode("updates", {"drafter": {"draft": "A draft."}}),
        ev.values(ASKED, draft="A draft."),
        ev.updates(kept, node="publisher"),
        ev.values(ASKED, kept),
        ev.end(),
    ):
        state = fold(state, event)
        assert texts(state.transcript)[1:] in ([], ["A draft."])
    assert not rows(state.transcript)


def test_calls_of_middleware_are_quiet():
    piece = {"type": "AIMessageChunk", "content": "So far", "id": "s1"}
    about = {"langgraph_node": "S.before_model", "lc_source": "summarization"}
    assert texts(shown(decode("messages", [piece, about]), pending=HELLO)) == ["hello"]


def test_a_stopped_run_keeps_the_answer_and_no_router():
    events = list(routed(text="billing", saved=False))[:-1]
    stopped = shown(*events, ev.end(Outcome.INTERRUPTED), pending=HELLO)
    assert texts(stopped) == ["hello", "Sure"]


def test_the_rows_are_the_same_after_a_reload():
    live = shown(*routed(), pending=HELLO)
    noted = thread_notes.note_of_inner(live.messages)
    state = {"values": {"messages": [ASKED, ev.ai("Sure")]}}
    assert load(state, metadata=noted).messages == live.messages


@pytest.mark.parametrize(
    "tag", ["nostream", "langsmith:nostream", "langsmith:hidden", "langsmith:do-not-render"]
)
def test_tags_that_hide_a_call_hide_it(tag: str):
    assert texts(shown(ev.chunk("secret", task="a:1", tags=(tag,)), pending=HELLO)) == ["hello"]


def test_an_id_that_says_so_hides_a_message_live_and_in_a_state():
    unseen = ev.ai("NOT FOR THE READER", "do-not-render-1")
    state = folded(ev.message(unseen), ev.updates(unseen), ev.values(ASKED, unseen), pending=HELLO)
    assert texts(state.transcript) == ["hello"]
    assert texts(load({"values": {"messages": [ASKED, unseen]}})) == ["hello"]
    assert not shown(ev.chunk("x", "do-not-render-2")).messages


def test_nodes_may_be_hidden_by_name():
    state = start(Transcript(), pending=HELLO, hide=["rout*"])
    for event in routed():
        state = fold(state, event)
    assert texts(state.transcript) == ["hello", "Sure"]
    assert not rows(state.transcript)


@pytest.mark.parametrize(
    ("patterns", "hidden"),
    [([], False), (["a"], True), (["b"], False), (["*"], True), (["*", "!a"], False)],
)
def test_patterns_hide_and_show_nodes(patterns: list[str], hidden: bool):
    assert hides(patterns, {"langgraph_node": "a"}) is hidden
