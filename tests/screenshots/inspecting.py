"""The inspector beside a finished run of the demo agent: each of its tabs, one after the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text as words
from tests.screenshots.content import LONG_WORD
from tests.screenshots.state import States

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.screenshots.state import Visit

states = States()

_ITEMS = {
    "coffee": {"text": "Without milk.", "kind": "preference"},
    "city": {"text": "Lives in Lisbon, and goes to Tokyo twice a year.", "kind": "fact"},
    LONG_WORD: {"text": LONG_WORD, "kind": "fact"},
}
_NAMESPACE = ["people", "ada"]


def _panel(visit: Visit) -> Locator:
    return visit.tab.page.get_by_role("region", name=words.INSPECTOR, exact=True)


def _at(visit: Visit, tab: str) -> Locator:
    """The inspector, turned to one of its tabs."""
    panel = _panel(visit)
    panel.get_by_role("tab", name=tab, exact=True).click()
    return panel


def _press(box: Locator, name: str) -> None:
    box.get_by_role("button", name=name, exact=True).click()


@states("demo")
def inspector_timeline(visit: Visit) -> None:
    """What the README shows."""
    visit.ask("Research Lisbon and Tokyo")
    visit.tab.answered()
    visit.tab.thread_id()
    visit.tab.page.get_by_role("button", name=words.INSPECTOR, exact=True).click()
    expect(visit.test_id("run-state")).to_have_text("done")
    visit.test_id("span").filter(has_text="weather").first.click()
    expect(_panel(visit).get_by_role("region", name="Details of weather")).to_be_visible()


@states("demo", after=inspector_timeline)
def inspector_streams(visit: Visit) -> None:
    panel = _at(visit, words.TAB_STREAMS)
    panel.get_by_role("tab", name="updates", exact=True).click()
    rows = panel.get_by_role("listbox", name="Events")
    expect(rows.get_by_role("option").first).to_be_visible()
    rows.focus()
    rows.press("End")
    rows.press("Enter")
    expect(panel.get_by_role("region", name=re.compile("^updates "))).to_be_visible()


@states("demo", after=inspector_streams)
def inspector_state(visit: Visit) -> None:
    panel = _at(visit, words.TAB_STATE)
    expect(visit.test_id("state-row").first).to_be_visible()
    _press(panel, "Checkpoints")
    expect(visit.test_id("checkpoint").first).to_be_visible()


@states("demo", after=inspector_state)
def inspector_state_compared(visit: Visit) -> None:
    panel = _panel(visit)
    _press(panel, "Compare")
    chosen = panel.get_by_label("Compare with")
    chosen.select_option(chosen.locator("option").last.get_attribute("value"))
    expect(visit.test_id("change").first).to_be_visible()


@states("demo", after=inspector_state_compared)
def inspector_state_edited(visit: Visit) -> None:
    panel = _panel(visit)
    _press(panel, "Close")
    _press(panel, "Edit state")
    form = panel.get_by_role("form", name="Edit state")
    expect(form.get_by_role("textbox").first).to_be_visible()


@states("demo", after=inspector_state_edited)
def inspector_graph(visit: Visit) -> None:
    _press(_panel(visit), "Cancel")
    panel = _at(visit, words.TAB_GRAPH)
    row = panel.locator('.graph-list [data-row="model"]')
    expect(panel.get_by_role("img", name=re.compile("^The graph of"))).to_be_visible()
    row.click()
    expect(panel.locator(".graph-details")).to_be_visible()


@states("demo", after=inspector_graph)
def inspector_runs(visit: Visit) -> None:
    _at(visit, words.TAB_RUNS)
    expect(visit.test_id("run")).to_have_count(1)


@states("demo", after=inspector_runs)
def inspector_memory(visit: Visit) -> None:
    with visit.agent.client() as agent:
        for key, value in _ITEMS.items():
            item = {"namespace": _NAMESPACE, "key": key, "value": value}
            agent.put("/store/items", json=item).raise_for_status()
    panel = _at(visit, words.TAB_MEMORY)
    _press(panel, _NAMESPACE[-1])
    expect(visit.test_id("memory-row")).to_have_count(len(_ITEMS))
    visit.test_id("memory-row").filter(has_text="city").click()
    expect(visit.test_id("memory-item")).to_be_visible()


@states("demo", after=inspector_memory)
def inspector_request(visit: Visit) -> None:
    _at(visit, words.TAB_REQUEST)
    expect(visit.test_id("request-code")).to_contain_text("langgraph_sdk")
