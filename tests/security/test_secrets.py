"""No secret of the app is in what a browser gets, in a state, or in a log, however a run fails."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from tests.helpers.server import serve
from tests.state.conftest import app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.tab import Tab

GRAPHS = ("raises", "raises_inside", "tool_raises", "says")
KNOWN = {
    "LANGSMITH_API_KEY": "canary-of-the-api-key-1",
    "LANGGRAPH_API_HEADERS": "canary-of-a-header",
    "SOME_PROVIDERS_API_KEY": "canary-of-a-provider-2",
    "DATABASE_PASSWORD": "canary of a password",
}
"""By the setting or variable that has it."""
SHAPED = (
    "sk-proj-Ab3dEf6hIj9lMnOpQrSt",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "xoxb-17653672481-19874698323-pdFZKVeTuE",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl",
)


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose graphs quote all of these keys."""
    folder = tmp_path_factory.mktemp("quoting")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTED", " and ".join([*KNOWN.values(), *SHAPED]))
        module = __file__.replace("test_secrets", "quoting_graphs")
        with serve(folder, graphs={name: f"{module}:{name}" for name in GRAPHS}) as server:
            yield server.url


@pytest.mark.slow
@pytest.mark.parametrize("graph", GRAPHS)
async def test_what_a_graph_quotes_is_hidden_live_after_a_reload_and_in_the_log(
    graph: str, quoting: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="chat_app")
    given = KNOWN | {"LANGGRAPH_API_HEADERS": json.dumps({"x-of": KNOWN["LANGGRAPH_API_HEADERS"]})}
    async with app(monkeypatch, quoting, None, CHAT_ASSISTANT=graph, **given) as new_tab:
        live, later = new_tab(), new_tab()
        await live.load("/")
        await live.send("quote")
        await later.load(f"/t/{live.thread_id}")
        for tab in live, later:
            assert "[hidden]" in await everything(tab)
            for secret in KNOWN.values():
                assert secret not in await everything(tab)
            if graph != "says":  # what an agent answers is its own business, but for known keys
                assert not [shape for shape in SHAPED if shape in await everything(tab)]
    assert not [secret for secret in (*KNOWN.values(), *SHAPED) if secret in caplog.text]


async def everything(tab: Tab) -> str:
    """All that a tab was sent, and what the app holds for it."""
    return "\n".join([*tab.sent, await tab.state()])


async def test_a_key_in_the_dotenv_file_is_hidden_too(
    quoting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f'DATABASE_PASSWORD="{KNOWN["DATABASE_PASSWORD"]}"\n')
    monkeypatch.chdir(tmp_path)
    async with app(monkeypatch, quoting, CHAT_ASSISTANT="says") as new_tab:
        tab = new_tab()
        await tab.load("/")
        await tab.send("quote")
        assert KNOWN["DATABASE_PASSWORD"] not in await everything(tab)
        assert KNOWN["SOME_PROVIDERS_API_KEY"] in await everything(tab)  # the app cannot know it
