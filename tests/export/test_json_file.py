"""A JSON file holds what it takes to show a thread again, and nothing that is not the reader's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app import text
from chat_app.export import files
from chat_app.export.files import document_of
from chat_app.export.html.page import html_page
from chat_app.export.json_file import FORMAT, VERSION, as_json, json_file
from chat_app.export.read_file import InvalidFileError, read_file
from chat_app.export.spoken import spoken
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.message import Role, Text, ToolCall
from chat_app.transcript.record import AgentRecord, SavedThread, ThreadRecord
from chat_app.transcript.shapes import Shape
from chat_app.transcript.turns import turns_of
from tests.helpers import captures
from tests.helpers.examples import examples
from tests.helpers.values import OBJECTS, VALUES

STATES = ["hitl_state", "interrupt_state", "supervisor_state", "delegates_state", "swarm_state"]
KEY = "sk-proj-a1b2c3d4e5f6g7h8i9j0k1l2"


def saved_of(state: dict[str, Any], **fields: Any) -> SavedThread:
    return SavedThread(ThreadRecord(state, **fields), "A title", "a1", "agent", "Agent")


def capture(name: str) -> SavedThread:
    return saved_of(captures.document(name))


def of(*messages: dict[str, Any], **state: Any) -> SavedThread:
    return saved_of({"values": {"messages": list(messages)}, **state})


HUMAN = {"type": "human", "id": "h1", "content": "Hello"}
ANSWER = {"type": "ai", "id": "a1", "content": "Hi"}


@pytest.mark.parametrize("name", STATES)
def test_a_file_shows_what_the_thread_shows(name: str) -> None:
    saved = capture(name)
    again = read_file(json_file(saved))
    assert again.record.transcript() == saved.record.transcript()
    assert as_json(again) == as_json(saved)


@pytest.mark.parametrize("name", STATES)
def test_the_page_carries_the_same_file(name: str) -> None:
    saved = capture(name)
    page = html_page(document_of(saved), data=json_file(saved))
    assert as_json(read_file(page)) == as_json(saved)


_TEXTS = st.text(max_size=20)
_CALLS = st.builds(
    lambda name, args, key: {"name": name, "args": args, "id": key, "type": "tool_call"},
    _TEXTS,
    OBJECTS,
    st.sampled_from(["c1", "c2", "c3"]),
)
_MESSAGES = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["human", "system"]), "content": _TEXTS}),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["ai", "AIMessageChunk"]),
            "content": _TEXTS | st.lists(OBJECTS, max_size=2),
            "tool_calls": st.lists(_CALLS, max_size=2),
            "response_metadata": OBJECTS,
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("tool"),
            "content": _TEXTS,
            "tool_call_id": st.sampled_from(["c1", "c2", "c3"]),
            "status": st.sampled_from(["success", "error"]),
            "artifact": VALUES,
        }
    ),
)


def _numbered(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"m{number}", **message} for number, message in enumerate(messages)]


@examples(200)
@given(st.lists(_MESSAGES, max_size=6).map(_numbered), OBJECTS, st.lists(OBJECTS, max_size=2))
def test_any_thread_survives_its_file(
    messages: list[dict[str, Any]], values: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    state = {
        "values": {**values, "messages": [HUMAN, *messages]},
        "interrupts": [{"id": f"q{n}", "value": value} for n, value in enumerate(asked)],
    }
    saved = saved_of(state)
    for file in (json_file(saved), html_page(document_of(saved), data=json_file(saved))):
        again = read_file(file)
        assert again.record.transcript() == saved.record.transcript()
        assert as_json(again) == as_json(saved)


@examples(200)
@given(VALUES | st.fixed_dictionaries({"messages": VALUES, "format": st.just(FORMAT)}) | OBJECTS)
def test_no_value_breaks_the_reading(value: Any) -> None:
    try:
        saved = read_file(json.dumps(value))
    except InvalidFileError:
        return
    html_page(document_of(saved))


_FIELDS = st.sampled_from(
    ["title", "messages", "values", "earlier", "turns", "shape", "questions", "notes", "agents"]
)


@examples(200)
@given(st.dictionaries(_FIELDS, VALUES, max_size=9))
def test_no_field_breaks_the_reading(fields: dict[str, Any]) -> None:
    whole = {"format": FORMAT, "version": VERSION, "messages": [HUMAN], **fields}
    try:
        saved = read_file(json.dumps(whole))
    except InvalidFileError:
        return
    html_page(document_of(saved), data=json_file(saved))


def test_only_notes_of_what_was_shown_are_taken_of_the_metadata() -> None:
    note = {"after": "a1", "below": "a1", "said": ["Approved it"], "asked": []}
    metadata = {"chat_owner": "somebody", "chat_decision:1": note, "secret": "x", "chat_title": "t"}
    file = json_file(saved_of({"values": {"messages": [HUMAN, ANSWER]}}, metadata=metadata))
    assert "somebody" not in file
    assert json.loads(file)["notes"] == {"chat_decision:1": note}
    assert "secret" not in file


def test_values_that_a_page_does_not_show_are_not_in_the_file() -> None:
    state = {"values": {"messages": [HUMAN], "api_token": "t0ken", "todos": [{"content": "Buy"}]}}
    written = as_json(saved_of(state))
    assert written["values"] == {"todos": [{"content": "Buy"}]}


def test_keys_in_errors_and_headers_of_providers_are_not_in_the_file() -> None:
    call = {"name": "pay", "args": {}, "id": "c1", "type": "tool_call"}
    about = {"headers": {"x-request-id": "req-1", "authorization": KEY}, "model_name": "m"}
    failed = {"type": "tool", "id": "t1", "tool_call_id": "c1", "status": "error"}
    file = json_file(
        of(
            HUMAN,
            {
                "type": "ai",
                "id": "a1",
                "content": "",
                "tool_calls": [call],
                "response_metadata": about,
            },
            {**failed, "content": f"refused: {KEY}"},
            tasks=[{"error": f"AuthenticationError('bad key {KEY}')"}],
        )
    )
    assert KEY not in file
    assert "req-1" not in file
    assert "refused" in file
    assert '"model_name"' in file


def test_what_waits_and_what_failed_is_shown_again() -> None:
    asks = of(HUMAN, interrupts=[{"id": "q", "value": "Which one?"}], next=["ask"])
    assert [one.value for one in read_file(json_file(asks)).record.transcript().interrupts] == [
        "Which one?"
    ]
    pauses = of(HUMAN, next=["tools"])
    assert read_file(json_file(pauses)).record.transcript().interrupts == (BREAKPOINT,)
    failed = of(HUMAN, tasks=[{"error": "ValueError('no')"}])
    assert read_file(json_file(failed)).record.transcript().failure


def test_a_thread_without_messages_keeps_its_inputs_and_outputs() -> None:
    shape = Shape("form", "messages", {"type": "object"}, is_known=True)
    runs = [
        {"run_id": "r1", "status": "success", "metadata": {}, "kwargs": {"input": {"topic": "tea"}}}
    ]
    values = {"topic": "tea", "report": "Tea is a drink."}
    turns = turns_of(runs, [], values, message_key="k")
    saved = saved_of({"values": values}, turns=turns, shape=shape)
    again = read_file(json_file(saved))
    assert again.record.transcript() == saved.record.transcript()
    assert "Tea is a drink." in html_page(document_of(again))


def test_graphs_inside_the_graph_and_forgotten_messages_are_in_the_file() -> None:
    call = {"name": "ask", "args": {}, "id": "c1", "type": "tool_call"}
    inner = AgentRecord({"values": {"messages": [HUMAN, ANSWER]}}, handed=frozenset({"h1"}))
    saved = saved_of(
        {"values": {"messages": [{"type": "ai", "id": "x", "content": "", "tool_calls": [call]}]}},
        metadata={"chat_agent:c1": {"namespace": "tools:1", "name": "expert"}},
        agents={"tools:1": inner},
        earlier=({"values": {"messages": [HUMAN, ANSWER]}},),
    )
    again = read_file(json_file(saved))
    assert again.record.whole() == saved.record.whole()
    asked = next(
        p for m in again.record.whole().messages for p in m.parts if isinstance(p, ToolCall)
    )
    assert asked.agent
    assert asked.agent.transcript
    assert [m.id for m in asked.agent.transcript.messages] == ["a1"]
    assert [m.id for m in again.record.transcript().messages][:2] == ["h1", "a1"]


def test_without_steps_only_words_are_in_the_file() -> None:
    call = {"name": "search", "args": {"q": "plan"}, "id": "c1", "type": "tool_call"}
    thinks = [{"type": "reasoning", "reasoning": "hmm"}, {"type": "text", "text": "Found."}]
    saved = of(
        HUMAN,
        {"type": "ai", "id": "a1", "content": thinks, "tool_calls": [call]},
        {"type": "tool", "id": "t1", "content": "result", "tool_call_id": "c1"},
    )
    file = json_file(spoken(saved))
    assert "Found." in file
    assert not any(word in file for word in ("plan", "hmm", "result", "search"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", text.IMPORT_INVALID),
        ("nothing", text.IMPORT_INVALID),
        ("[" * 5000, text.IMPORT_INVALID),
        ('{"format": "langgraph-chat", "version": 1, "values": ' + "[" * 200 + "]" * 200 + "}",
         text.IMPORT_INVALID),
        ('{"messages": [1, 2]}', text.IMPORT_INVALID),
        ('{"messages": {"type": "human"}}', text.IMPORT_INVALID),
        ('{"messages": [{"type": "human", "content": NaN}]}', text.IMPORT_INVALID),
        ('{"format": "other", "messages": []}', text.IMPORT_INVALID),
        ('{"format": "langgraph-chat", "version": "1"}', text.IMPORT_INVALID),
        ('{"format": "langgraph-chat", "version": 2}', text.IMPORT_NEWER),
        ('{"format": "langgraph-chat", "version": 1}', text.IMPORT_EMPTY),
        ("<html></html>", text.IMPORT_NO_DATA),
        ('<template id="chat-export">{}</template>', text.IMPORT_INVALID),
        ('{"a": 1}', text.IMPORT_INVALID),
        ('{"messages": []}', text.IMPORT_EMPTY),
    ],
)  # fmt: skip
def test_other_files_are_refused_with_a_sentence(content: str, sentence: str) -> None:
    with pytest.raises(InvalidFileError, match=sentence.replace(".", r"\.")):
        read_file(content)


@pytest.mark.parametrize(
    "value",
    [
        [HUMAN, ANSWER],
        {"messages": [HUMAN, ANSWER]},
        {"values": {"messages": [HUMAN, ANSWER]}, "next": [], "thread_id": "t"},
    ],
)
def test_messages_and_states_of_other_programs_are_read(value: Any) -> None:
    messages = read_file(json.dumps(value)).record.transcript().messages
    assert [(m.role, m.parts) for m in messages] == [
        (Role.HUMAN, (Text("Hello"),)),
        (Role.ASSISTANT, (Text("Hi"),)),
    ]


def test_a_file_of_millions_of_values_is_refused_before_they_are_made() -> None:
    with pytest.raises(InvalidFileError, match=text.IMPORT_TOO_LARGE):
        read_file('{"messages": [' + "[]," * 3_000_000 + "[]]}")


def test_a_page_of_a_very_large_chat_says_that_it_carries_no_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "LONGEST_DATA", 100)
    page = files.file_of(of(HUMAN, ANSWER), "html", now=datetime.now(UTC))
    assert text.EXPORTED_WITHOUT_DATA in page
    with pytest.raises(InvalidFileError, match=text.IMPORT_NO_DATA):
        read_file(page)


def test_halves_of_characters_are_written_and_read() -> None:
    saved = replace(of({**HUMAN, "content": "a\ud83d"}), title="\udc00 title")
    json_file(saved).encode()
    assert read_file(json_file(saved)).title == "title"
