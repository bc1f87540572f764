"""Play a case graph in the app, and keep what a reader saw at every moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cases.served import CASE_GRAPHS
from tests.helpers.app import RunningApp, running_app
from tests.helpers.browser import wait_for
from tests.helpers.played import Played, record, until_over
from tests.helpers.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.helpers.browser import Tab


@pytest.fixture(scope="session")
def case_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real server with the case graphs."""
    with serve(tmp_path_factory.mktemp("cases"), graphs=CASE_GRAPHS) as server:
        yield server.url


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, case_server: str) -> Iterator[RunningApp]:
    """The app on the server with the case graphs."""
    folder = tmp_path_factory.mktemp("app")
    settings = {"LANGGRAPH_API_URL": case_server, "CHAT_ASSISTANT": "shapes"}
    with running_app(folder, **settings) as running:
        yield running


@pytest.fixture
def play(new_tab: Callable[..., Tab]) -> Callable[..., Played]:
    """``play("shapes", "refused")``: ask that graph in a new tab, and wait until the run is over.

    Give the tab's options by name, such as ``color_scheme="dark"``.
    """

    def play(graph: str, prompt: str, **options: object) -> Played:
        tab = new_tab(**options).open()
        tab.choose(graph)
        moments = record(tab)
        tab.ask(prompt)
        wait_for(tab.page, "window.sessionStorage.getItem('chat_outbox') === null")
        until_over(tab)
        return Played(tab, moments)

    return play
