"""What cannot be reached: the agent server, the app, the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.faults import faulty_proxy
from tests.screenshots.content import HALF_AN_ANSWER, said
from tests.screenshots.start_pages import started
from tests.screenshots.state import States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()


@states("missing")
def server_missing(visit: Visit) -> None:
    visit.tab.open()
    expect(visit.test_id("notice")).to_contain_text("cannot be reached")


@states("missing")
def server_missing_for_a_message(visit: Visit) -> None:
    visit.tab.open()
    visit.tab.ask("Is there anyone?")
    expect(visit.tab.rows("error")).to_be_visible()


@states("demo")
def connection_lost(visit: Visit) -> None:
    proxy = visit.keep(faulty_proxy(visit.app.url))
    visit.tab.url = proxy.url
    visit.open_thread(said("Three days in Lisbon?", HALF_AN_ANSWER))
    proxy.refuse()
    expect(visit.test_id("connection")).to_be_visible()


@states("demo")
def connection_lost_with_a_message(visit: Visit) -> None:
    proxy = visit.keep(faulty_proxy(visit.app.url))
    visit.tab.url = proxy.url
    started(visit)
    proxy.refuse()
    expect(visit.test_id("connection")).to_be_visible()
    visit.tab.ask("Is there anyone?")


@states("demo")
def browser_offline(visit: Visit) -> None:
    started(visit)
    visit.tab.page.context.set_offline(True)
    expect(visit.test_id("connection")).to_be_visible()
