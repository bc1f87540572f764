"""The request of a run as code: read by the parsers of Python and of a shell, it is the same."""

from __future__ import annotations

import ast
import json
import shlex
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat_app.timeline.sent_request import LONGEST_TEXT, body_of, safe, shortened
from chat_app.timeline.snippets import Header, Request, Variable, curl, python_client, python_sdk
from tests.helpers.examples import examples
from tests.helpers.values import VALUES

THREAD = "5f4d1f0a-6f0c-4b0e-8f35-0d5f8f6d9f11"
ODD = [
    "it's",
    '"',
    "\\'",
    "'\\\"",
    "$HOME `id` $(id) !! ~",
    "a\nb\r\t\x00\x7f\x1b[31m",
    "\u202e\u2028\u200b\ud800",
    "-d @/etc/passwd",
    "😀 ü ­",
    "''' \"\"\" \\",
    "VARIABLE-0-0-",
    "%s %d {x}",
]
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=20))
values = st.recursive(
    VALUES | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)
FIELDS = ("input", "config", "metadata", "stream_mode", "checkpoint_id", "context", "command")
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=5).map(
    lambda fields: {"assistant_id": "agent", **fields}
)


def in_python(code: str) -> tuple[str, Any, Any]:
    """The address, the thread and the body of the request in a program."""
    compile(code, "pasted.py", "exec")
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    named = {ast.unparse(call.func): call for call in calls}
    client, stream = named["get_client"], named["client.runs.stream"]
    address = {one.arg: one.value for one in client.keywords}["url"]
    thread, assistant = map(ast.literal_eval, stream.args)
    fields = {one.arg: ast.literal_eval(one.value) for one in stream.keywords}
    return ast.literal_eval(address), thread, {"assistant_id": assistant, **fields}


def in_shell(command: str) -> tuple[str, Any]:
    """The address and the body that a command sends."""
    words = shlex.split(command.replace("\\\n", " "))
    assert words[0] == "curl"
    return words[words.index("POST") + 1], json.loads(words[words.index("--data-binary") + 1])


@examples(300)
@given(bodies)
@example({"assistant_id": "agent", "input": {text: text for text in ODD}})
def test_each_form_gives_back_the_same_body(body: dict[str, Any]) -> None:
    request = Request("http://localhost:2024", THREAD, body, has_key=True)
    for write in (python_sdk, python_client):
        assert in_python(write(request)) == (request.url, THREAD, body)
    address, sent = in_shell(curl(request))
    assert address == f"http://localhost:2024/threads/{THREAD}/runs/stream"
    assert sent == body


@examples(100)
@given(bodies)
@example({"assistant_id": "agent", "input": {text: text for text in ODD}})
def test_nothing_in_a_form_is_unseen(body: dict[str, Any]) -> None:
    request = Request("http://localhost:2024", THREAD, body)
    for write in (python_sdk, python_client, curl):
        assert all(one.isprintable() or one == "\n" for one in write(request))


def test_a_run_without_a_thread_is_sent_without_one() -> None:
    request = Request("http://localhost:2024/", "", {"assistant_id": "agent"})
    assert in_python(python_sdk(request))[1] is None
    assert in_shell(curl(request))[0] == "http://localhost:2024/runs/stream"


def test_a_long_body_is_no_argument() -> None:
    text = "it's " * 100_000
    command = curl(Request("http://localhost:2024", THREAD, {"assistant_id": "a", "input": text}))
    written, sent = command.rsplit(" |\n", 1)
    assert shlex.split(written)[:2] == ["printf", "%s"]
    assert json.loads(shlex.split(written)[2])["input"] == text
    assert len(sent) < 1000
    assert "--data-binary @-" in sent


