"""The tabs Runs, Memory and Request of the inspector, as a person uses them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from chat_app import text as words
from tests.helpers.accessibility import small_targets, violations
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

LONG = "a-name-of-a-namespace-that-is-longer-than-the-column"
ITEMS: list[tuple[list[str], str, dict[str, Any]]] = [
    (["people", "ada"], "coffee", {"text": "without milk", "kind": "preference"}),
    (["people", "ada"], "city", {"text": "Los Angeles", "kind": "fact"}),
    (["people", LONG * 3], "k" * 900, {"k" * 2000: "x" * 2000}),
]


def inspector(tab: Tab, name: str) -> Locator:
    """The inspector at one of its tabs."""
    box = tab.page.get_by_role("region", name=words.INSPECTOR, exact=True)
    if not box.is_visible():
        tab.page.get_by_role("button", name=words.INSPECTOR, exact=True).click()
    box.get_by_role("tab", name=name, exact=True).click()
    return box


def press(box: Locator, name: str) -> None:
    box.get_by_role("button", name=name, exact=True).click()


def is_well(tab: Tab) -> None:
    assert violations(tab.page) == []
    assert small_targets(tab.page, touch=False) == []


def test_runs_are_listed_opened_in_the_timeline_and_deleted(
    app: RunningApp, new_tab: Callable[..., Tab]
) -> None:
    tab = new_tab(viewport={"width": 1280, "height": 800})
    tab.open("/")
    tab.ask("What is 2 + 2?")
    tab.answered()
    box = inspector(tab, words.TAB_RUNS)
    rows = box.get_by_test_id("run")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(words.RUN_STATUSES["success"])
    expect(rows).to_contain_text(words.RUN_STARTERS["app"])
    question = {"messages": [{"role": "user", "content": "What is 3 + 3?"}]}
    with app.agent().client() as agent:
        path = f"/threads/{tab.thread_id()}/runs/wait"
        assert agent.post(path, json={"assistant_id": "agent", "input": question}).is_success
    expect(rows).to_have_count(2)  # without anything done here
    expect(rows.first).to_contain_text(words.RUN_STARTERS["program"])
    is_well(tab)
    run_id = rows.last.locator("code").inner_text()
    press(rows.last, words.OPEN_RUN)
    expect(box.get_by_role("tab", name=words.TAB_TIMELINE)).to_have_attribute(
        "aria-selected", "true"
    )
    expect(box.get_by_role("tabpanel")).to_contain_text(run_id[:8])
    # Ids of one chat begin alike.
    expect(box.get_by_role("option").filter(has_text=run_id[-8:])).to_have_count(1)
    box = inspector(tab, words.TAB_RUNS)
    press(rows.first, words.DELETE)
    is_well(tab)
    press(rows.first, words.KEEP_SCHEDULE)
    expect(rows.first.get_by_role("button", name=words.DELETE)).to_be_focused()
    press(rows.first, words.DELETE)
    press(rows.first, words.DELETE)
    expect(rows).to_have_count(1)
    expect(tab.questions).to_have_count(1)
    expect(rows.first.locator("code")).to_have_text(run_id)


def test_an_item_is_made_edited_kept_from_being_overwritten_and_deleted(
    app: RunningApp, new_tab: Callable[..., Tab]
) -> None:
    agent = app.agent().client()
    for names, key, value in ITEMS:
        item = {"namespace": names, "key": key, "value": value}
        assert agent.put("/store/items", json=item).is_success
    tab = new_tab(viewport={"width": 1280, "height": 800})
    tab.open("/")
    box = inspector(tab, words.TAB_MEMORY)
    rows = box.get_by_test_id("memory-row")
    expect(rows.first).to_be_visible()
    assert max(rows.evaluate_all("rows => rows.map(row => row.offsetHeight)")) < 250
    is_well(tab)
    press(box, "ada")
    expect(rows).to_have_count(2)
    box.get_by_role("searchbox").fill("MILK")
    press(box, words.SEARCH_NOW)
    expect(rows).to_have_count(1)
    expect(box.get_by_text(words.SEARCHED_BY_TEXT)).to_be_visible()
    rows.click()
    item = box.get_by_test_id("memory-item")
    value = item.get_by_role("textbox", name=words.ITEM_VALUE)
    expect(item.get_by_role("heading")).to_be_focused()
    is_well(tab)
    value.fill('{"text": ')
    expect(item.get_by_text(words.VALUE_NOT_OBJECT)).to_be_visible()
    expect(item.get_by_role("button", name=words.SAVE_ITEM)).to_be_disabled()
    value.fill('{"text": "with milk"}')
    value.press("Escape")  # which would close the inspector, and lose it
    press(item, words.KEEP_EDITING)
    other = {"namespace": ["people", "ada"], "key": "coffee", "value": {"text": "tea"}}
    assert agent.put("/store/items", json=other).is_success
    press(item, words.SAVE_ITEM)
    expect(item.get_by_role("alert")).to_contain_text("tea")
    expect(value).to_have_value('{"text": "with milk"}')  # nothing of what was written is lost
    is_well(tab)
    press(item, words.OVERWRITE_ITEM)
    expect(item.get_by_role("alert")).to_have_count(0)

    def read() -> Any:
        return agent.get("/store/items", params={"namespace": "people.ada", "key": "coffee"}).json()

    soon(lambda: read()["value"] == {"text": "with milk"})
    press(item, words.DELETE)
    press(item, words.KEEP_SCHEDULE)
    expect(item.get_by_role("heading")).to_be_focused()
    press(item, words.DELETE)
    press(item, words.DELETE)
    expect(item).to_have_count(0)
    assert read() is None
    press(box, words.NEW_ITEM)
    form = box.get_by_test_id("memory-new")
    form.get_by_label(words.ITEM_NAMESPACE).fill("people.grace")
    form.get_by_label(words.ITEM_KEY).fill("rank")
    form.get_by_label(words.ITEM_VALUE).fill('{"text": "admiral"}')
    is_well(tab)
    press(form, words.SAVE_ITEM)
    expect(item.get_by_role("heading", name="rank")).to_be_visible()
    press(item, words.BACK_TO_ITEMS)
    press(box, "grace")
    expect(rows).to_have_count(1)
    agent.close()


def test_the_tabs_fill_a_phone_and_the_request_is_code_to_copy(
    app: RunningApp, new_tab: Callable[..., Tab]
) -> None:
    tab = new_tab(
        viewport={"width": 390, "height": 844},
        color_scheme="dark",
        has_touch=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    names, key, value = ITEMS[2]
    with app.agent().client() as agent:
        item = {"namespace": names, "key": key, "value": value}
        assert agent.put("/store/items", json=item).is_success
    tab.open("/")
    tab.ask("What is 2 + 2?")
    tab.answered()
    for name in (words.TAB_RUNS, words.TAB_MEMORY, words.TAB_REQUEST):
        box = inspector(tab, name)
        panel = box.get_by_role("tabpanel")
        expect(panel.get_by_role("button").first).to_be_visible()
        is_well(tab)
        scroller = panel.locator(".inspector-scroll")
        assert scroller.evaluate("box => box.scrollWidth <= box.clientWidth")
    code = box.get_by_test_id("request-code")
    expect(code).to_contain_text("langgraph_sdk")
    box.get_by_text(words.REQUEST_CURL, exact=True).click()
    expect(code).to_contain_text(re.compile(r"^curl"))
    press(box, words.COPY_CODE)
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert copied == code.inner_text().removesuffix("\n") + "\n"
    assert "$LANGSMITH_API_KEY" in copied
    box.get_by_text(words.NEXT_RUN_OF_CHAT, exact=True).click()
    expect(code).to_contain_text(json.dumps(words.YOUR_MESSAGE))
    is_well(tab)
