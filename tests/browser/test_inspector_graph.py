"""The Graph tab of the inspector: the graph of the assistant, drawn, lit, and as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from chat_app import text
from tests.helpers.accessibility import small_targets, violations
from tests.helpers.app import RunningApp, running_app
from tests.helpers.browser import Tab, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHECK = "check_everything_with_a_long_name"
LEAST_READABLE = 9
"""Pixels of the height of a name."""
NAMES = """() => [...document.querySelectorAll(".graph-view text")].map(name => {
    const { left, right, top, bottom } = name.getBoundingClientRect();
    return { left, right, top, bottom, name: name.textContent };
})"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, langgraph_server: str) -> Iterator[RunningApp]:
    settings = {"LANGGRAPH_API_URL": langgraph_server, "CHAT_ASSISTANT": "nested"}
    with running_app(tmp_path_factory.mktemp("graph"), **settings) as running:
        yield running


def open_graph(tab: Tab) -> Locator:
    tab.page.get_by_role("button", name="Inspector", exact=True).click()
    panel = tab.page.get_by_role("region", name="Inspector")
    panel.get_by_role("tab", name="Graph").click()
    return panel


def box(panel: Locator, node: str) -> Locator:
    return panel.locator(f'.graph-box[data-node="{node}"]')


def row(panel: Locator, name: str) -> Locator:
    return panel.locator(f'.graph-list [data-row="{name}"]')


def scale(page: Page) -> float:
    """Pixels for a unit of the drawing."""
    return page.evaluate("document.querySelector('.graph-view svg > g').getScreenCTM().a")


def no_names_meet(page: Page) -> int:
    """How many names there are; all of them can be read."""
    names = page.evaluate(NAMES)
    for at, one in enumerate(names):
        assert one["bottom"] - one["top"] >= LEAST_READABLE, one
        for other in names[:at]:
            apart = one["left"] >= other["right"] or other["left"] >= one["right"]
            assert apart or one["top"] >= other["bottom"] or other["top"] >= one["bottom"], (
                one,
                other,
            )
    return len(names)


def test_the_graph_is_drawn_lit_while_it_runs_and_followed_by_keyboard(
    new_tab: Callable[..., Tab], tmp_path: Path
) -> None:
    tab = new_tab(viewport={"width": 1280, "height": 900}).open()
    page, enough = tab.page, tmp_path / "enough"
    panel = open_graph(tab)
    expect(panel.get_by_text(text.GRAPH_EMPTY)).to_be_visible()
    tab.ask(f"Research until {enough}")

    # Drawn, with the subgraph open and what runs in it lit.
    expect(panel.get_by_role("img", name="The graph of nested: 7 nodes, 7 edges")).to_be_visible()
    expect(box(panel, "research")).to_have_attribute("data-kind", "open")
    expect(box(panel, "research:sum_up")).to_have_attribute("data-state", "running")
    expect(box(panel, "research")).to_have_attribute("data-state", "running")
    expect(box(panel, "research:search")).to_have_attribute("data-state", "done")
    expect(box(panel, CHECK)).not_to_have_attribute("data-state", "done")
    labels = panel.locator(".graph-edge[data-conditional] text")
    written = labels.evaluate_all("all => all.map(({ lastChild }) => lastChild.textContent)")
    assert written == ["good", "again"]
    expect(row(panel, "research:sum_up")).to_have_accessible_name("sum_up ran once, running")
    assert violations(page) == []

    enough.touch()
    tab.answered()
    expect(box(panel, "research:sum_up")).to_have_attribute("data-state", "done")
    expect(box(panel, "answer")).to_have_attribute("data-state", "done")
    expect(row(panel, "research:sum_up")).to_have_accessible_name("sum_up ran once")

    # By keyboard: along the edges, through the border of the subgraph.
    row(panel, "__start__").focus()
    for expected in ("prepare", "research:search", "research:sum_up", CHECK, "answer", "__end__"):
        page.keyboard.press("ArrowRight")
        expect(row(panel, expected)).to_be_focused()
    for key, expected in (("ArrowLeft", "answer"), ("ArrowUp", CHECK), ("Home", "__start__")):
        page.keyboard.press(key)
        expect(row(panel, expected)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(row(panel, "prepare")).to_have_attribute("aria-expanded", "true")
    expect(panel.locator(".graph-ring")).to_have_count(1)
    panel.locator(".graph-details").get_by_role("button", name="search").click()
    expect(row(panel, "research:search")).to_be_focused()
    expect(row(panel, "research:search")).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []

    # The view by keys, and by the wheel.
    view = panel.get_by_role("group", name=text.GRAPH_DRAWING)
    view.focus()
    usual = scale(page)
    page.keyboard.press("+")
    assert scale(page) == pytest.approx(usual * 1.25)
    page.keyboard.press("0")
    view.hover()
    before = scale(page)
    page.mouse.wheel(0, -200)
    wait_for(
        page, "s => document.querySelector('.graph-view svg > g').getScreenCTM().a > s", before
    )
    page.keyboard.press("0")

    # Closed, the subgraph is a node that ran once. A click opens the steps of a node.
    panel.get_by_role("button", name=text.CLOSE_SUBGRAPHS).click()
    expect(box(panel, "research")).to_have_attribute("data-kind", "group")
    expect(box(panel, "research:search")).to_have_count(0)
    expect(row(panel, "research")).to_have_accessible_name("research ran once")
    box(panel, "research").click()
    steps = panel.get_by_role("list", name=text.STEPS_OF_NODE).get_by_role("button")
    expect(steps).to_have_count(1)
    steps.click()
    expect(panel.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")
    expect(
        panel.locator(".timeline [aria-selected=true]").filter(has_text="research")
    ).to_be_visible()


def test_a_hundred_nodes_can_be_read_and_found(
    new_tab: Callable[..., Tab], langgraph_server: str
) -> None:
    with httpx.Client(base_url=langgraph_server, trust_env=False) as server:
        made = server.post("/threads", json={"metadata": {"graph_id": "hundred"}})
    tab = new_tab(viewport={"width": 1280, "height": 900})
    tab.open(f"/t/{made.raise_for_status().json()['thread_id']}")
    page, panel = tab.page, open_graph(tab)
    expect(panel.locator(".graph-box")).to_have_count(100)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert [one for one in loaded if "graph_worker" in one], "the page itself lays nothing out"
    assert not [one for one in loaded if "/dagre" in one]

    # What is seen first can be read, and all of it at once has as many names as there is room for.
    assert no_names_meet(page) == 100
    expect(box(panel, "__start__")).to_be_in_viewport()
    panel.get_by_role("button", name=text.ZOOM_TO_ALL).click()
    wait_for(page, "!!document.querySelector('.graph-map-name')")
    assert 10 < no_names_meet(page) < 100
    expect(panel.locator(".graph-mini")).to_have_count(0)

    panel.get_by_role("searchbox", name=text.FIND_NODE).fill("claims_93")
    page.keyboard.press("Enter")
    expect(row(panel, "collect_claims_93")).to_be_focused()
    expect(box(panel, "collect_claims_93")).to_be_in_viewport()
    expect(panel.locator(".graph-map-name", has_text="collect_claims_93")).to_be_visible()

    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.documentElement.classList.add('dark')")
    expect(box(panel, "collect_claims_93")).to_be_in_viewport()
    assert violations(page) == []
    assert small_targets(page, touch=True) == []
