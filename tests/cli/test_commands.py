"""The commands with a real server: what they print, and how they end."""

from __future__ import annotations

import asyncio
import io
import json
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import langgraph_sdk
import pytest

from chat_app import text
from chat_app.client import get_client
from tests.helpers.faults import faulty_proxy
from tests.helpers.gateway import Asked, Gateway, Refusal, listening
from tests.helpers.server_2024 import Server2024

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ended
    from tests.helpers.long_answer import LongAnswer

    Client = Callable[..., Ended]

QUESTION = "whats the weather in la"


def headings(printed: str) -> list[str]:
    """The names of the events, as the how-to prints them."""
    begin = "Receiving new event of type: "
    lines = [line for line in printed.splitlines() if line.startswith(begin)]
    return [line.removeprefix(begin).removesuffix("...") for line in lines]


def json_of(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def thread_of(ended: Ended) -> str:
    """The new thread, which standard error names."""
    return ended.err.partition("Thread ")[2].split()[0]


async def streamed_by_the_sdk(url: str, mode: Any) -> list[str]:
    async with langgraph_sdk.get_client(url=url) as client:
        thread = await client.threads.create()
        given: Any = {"messages": [{"role": "human", "content": QUESTION}]}
        stream = client.runs.stream(thread["thread_id"], "agent", input=given, stream_mode=mode)
        return [chunk.event async for chunk in stream]


@pytest.mark.parametrize("mode", ["values", "updates", "messages", "messages-tuple", "tasks"])
def test_each_mode_prints_the_events_of_the_how_to(
    client: Client, langgraph_server: str, mode: str
) -> None:
    ended = client("stream", QUESTION, "--mode", mode, "--assistant", "agent")
    assert ended.code == 0
    assert headings(ended.out) == asyncio.run(streamed_by_the_sdk(langgraph_server, mode))
    assert "Los Angeles" in ended.out
    assert thread_of(ended) in ended.err


def test_without_a_mode_it_is_values_and_several_go_together(client: Client) -> None:
    assert set(headings(client("stream", QUESTION).out)) == {"metadata", "values"}
    both = client("stream", QUESTION, "--mode", "updates", "--mode", "messages-tuple")
    assert set(headings(both.out)) == {"metadata", "updates", "messages"}


def test_json_is_one_event_a_line_and_says_at_its_end_how_it_went(client: Client) -> None:
    ended = client("stream", QUESTION, "--assistant", "agent", "--json", "-q")
    *events, end = json_of(ended.out)
    assert ended.err == ""
    assert events[0]["event"] == "metadata"
    assert events[-1]["data"]["messages"][-1]["content"] == "It is sunny."
    assert end["event"] == "end"
    assert end["data"]["outcome"] == "finished"
    assert end["data"]["run_id"] == events[0]["data"]["run_id"]


def test_a_thread_goes_on_and_is_listed_with_its_runs(client: Client) -> None:
    title = f"first {uuid4().hex}"
    thread_id = thread_of(client("stream", title, "--assistant", "agent"))
    again = client("stream", "and now?", "--thread", thread_id, "--json")
    contents = [m["content"] for m in json_of(again.out)[-2]["data"]["messages"]]
    assert contents[0] == title
    assert contents[-1] == "It is sunny."
    rows = [line.split("\t") for line in client("threads").out.splitlines()]
    assert [row[1::2] for row in rows if row[0] == thread_id] == [["idle", title]]
    runs = client("runs", thread_id, "--json")
    assert [row["status"] for row in json_of(runs.out)] == ["success", "success"]
    assert "kwargs" not in runs.out
    [newest, _] = client("runs", thread_id).out.splitlines()
    assert newest.split("\t")[:2] == [json_of(runs.out)[0]["run_id"], "success"]
    short = client("runs", thread_id, "--limit", "1")
    assert short.out.splitlines() == [newest]
    assert "--limit 2" in short.err


def test_a_thread_without_runs_lists_none(client: Client, langgraph_server: str) -> None:
    async def made() -> str:
        async with get_client(url=langgraph_server) as made_by:
            return (await made_by.threads.create())["thread_id"]

    ended = client("runs", asyncio.run(made()))
    assert (ended.code, ended.out) == (0, "")


def test_the_assistants_are_listed_by_the_names_that_the_other_commands_take(
    client: Client,
) -> None:
    rows = [line.split("\t") for line in client("assistants").out.splitlines()]
    [agent] = [row for row in rows if row[1] == "agent"]
    assert client("stream", QUESTION, "--assistant", agent[0]).code == 0
    assert {"assistant_id", "graph_id"} <= json_of(client("assistants", "--json").out)[0].keys()


def test_the_assistant_of_the_settings_is_asked_where_none_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_ASSISTANT", "counted")
    assert "Counted." in client("stream", "hello").out


def test_a_run_that_fails_prints_its_events_and_ends_with_1(client: Client) -> None:
    ended = client("stream", "hello", "--assistant", "fails", "--mode", "messages-tuple")
    assert ended.code == 1
    assert headings(ended.out)[-1] == "error"
    assert f"{text.RUN_FAILED}\nRuntimeError: the model broke off\n" in ended.err
    assert json_of(client("stream", "x", "--assistant", "fails", "--json").out)[-1]["data"][
        "outcome"
    ] == ("failed")


def test_a_failure_that_is_known_is_said_in_a_sentence_of_its_own(client: Client) -> None:
    ended = client("stream", "hello", "--assistant", "limited")
    assert ended.code == 1
    assert f"{text.ASKED_TOO_OFTEN}\nRateLimitError: " in ended.err


@pytest.mark.parametrize("mode", ["values", "updates", "messages"])
def test_a_question_of_the_agent_can_be_answered(client: Client, mode: str) -> None:
    asked = client("stream", "hello", "--assistant", "asks", "--mode", mode)
    assert asked.code == 0
    assert "--resume" in asked.err
    thread_id = thread_of(asked)
    given = ("--thread", thread_id, "--assistant", "asks", "--resume", '"yes"')
    assert "You said yes." in client("stream", *given).out
    again = json_of(client("stream", "again", *given[:4], "--json").out)
    assert again[-1]["data"]["outcome"] == "interrupted"
    assert again[-1]["data"]["waits"]


def test_a_run_that_is_stopped_elsewhere_ends_with_1(
    client: Client, langgraph_server: str, long_answer: LongAnswer
) -> None:
    async def stop() -> None:
        async with get_client(url=langgraph_server) as other:
            while True:
                for thread in await other.threads.search(status="busy"):
                    [run] = await other.runs.list(thread["thread_id"], limit=1)
                    if long_answer.question in json.dumps(run):
                        await other.runs.cancel(run["thread_id"], run["run_id"], wait=True)
                        return
                await asyncio.sleep(0.1)

    stopping = Thread(target=asyncio.run, args=[stop()])
    stopping.start()
    ended = client("stream", long_answer.question, "--assistant", "slow", "--json")
    stopping.join()
    assert ended.code == 1
    assert json_of(ended.out)[-1]["data"]["outcome"] == "interrupted"
    assert not json_of(ended.out)[-1]["data"]["waits"]
    assert "--resume" not in ended.err


def test_a_graph_without_messages_takes_its_input_as_json(client: Client) -> None:
    refused = client("stream", "hello", "--assistant", "fills")
    assert refused.code == 2
    assert "--input" in refused.err
    assert '"' in refused.err
    fields = refused.err.partition("--input '")[2].partition("'")[0]
    assert fields.startswith('{"')


def test_a_whole_input_takes_the_place_of_a_message(client: Client) -> None:
    given = json.dumps({"messages": [{"role": "human", "content": QUESTION}]})
    assert "It is sunny." in client("stream", "--input", given, "--assistant", "agent").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("stream",),
        ("stream", ""),
        ("stream", "a", "--input", "{}"),
        ("stream", "--input", "{no json"),
        ("stream", "--resume", "1"),
        ("stream", "a", "--mode", "all"),
        ("threads", "--limit", "0"),
        ("threads", "--url", "no address"),
        ("fly",),
        ("runs",),
    ],
)
def test_a_wrong_command_line_ends_with_2(client: Client, arguments: tuple[str, ...]) -> None:
    ended = client(*arguments)
    assert ended.code == 2
    assert ended.err.strip()
    assert ended.out == ""


