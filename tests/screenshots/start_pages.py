"""A new chat, the thread list, and addresses that lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.screenshots.content import LONG_WORD
from tests.screenshots.state import LAPTOP, PHONE, SMALL, States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()

_TITLES = (
    "Plan a weekend in Lisbon",
    "What is the difference between a process and a thread, and when does it matter?",
    "مدن على البحر",
    LONG_WORD,
    "Research rivers",
    "12 * 7",
    *(f"Notes on chapter {number}" for number in range(1, 30)),
)


def started(visit: Visit) -> None:
    """Open a new chat, and wait until the agent server has answered."""
    visit.tab.open()
    expect(visit.tab.page.get_by_text("Your chats appear here")).to_be_attached()


def with_threads(visit: Visit, count: int = len(_TITLES)) -> None:
    """Open a new chat in a browser that has many threads."""
    started(visit)
    owner = visit.tab.person_id()
    with visit.agent.client() as server:
        for title in reversed(_TITLES[:count]):
            metadata = {"chat_owner": owner, "chat_title": title, "graph_id": "agent"}
            server.post("/threads", json={"metadata": metadata}).raise_for_status()
    visit.tab.page.reload()
    visit.tab.awake()
    expect(visit.tab.thread_links).to_have_count(count)


@states("demo")
def new_chat_of_the_demo(visit: Visit) -> None:
    started(visit)


@states("own")
def new_chat_of_an_own_agent(visit: Visit) -> None:
    started(visit)


@states("several")
def new_chat_with_several_assistants(visit: Visit) -> None:
    started(visit)


@states("several")
def new_chat_with_a_form(visit: Visit) -> None:
    started(visit)
    visit.choose("form")
    expect(visit.tab.page.get_by_label("question")).to_be_visible()


@states("demo", text_size=200)
def new_chat_at_twice_the_text_size(visit: Visit) -> None:
    started(visit)


@states("demo", devices=(SMALL,))
def new_chat_at_400_percent(visit: Visit) -> None:
    started(visit)


@states("demo", devices=(LAPTOP,))
def sidebar_with_many_threads(visit: Visit) -> None:
    with_threads(visit)


@states("demo", devices=(PHONE,))
def sidebar_open_on_a_phone(visit: Visit) -> None:
    with_threads(visit)
    visit.test_id("sidebar-button").click()
    expect(visit.tab.thread_links.first).to_be_visible()


@states("demo", devices=(PHONE,))
def sidebar_open_without_threads(visit: Visit) -> None:
    started(visit)
    visit.test_id("sidebar-button").click()
    expect(visit.test_id("new-chat")).to_be_visible()


@states("demo")
def page_not_found(visit: Visit) -> None:
    visit.tab.page.goto(visit.tab.url + "/nothing/here/at/all")
    expect(visit.tab.page.get_by_role("link", name="New chat").first).to_be_visible()


@states("demo")
def thread_not_found(visit: Visit) -> None:
    visit.tab.open("/t/00000000-0000-4000-8000-000000000000")
    expect(visit.tab.page.get_by_text("does not exist")).to_be_visible()
