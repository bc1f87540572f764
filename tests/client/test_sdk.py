"""The client is called as `langgraph_sdk` is, and sends what that sends."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from langgraph_sdk.client import LangGraphClient as SdkClient

from chat_app.client import get_client
from chat_app.client.assistants import Assistants
from chat_app.client.crons import Crons
from chat_app.client.runs import Runs
from chat_app.client.schema import CronOptions, RunOptions
from chat_app.client.store import Store
from chat_app.client.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = {
    "assistants": Assistants,
    "threads": Threads,
    "runs": Runs,
    "crons": Crons,
    "store": Store,
}
NOT_TAKEN_OVER = {
    # Of every request: query parameters that no route has.
    "": {"params"},
    # Deprecated in favour of `durability`; of `stream`, a second form of the same events.
    "runs": {"checkpoint_during", "version", "on_run_created"},
    "crons": {"checkpoint_during"},
    "threads": {"ttl", "supersteps", "include", "return_minimal", "response_format"},
    "assistants": {"response_format"},
}
OPTIONS = {"runs": RunOptions, "crons": CronOptions}


def sdk_methods() -> list[tuple[str, str]]:
    sdk = SdkClient(httpx.AsyncClient())
    return [
        (resource, name)
        for resource, ours in OURS.items()
        for name, method in inspect.getmembers(type(getattr(sdk, resource)), inspect.isfunction)
        if not name.startswith("_") and hasattr(ours, name) and method
    ]


def parameters(method: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return {n: p for n, p in inspect.signature(method).parameters.items() if n != "self"}


@pytest.mark.parametrize(("resource", "name"), sdk_methods())
def test_names_places_and_defaults_are_those_of_the_sdk(resource: str, name: str):
    sdk = parameters(getattr(type(getattr(SdkClient(httpx.AsyncClient()), resource)), name))
    ours = parameters(getattr(OURS[resource], name))
    keywords = OPTIONS[resource].__annotations__.keys() if resource in OPTIONS else set()
    left_out = NOT_TAKEN_OVER[""] | NOT_TAKEN_OVER.get(resource, set())
    in_place = [n for n, p in sdk.items() if p.kind is not p.KEYWORD_ONLY and n not in left_out]
    assert [n for n, p in ours.items() if p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD)] == in_place
    for each, parameter in sdk.items():
        if each in ours:
            assert ours[each].kind == parameter.kind, each
            if (resource, name, each) != ("crons", "update", "end_time"):
                assert ours[each].default == parameter.default, each
        elif each not in left_out:
            assert "options" in ours, each
            assert each in keywords, each


def test_nothing_of_the_sdk_is_missing_but_what_is_named_here():
    sdk = SdkClient(httpx.AsyncClient())
    missing = {
        f"{resource}.{name}"
        for resource, ours in OURS.items()
        for name, _ in inspect.getmembers(type(getattr(sdk, resource)), inspect.isfunction)
        if not name.startswith("_") and not hasattr(ours, name)
    }
    assert missing == {"threads.stream", "threads.prune", "runs.create_batch"}


ASKED = {"messages": [{"role": "human", "content": "whats the weather in la"}]}
UNTIL = dt.datetime(2027, 1, 2, tzinfo=dt.UTC)
CALLS: list[tuple[str, str, tuple[Any, ...], dict[str, Any]]] = [
    ("runs", "create", ("t", "agent"), {"input": ASKED}),
    ("runs", "create", (None, "agent"), {"input": ASKED, "on_completion": "keep"}),
    ("runs", "create", ("t", "agent"), {"command": {"resume": 1, "update": None}}),
    ("runs", "create", ("t", "agent"), {"langsmith_tracing": {"project_name": "p"}}),
    ("runs", "wait", ("t", "agent"), {"input": ASKED, "checkpoint_id": "c"}),
    ("runs", "wait", (None, "agent"), {"input": ASKED, "metadata": {"a": 1}}),
    ("runs", "cancel_many", (), {"thread_id": "t", "run_ids": ["r"], "action": "rollback"}),
    ("runs", "cancel_many", (), {"status": "pending"}),
    ("runs", "join", ("t", "r"), {}),
    ("crons", "create", ("agent",), {"schedule": "0 0 * * *", "input": {}, "enabled": False}),
    ("crons", "create", ("agent",), {"schedule": "0 0 * * *", "on_run_completed": "keep"}),
    ("crons", "create", ("agent",), {"schedule": "@daily", "timezone": ZoneInfo("Europe/Rome")}),
    ("crons", "create", ("agent",), {"schedule": "@daily", "timezone": dt.UTC}),
    ("crons", "create_for_thread", ("t", "agent"), {"schedule": "@daily", "end_time": UNTIL}),
    ("crons", "update", ("c",), {"schedule": "1 1 * * *"}),
    ("crons", "update", ("c",), {"end_time": None}),
    ("crons", "delete", ("c",), {}),
    ("crons", "search", (), {"thread_id": "t", "sort_by": "cron_id", "select": ["cron_id"]}),
    ("crons", "count", (), {"assistant_id": "a"}),
    ("assistants", "create", ("agent", {"tags": ["x"]}), {"name": "A", "if_exists": "raise"}),
    ("assistants", "update", ("a",), {"graph_id": "g", "context": {}, "description": "d"}),
    ("assistants", "get_versions", ("a", {"k": 1}, 5), {"offset": 2}),
    ("assistants", "set_latest", ("a", 3), {}),
    ("assistants", "delete", ("a",), {}),
    ("threads", "get_history", ("t",), {"limit": 2, "select": ["values.messages"]}),
    ("threads", "get_state", ("t", {"checkpoint_id": "c"}), {"select": ["next"]}),
    ("threads", "update_state", ("t", {"messages": []}), {"as_node": "model"}),
    ("store", "put_item", (["a", "b"], "k", {"v": 1}, False, 5), {}),
    ("store", "search_items", (["a"], {"v": 1}, 3, 1, "words"), {}),
    ("store", "list_namespaces", (["a"], ["z"], 2, 5, 1), {}),
    ("store", "delete_item", (["a"], "k"), {}),
]


@pytest.mark.parametrize(("resource", "name", "args", "options"), CALLS)
async def test_what_is_sent_is_what_the_sdk_sends(
    resource: str, name: str, args: tuple[Any, ...], options: dict[str, Any]
):
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"run_id": "r", "thread_id": "t"})

    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, base_url="http://agent.test") as http:
        await getattr(getattr(SdkClient(http), resource), name)(*args, **options)
    async with get_client(url="http://agent.test", transport=transport) as client:
        await getattr(getattr(client, resource), name)(*args, **options)
    theirs, ours = sent
    assert (ours.method, ours.url) == (theirs.method, theirs.url)
    assert json.loads(ours.content or b"null") == json.loads(theirs.content or b"null")
