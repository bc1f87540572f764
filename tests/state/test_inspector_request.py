"""The request of a run as the inspector shows it: run as a program, it starts the same run."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import text as words
from chat_app.auth.person import Person
from chat_app.state.inspector.request import RequestState
from chat_app.state.run import RunState
from chat_app.timeline.sent_request import body_of
from tests.state.conftest import SECRET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

ODD = '1 it\'s "$HOME" `id` \\ ü 😀\n!'
ROOT = Path(__file__).resolve().parents[2]
FORMS = [
    "sdk",
    "client",
    pytest.param("curl", marks=pytest.mark.skipif(not which("curl"), reason="no curl here")),
]


def code_of(tab: Tab, form: str) -> str:
    shown = {one["form"]: one["code"] for one in tab.var(RequestState, "snippets")}
    return shown[form]


async def pasted(form: str, code: str, folder: Path) -> str:
    """What a terminal prints where the code is run."""
    file = folder / "pasted"
    file.write_text(code)
    command = ["bash", str(file)] if form == "curl" else [sys.executable, str(file)]
    environment = {**os.environ, "LANGSMITH_API_KEY": SECRET, "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return out.decode()


async def newest(client: LangGraphClient, thread_id: str) -> Any:
    """The newest run, once it is over."""
    async with asyncio.timeout(30):
        while True:
            run = (await client.runs.list(thread_id, limit=1))[0]
            if run["status"] not in {"pending", "running"}:
                return run
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("which_run", ["last", "next"])
@pytest.mark.parametrize("form", FORMS)
async def test_a_pasted_request_starts_the_same_run(
    tab: Tab, client: LangGraphClient, tmp_path: Path, form: str, which_run: str
) -> None:
    await tab.send(ODD)
    sent = await newest(client, tab.thread_id)
    await tab.do(RequestState.load, which=which_run)
    assert tab.var(RequestState, "address").endswith(f"/threads/{tab.thread_id}/runs/stream")
    said = await pasted(form, code_of(tab, form), tmp_path)
    run = await newest(client, tab.thread_id)
    assert run["run_id"] != sent["run_id"]
    assert run["run_id"] in said
    again, before = body_of(run), body_of(sent)
    if which_run == "next":
        assert again["input"]["messages"][0]["content"] == words.YOUR_MESSAGE
        again.pop("input")
        before.pop("input")
    assert again == before
    assert run["status"] == sent["status"]


async def test_no_key_and_no_id_of_this_app_is_shown(tab: Tab) -> None:
    await tab.send("1")
    tab.sent.clear()
    await tab.do(RequestState.load, which="last")
    shown = "".join(tab.sent)
    assert SECRET not in shown
    assert "LANGSMITH_API_KEY" in shown
    assert "chat_message" not in shown
    assert "chat_request" not in shown


async def test_a_new_chat_has_a_next_request_and_no_last_one(tab: Tab) -> None:
    await tab.do(RequestState.load, which="last")
    assert tab.var(RequestState, "loaded")
    assert tab.var(RequestState, "snippets") == []
    await tab.do(RequestState.load, which="next")
    assert tab.var(RequestState, "address").endswith("/runs/stream")
    assert "messages-tuple" in code_of(tab, "sdk")


async def test_who_may_not_inspect_is_shown_no_request(start: Start, langgraph_server: str) -> None:
    tab = (await start(langgraph_server, CHAT_INSPECTOR="admins"))()
    await tab.load("/")
    await tab.send("1")
    await tab.do(RequestState.load, which="last")
    assert not tab.var(RequestState, "loaded")
    assert tab.var(RequestState, "snippets") == []


async def test_a_foreign_thread_has_no_request(tab: Tab, new_tab: Callable[[], Tab]) -> None:
    await tab.send("1 unheard")
    stranger = new_tab()
    stranger.person = Person(str(uuid4()))
    await stranger.load(f"/t/{tab.thread_id}")
    assert stranger.var(RunState, "thread_id") == tab.thread_id
    await stranger.do(RequestState.load, which="last")
    assert stranger.var(RequestState, "snippets") == []
    for odd in ("", "first", 1, None, ["last"], {}):
        await tab.do(RequestState.load, which=odd)
    assert not tab.var(RequestState, "loaded")