@pytest.mark.parametrize("write", [python_sdk, python_client, curl])
def test_secrets_are_variables_of_the_environment(write: Any) -> None:
    body = {"assistant_id": "a", "config": safe({"configurable": {"openai_api_key": "sk-1"}})}
    headers = (Header("authorization", Variable("ACCESS_TOKEN"), "Bearer "),)
    code = write(Request("http://a", THREAD, body, has_key=True, headers=headers))
    for name in ("OPENAI_API_KEY", "LANGSMITH_API_KEY", "ACCESS_TOKEN"):
        assert name in code
    assert "sk-1" not in code


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("openai_api_key", "abc"),
        ("apiKey", "abc"),
        ("DB_PASSWORD", "abc"),
        ("client-secret", "abc"),
        ("access_token", "abc"),
        ("accessToken", "abc"),
        ("AWS_ACCESS_KEY_ID", "abc"),
        ("private-key", "abc"),
        ("session_cookie", "abc"),
        ("Authorization", "Bearer abc"),
        ("anything", "sk-proj-abcdefghijklmnop1234567890"),
    ],
)
def test_a_value_that_may_be_secret_is_not_shown(name: str, value: str) -> None:
    assert value not in json.dumps(safe({"a": [{name: value}]}))


def test_all_that_is_in_a_secret_is_not_shown() -> None:
    assert "abc" not in json.dumps(safe({"credentials": {"user": "abc", "of": [{"kind": "abc"}]}}))


def test_numbers_of_tokens_are_no_secret() -> None:
    given = {"max_tokens": 100, "tokens": "many", "tokenizer": "cl100k"}
    assert safe(given) == given


RUN = {
    "run_id": THREAD,
    "assistant_id": "agent",
    "metadata": {"created_by": "system", "graph_id": "a", "chat_message": "m", "mine": 1},
    "multitask_strategy": "enqueue",
    "kwargs": {
        "input": {"messages": [{"type": "human", "content": "hi", "id": "m1", "name": None}]},
        "command": {"resume": None, "goto": None},
        "config": {
            "tags": ["x"],
            "recursion_limit": 30,
            "configurable": {
                "thread_id": THREAD,
                "checkpoint_id": "c1",
                "langgraph_auth_user": None,
                "__request_start_time_ms__": 1,
                "x-forwarded-for": "10.0.0.1",
                "model": "gpt",
            },
            "metadata": {"langgraph_version": "1"},
        },
        "context": {"model": "gpt"},
        "stream_mode": ["values"],
        "subgraphs": True,
        "resumable": False,
        "webhook": "https://hooks.example.com/secret",
        "interrupt_before": None,
        "durability": "async",
    },
}


def test_what_was_sent_is_told_without_what_server_and_app_have_added() -> None:
    assert body_of(RUN) == {
        "assistant_id": "agent",
        "input": {"messages": [{"type": "human", "content": "hi"}]},
        "stream_mode": ["values"],
        "stream_subgraphs": True,
        "checkpoint_id": "c1",
        "config": {"tags": ["x"], "recursion_limit": 30, "configurable": {"model": "gpt"}},
        "metadata": {"mine": 1},
        "webhook": Variable("WEBHOOK_URL"),
        "multitask_strategy": "enqueue",
        "durability": "async",
    }


@examples(200)
@given(st.dictionaries(st.sampled_from([*RUN, "x"]), VALUES), st.dictionaries(st.text(), VALUES))
def test_a_run_of_any_form_makes_a_request(run: dict[str, Any], kwargs: dict[str, Any]) -> None:
    for told in (run, {**run, "kwargs": {**RUN["kwargs"], **kwargs}}):
        request = Request("http://a", THREAD, body_of(told))
        compile(python_sdk(request), "pasted.py", "exec")
        assert in_shell(curl(request))[1].get("assistant_id", "") == str(
            told.get("assistant_id") or ""
        )


def test_long_texts_are_cut_and_short_ones_are_not() -> None:
    body = {"a": ["x" * LONGEST_TEXT, {"b": "y" * (LONGEST_TEXT + 1)}], "c": Variable("V")}
    cut, is_cut = shortened(body)
    assert is_cut
    assert cut["a"][0] == body["a"][0]
    assert len(cut["a"][1]["b"]) < 200
    assert cut["c"] == Variable("V")
    assert shortened({"a": 1}) == ({"a": 1}, False)
