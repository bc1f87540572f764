"""Runs of graphs whose answer is no message, folded as their events come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.client.events import Outcome, RunEnd, decode
from chat_app.transcript.fold import fold, fold_all, start
from chat_app.transcript.message import Given, Message, Output, Role, Text, Transcript
from chat_app.transcript.shapes import Shape

if TYPE_CHECKING:
    from chat_app.transcript.fold_state import Fold

FORM = Shape("form", schema={"type": "object"}, is_known=True)
RETURNS = Shape(keeps=False, is_known=True)
ASKED = Message("m1", Role.HUMAN, (Given({"question": "dates"}),))
END = RunEnd(event="end", outcome=Outcome.FINISHED)
BEGIN = decode("metadata", {"run_id": "r1", "attempt": 1})


def begun(shape: Shape = FORM, values: Any = None, asked: Message = ASKED) -> Fold:
    return fold(start(Transcript(shape=shape, values=values), pending=asked), BEGIN)


def parts(state: Fold) -> list[Any]:
    return [message.parts for message in state.transcript.messages]


def test_values_are_shown_as_they_come_and_those_of_an_earlier_turn_are_not():
    old = {"question": "figs", "answer": "A"}
    state = fold(begun(values=old), decode("values", {"question": "dates", "answer": "A"}))
    assert parts(state) == [ASKED.parts]
    state = fold(state, decode("values", {"question": "dates", "answer": "B"}))
    assert parts(state) == [ASKED.parts, (Output("answer", "B"),)]
    ended = fold(state, END).transcript
    assert ended.values == {"question": "dates", "answer": "B"}
    assert [one.id for one in ended.messages] == ["m1", "r1:output"]


def test_a_value_that_a_node_wrote_again_is_shown():
    state = begun(values={"label": "spam", "score": 1})
    events = [
        decode("updates", {"judge": {"label": "spam", "score": 2}}),
        decode("values", {"label": "spam", "score": 2}),
        END,
    ]
    assert parts(fold_all(state, events))[-1] == (Output("label", "spam"), Output("score", 2))


def test_a_run_that_changed_nothing_shows_what_is_there():
    values = {"question": "dates", "answer": "B"}
    state = fold(begun(values=values), decode("values", values))
    assert parts(state) == [ASKED.parts]
    assert parts(fold(state, END))[-1] == (Output("answer", "B"),)


def test_words_that_only_streamed_by_give_way_to_what_was_returned():
    chunk = {"type": "AIMessageChunk", "id": "c1", "content": "half "}
    asked = Message("h1", Role.HUMAN, (Text("hello"),))
    events = [
        decode("messages", [chunk, {"langgraph_node": "words"}]),
        decode("updates", {"words": "A string"}),
        decode("values", "A string"),
        END,
    ]
    assert parts(fold_all(begun(RETURNS, asked=asked), events)) == [
        (Text("hello"),),
        (Output("", "A string"),),
    ]


def test_what_an_entrypoint_returned_before_is_not_its_answer_now():
    state = fold(begun(RETURNS, values="old"), decode("values", "old"))
    assert parts(state) == [ASKED.parts]
    assert parts(fold(state, decode("values", "new")))[-1] == (Output("", "new"),)


def test_a_string_that_is_returned_again_is_an_answer_though_no_schema_is_known():
    unknown = Shape()
    state = fold_all(begun(unknown, values="Yes."), [decode("values", "Yes."), END])
    assert parts(state)[-1] == (Output("", "Yes."),)
    state = fold_all(begun(unknown), [decode("values", None), END])
    assert parts(state) == [ASKED.parts]


def test_an_entrypoint_that_returns_nothing_says_so_at_the_end():
    state = fold(begun(RETURNS), decode("values", None))
    assert parts(state) == [ASKED.parts]
    assert parts(fold(state, END))[-1] == (Output("", None),)


def test_a_message_that_is_returned_alone_is_one():
    said = {"type": "ai", "content": "ok", "id": None}
    ended = fold_all(begun(RETURNS), [decode("values", said), END]).transcript
    assert [message.parts for message in ended.messages] == [ASKED.parts, (Text("ok"),)]
    again = start(ended, pending=Message("m2", Role.HUMAN, (Text("more"),)))
    again = fold(again, decode("metadata", {"run_id": "r2", "attempt": 1}))
    texts = parts(fold_all(again, [decode("values", said), END]))
    assert texts == [ASKED.parts, (Text("ok"),), (Text("more"),), (Text("ok"),)]


def test_a_question_of_the_graph_is_no_output():
    asks = {"question": "dates", "__interrupt__": [{"id": "i", "value": "Sure?"}]}
    state = fold_all(begun(), [decode("values", asks), END])
    assert parts(state) == [ASKED.parts]
    assert [one.value for one in state.transcript.interrupts] == ["Sure?"]


def test_messages_under_another_key_are_the_conversation():
    shape = Shape(key="chat", is_known=True)
    human = {"type": "human", "content": "hi", "id": "m1"}
    answer = {"type": "ai", "content": "hey", "id": "a1"}
    asked = Message("m1", Role.HUMAN, (Text("hi"),))
    events = [
        decode("values", {"chat": [human], "topic": "t"}),
        decode("updates", {"talk": {"chat": [answer]}}),
        decode("values", {"chat": [human, answer], "topic": "t"}),
        END,
    ]
    assert parts(fold_all(begun(shape, asked=asked), events)) == [(Text("hi"),), (Text("hey"),)]