def test_settings_that_cannot_be_used_end_with_2_and_are_named_without_their_values(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGGRAPH_API_HEADERS", '{"x-secret": "s3cret-v\u00e4lue"')
    ended = client("threads")
    assert ended.code == 2
    assert "LANGGRAPH_API_HEADERS" in ended.err
    assert "s3cret" not in ended.err


def test_what_the_server_refuses_ends_with_1_and_its_words(client: Client) -> None:
    unknown = client("stream", "hello", "--assistant", "nobody")
    assert unknown.code == 1
    assert "nobody" in unknown.err
    assert "agent" in unknown.err
    missing = client("stream", "hello", "--assistant", "agent", "--thread", str(uuid4()))
    assert missing.code == 1
    assert missing.err.startswith(f"{text.NOT_FOUND}\n")
    assert client("join", str(uuid4()), str(uuid4())).code == 1


def test_no_server_ends_with_3_and_its_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", "http://127.0.0.1:9")
    for arguments in (("threads",), ("stream", "hello")):
        ended = client(*arguments)
        assert ended.code == 3
        assert ended.err == f"{text.UNREACHABLE}\nConnection refused: 127.0.0.1:9\n"


class WebPage(Gateway):
    async def request(self, asked: Asked) -> None:
        raise Refusal(404, "<html><head><title>Welcome</title></head></html>")


class RemembersKeys(Gateway):
    """Notes the headers of requests, and quotes one of them in a refusal, as some servers do."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.heard: list[dict[str, str]] = []
        self.refuses = False

    async def request(self, asked: Asked) -> None:
        self.heard.append(dict(asked.headers))
        if self.refuses:
            raise Refusal(403, f"no access with {asked.headers.get('x-api-key')}")


KEY = "lsv2_pt_0123456789abcdef0123456789abcdef"


def test_the_key_goes_to_the_configured_server_alone_and_is_never_printed(
    client: Client, langgraph_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_API_KEY", KEY)
    monkeypatch.setenv("LANGGRAPH_API_HEADERS", '{"x-team": "the-value-of-it"}')
    gateway = RemembersKeys(langgraph_server)
    with listening(gateway) as url:
        other = client("threads", "--url", url)
        assert other.code == 0
        assert not [h for h in gateway.heard if {"x-api-key", "x-team"} & h.keys()]
        monkeypatch.setenv("LANGGRAPH_API_URL", url)
        own = client("stream", f"my key is {KEY}", "--json")
        gateway.refuses = True
        refused = client("threads")
    assert gateway.heard[-1]["x-api-key"] == KEY
    assert gateway.heard[-1]["x-team"] == "the-value-of-it"
    assert (own.code, refused.code) == (0, 1)
    assert "[hidden]" in refused.err
    for ended in (other, own, refused):
        assert KEY not in ended.out + ended.err


def test_a_message_with_escape_sequences_does_not_reach_the_terminal(client: Client) -> None:
    ended = client("stream", "\x1b]0;owned\x07\x1b[2J\u202ehello", "--mode", "values", "--json")
    listed = client("threads")
    assert json_of(ended.out)[1]["data"]["messages"][0]["content"].endswith("hello")
    for said in (ended.out, ended.err, listed.out):
        assert not {"\x1b", "\x07", "\u202e"} & set(said)


@pytest.mark.parametrize("octets", [1500, 4000])
def test_a_stream_that_is_cut_again_and_again_is_printed_whole(
    client: Client, langgraph_server: str, octets: int
) -> None:
    arguments = ("stream", "60", "--assistant", "slow", "--json", "--mode", "messages-tuple")
    with faulty_proxy(langgraph_server) as proxy:
        proxy.cut_after(octets * 10)
        cut = client(*arguments, "--mode", "values", "--url", proxy.url)
    assert cut.code == 0
    assert text.AGENT_LOST in cut.err
    *events, end = json_of(cut.out)
    words = [e["data"][0]["content"] for e in events if e["event"] == "messages"]
    values = [e["data"]["messages"] for e in events if e["event"] == "values"]
    assert "".join(words) == values[-1][-1]["content"] == "".join(f"word{n} " for n in range(60))
    assert end["data"]["outcome"] == "finished"


class Older(Gateway):
    """Refuses the options that came later, each by its name."""

    async def request(self, asked: Asked) -> None:
        for name in ("stream_resumable", "on_disconnect", "stream_subgraphs"):
            if asked.starts_run and name in asked.body:
                raise Refusal(422, f"body.{name}: extra fields are not permitted")


@pytest.mark.parametrize("kind", [Server2024, Older])
def test_older_servers_are_asked_for_less(
    client: Client, langgraph_server: str, kind: type[Gateway]
) -> None:
    with listening(kind(langgraph_server)) as url:
        ended = client("stream", QUESTION, "--assistant", "agent", "--url", url)
        listed = client("threads", "--url", url)
    assert ended.code == 0
    assert "It is sunny." in ended.out
    assert thread_of(ended) in listed.out


def test_standard_input_may_be_the_message(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("from a pipe\n"))
    assert "from a pipe" in client("stream", "-", "--assistant", "counted").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_completion_for_the_name_of_the_script(client: Client, shell: str) -> None:
    ended = client("completion", shell)
    assert ended.code == 0
    assert "client" in ended.out
    assert "_CHAT_CLIENT_COMPLETE" in ended.out
