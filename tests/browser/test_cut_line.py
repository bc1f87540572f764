"""The connection of the app to the agent is cut in the middle of an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.app import RunningApp, running_app
from tests.helpers.faults import FaultyProxy, faulty_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.browser import Tab


@pytest.fixture(scope="module")
def way(langgraph_server: str) -> Iterator[FaultyProxy]:
    """All that goes between the app and the agent."""
    with faulty_proxy(langgraph_server) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, way: FaultyProxy) -> Iterator[RunningApp]:
    """The app with an agent that writes as many words as it is told, at the other end."""
    far = {"LANGGRAPH_API_URL": way.url, "CHAT_ASSISTANT": "slow"}
    with running_app(tmp_path_factory.mktemp("cut"), **far) as running:
        yield running


def test_a_cut_is_told_quietly_below_what_was_written_and_ends_with_the_next_try(
    tab: Tab, way: FaultyProxy
) -> None:
    cut = tab.page.get_by_test_id("cut")
    tab.ask("400 every 0.05")
    expect(tab.tail).to_contain_text("word")
    expect(cut).to_have_count(0)

    way.refuse()
    expect(cut).to_contain_text("Connection to the agent lost.")
    expect(tab.tail).to_contain_text("word")
    expect(cut.get_by_test_id("countdown")).to_have_text(re.compile(r"Trying again( in \d+ s|…)"))
    expect(tab.stop).to_be_visible()

    way.accept()
    cut.get_by_test_id("hurry").click()
    expect(cut).to_have_count(0)
    tab.answered()
    expect(tab.rows("error")).to_have_count(0)
    assert len(tab.answer().split()) >= 400
