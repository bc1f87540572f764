"""Turns of a thread without messages: as servers list its runs and its history."""

from __future__ import annotations

from typing import Any

from chat_app.transcript.load import load
from chat_app.transcript.message import Given, Message, Output, Text
from chat_app.transcript.shapes import Shape
from chat_app.transcript.turns import conversation_of, turns_of

FORM = Shape("form", schema={"type": "object"}, is_known=True)
RETURNS = Shape(keeps=False, is_known=True)
HELLO = {"messages": [{"type": "human", "content": "hello", "id": "h1"}]}


def run(run_id: str, given: Any, status: str = "success", message_id: str = "") -> dict[str, Any]:
    metadata = {"message": message_id} if message_id else {}
    return {"run_id": run_id, "status": status, "kwargs": {"input": given}, "metadata": metadata}


def step(number: int, run_id: str, values: Any, *results: Any, source: str = "loop"):
    """A checkpoint; `results` are of its tasks, a dict under ``__start__`` where it is an input."""
    name = "__start__" if source == "input" else "work"
    tasks = [{"name": name, "result": result} for result in results]
    metadata = {"run_id": run_id, "source": source, "step": number}
    checkpoint = {"checkpoint_id": f"{number:04}"}
    return {"values": values, "metadata": metadata, "tasks": tasks, "checkpoint": checkpoint}


HISTORY = [
    step(5, "r2", {"question": "dates", "answer": "B"}),
    step(4, "r2", {"question": "dates", "answer": "A"}, {"answer": "B"}),
    step(3, "r2", {"question": "figs", "answer": "A"}, {"question": "dates"}, source="input"),
    step(2, "r1", {"question": "figs", "answer": "A"}),
    step(1, "r1", {"question": "figs"}, {"answer": "A"}),
    step(0, "r1", {}, {"question": "figs"}, source="input"),
]
RUNS = [run("r2", {"question": "dates"}, message_id="m2"), run("r1", {"question": "figs"})]
NOW = {"question": "dates", "answer": "B"}


def told(runs: Any, history: Any, values: Any, shape: Shape = FORM, *, waits: bool = False):
    turns = turns_of(runs, history, values, message_key="message")
    return [message.parts for message in conversation_of(turns, shape, waits=waits)]


ALL = [
    (Given({"question": "figs"}),),
    (Output("answer", "A"),),
    (Given({"question": "dates"}),),
    (Output("answer", "B"),),
]


def test_each_run_is_what_was_asked_and_what_it_wrote():
    assert told(RUNS, HISTORY, NOW) == ALL


def test_the_history_alone_tells_where_a_server_forgot_the_runs():
    assert told([], HISTORY, NOW) == ALL


def test_checkpoints_of_inputs_alone_tell_what_stood_there_before():
    inputs = [one for one in HISTORY if one["metadata"]["source"] == "input"]
    assert told(RUNS, inputs, NOW) == ALL


def test_the_ids_are_those_of_the_messages_as_they_were_sent():
    messages = conversation_of(turns_of(RUNS, HISTORY, NOW, message_key="message"), FORM)
    assert [one.id for one in messages] == ["r1:asked", "r1:output", "m2", "r2:output"]


def test_the_same_answer_again_is_an_answer():
    again = [
        step(5, "r2", {"label": "spam", "score": 2}),
        step(4, "r2", {"label": "spam", "score": 1}, {"label": "spam", "score": 2}),
        step(3, "r2", {"label": "spam", "score": 1}, {"text": "x"}, source="input"),
        step(2, "r1", {"label": "spam", "score": 1}),
    ]
    runs = [run("r2", {"text": "x"}), run("r1", {"text": "y"})]
    assert told(runs, again, {"label": "spam", "score": 2})[-1] == (
        Output("label", "spam"),
        Output("score", 2),
    )


def test_an_answer_to_a_question_goes_on_with_the_turn():
    history = [
        step(1, "r2", {"question": "q", "answer": "A"}),
        step(0, "r1", {"question": "q"}, {"answer": "A"}),
        step(-1, "r1", {}, {"question": "q"}, source="input"),
    ]
    runs = [run("r2", None), run("r1", {"question": "q"})]
    assert told(runs, history, {"question": "q", "answer": "A"}) == [
        (Given({"question": "q"}),),
        (Output("answer", "A"),),
    ]


def test_a_string_that_was_returned_has_its_question_before_it():
    history = [
        step(2, "r2", "second"),
        step(1, "r2", "first", "second", source="input"),
        step(0, "r1", "first"),
        step(-1, "r1", None, "first", source="input"),
    ]
    again = {"messages": [{"type": "human", "content": "again", "id": "h2"}]}
    assert told([run("r2", again), run("r1", HELLO)], history, "second", RETURNS) == [
        (Text("hello"),),
        (Output("", "first"),),
        (Text("again"),),
        (Output("", "second"),),
    ]


def test_a_message_that_was_returned_is_one_also_the_second_time():
    said = {"type": "ai", "content": "ok", "id": None}
    history = [step(2, "r2", said), step(1, "r2", said, said, source="input"), step(0, "r1", said)]
    again = {"messages": [{"type": "human", "content": "again", "id": "h2"}]}
    texts = [(Text("hello"),), (Text("ok"),), (Text("again"),), (Text("ok"),)]
    assert told([run("r2", again), run("r1", HELLO)], history, said, RETURNS) == texts


def test_all_messages_that_were_returned_stand_there_once():
    answer = {"type": "ai", "content": "hey"}
    both = {"messages": [*HELLO["messages"], answer]}
    assert told([run("r1", HELLO)], [step(0, "r1", both)], both, RETURNS) == [
        (Text("hello"),),
        (Text("hey"),),
    ]


def test_a_run_that_returned_nothing_says_so():
    history = [step(0, "r1", None), step(-1, "r1", None, source="input")]
    assert told([run("r1", HELLO)], history, None, RETURNS)[-1] == (Output("", None),)


def test_a_refused_input_is_asked_and_unanswered():
    bad = [run("r2", {"question": 3}, "error"), run("r1", {"question": "figs"})]
    assert told(bad, [], {"question": "figs", "answer": "A"}) == [
        (Given({"question": "figs"}),),
        (Output("answer", "A"),),
        (Given({"question": 3}),),
    ]


def test_a_stopped_run_is_marked_and_one_that_waits_in_the_queue_is_no_turn():
    runs = [run("r2", {"question": "x"}, "pending"), run("r1", {"question": "y"}, "interrupted")]
    turns = turns_of(runs, [], {"question": "y"}, message_key="message")
    messages = conversation_of(turns, FORM)
    assert [message.parts for message in messages] == [(Given({"question": "y"}),), ()]
    assert messages[-1].stopped


def test_odd_runs_and_checkpoints_raise_nothing():
    odd: list[Any] = [{}, {"run_id": 3}, {"run_id": "r", "kwargs": [], "metadata": None}]
    broken: list[Any] = [{}, {"metadata": []}, {"metadata": {"run_id": "r"}, "tasks": [None]}]
    assert told(odd, broken, 5) is not None
    assert load({"values": 5}, shape=RETURNS).messages == (
        Message(":output", load({"values": 5}, shape=RETURNS).messages[0].role, (Output("", 5),)),
    )
