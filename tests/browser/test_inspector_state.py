"""The State tab in a page: values, checkpoints, edits, going on from an older one, breakpoints."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.accessibility import small_targets, violations

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

SUM = "what is 15% of 1,080"
OF_A_CHECKPOINT = re.compile(r"/state\?checkpoint=[^&]")
IS_WIDE = "element => element.scrollWidth > element.clientWidth + 1"


class State:
    """The State tab of a page."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.page = tab.page

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("region", name="Inspector")

    def open(self) -> None:
        self.page.get_by_role("button", name="Inspector", exact=True).click()
        self.panel.get_by_role("tab", name="State").click()
        expect(self.rows.first).to_be_visible()

    def press(self, name: str) -> None:
        self.panel.get_by_role("button", name=name, exact=True).click()

    @property
    def rows(self) -> Locator:
        return self.panel.get_by_test_id("state-row")

    @property
    def checkpoints(self) -> Locator:
        return self.panel.get_by_test_id("checkpoint")

    def row(self, key: str) -> Locator:
        return self.panel.locator(f'[data-testid="state-row"][data-key="{key}"]')


@pytest.fixture
def state(tab: Tab) -> State:
    """The State tab of a chat with one answer that used a tool."""
    tab.ask(SUM)
    tab.answered()
    tab.thread_id()
    opened = State(tab)
    opened.open()
    return opened


def test_a_state_is_looked_at_compared_and_edited_and_the_chat_goes_on_from_it(
    state: State, app: RunningApp
) -> None:
    page, panel, tab = state.page, state.panel, state.tab
    assert not panel.get_by_test_id("state").evaluate(IS_WIDE)
    state.press("Checkpoints")
    expect(state.checkpoints.first).to_have_attribute("aria-current", "true")
    expect(state.checkpoints.first).to_contain_text("on the page")
    count = state.checkpoints.count()
    assert count >= 4

    # What a step has changed is open, and marked in words.
    state.checkpoints.filter(has_text="· model ·").first.click()
    expect(state.row("messages").first).to_contain_text("added here")
    state.press("Back to the newest")
    expect(panel.get_by_test_id("state-name")).to_contain_text("newest")

    # Two checkpoints are compared.
    state.press("Compare")
    chosen = panel.get_by_label("Compare with")
    oldest = chosen.locator("option").last.get_attribute("value")
    chosen.select_option(oldest)
    expect(panel.get_by_test_id("change").first).to_contain_text("added here")
    state.press("Close")

    # The newest state is edited: the chat shows what it says, and nothing was overwritten.
    state.press("Edit state")
    form = panel.get_by_role("form", name="Edit state")
    field = form.get_by_role("textbox").first
    expect(field).to_have_value(re.compile("162"))
    field.fill("[7")
    field.press("Escape")  # which would close the inspector, and lose it
    expect(field).to_have_value("[7")
    field.press("Tab")
    expect(form.get_by_role("alert").first).to_be_visible()
    form.get_by_role("button", name="As one JSON object").click()
    whole = form.get_by_label("Values as JSON")
    values = json.loads(whole.input_value())
    values["messages"][-1]["content"] = "It is one hundred and sixty-two."
    whole.fill(json.dumps(values))
    form.get_by_role("button", name="Save as a new checkpoint").click()
    expect(tab.rows("text").last).to_have_text("It is one hundred and sixty-two.")
    expect(form).to_have_count(0)
    expect(state.checkpoints).to_have_count(count + 1)
    expect(state.checkpoints.first).to_contain_text("changed by hand")

    # Another program saves a state: it shows at once, and an edit that is open says so.
    state.press("Edit state")
    expect(form.get_by_role("textbox").first).to_be_visible()
    agent = app.agent()
    with agent.client() as client:
        other = {"messages": [{"type": "ai", "content": "From elsewhere.", "id": "elsewhere"}]}
        path = f"/threads/{tab.thread_id()}/state"
        assert client.post(path, json={"values": other}).status_code == 200
    expect(tab.rows("text").last).to_have_text("From elsewhere.")
    form.get_by_role("button", name="As one JSON object").click()
    whole = form.get_by_label("Values as JSON")
    whole.fill(whole.input_value().replace("sixty-two", "sixty-three"))
    form.get_by_role("button", name="Save as a new checkpoint").click()
    expect(form.get_by_role("alert")).to_contain_text("has changed since you opened it")
    expect(tab.rows("text").last).to_have_text("From elsewhere.")
    assert violations(page) == []
    form.get_by_role("button", name="Cancel").click()

    # Going on from an older checkpoint makes another version of the answer.
    before, slow = state.checkpoints.filter(has_text="Next: tools").first, []
    page.route(OF_A_CHECKPOINT, lambda route: slow.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    before.click()
    go_on = panel.get_by_role("button", name="Go on from here", exact=True)
    expect(go_on).to_be_disabled()  # it is not read yet, and the one before is still shown
    expect(panel.get_by_test_id("state-name")).to_contain_text("newest")
    slow.pop().continue_()
    page.unroute(OF_A_CHECKPOINT)
    expect(panel.get_by_test_id("state-name")).to_contain_text("an older one")
    state.press("Go on from here")
    expect(tab.rows("end").get_by_text("2 / 2")).to_be_visible()
    tab.answered()
    expect(tab.rows("text").last).to_contain_text("162")
    expect(panel.get_by_test_id("state-name")).to_contain_text("newest")


def test_runs_stop_at_a_breakpoint_and_go_on_in_steps_on_a_phone_too(
    state: State,
) -> None:
    page, panel, tab = state.page, state.panel, state.tab
    state.press("Breakpoints")
    panel.get_by_role("checkbox", name="before tools").check()
    expect(panel.get_by_text("The next runs of this chat stop there.")).to_be_visible()
    tab.ask("what is 20% of 50")
    expect(page.get_by_test_id("ask")).to_be_visible()
    expect(panel.get_by_text("Next: tools").first).to_be_visible()
    state.press("Run one step")
    expect(panel.get_by_text("Next: model").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 780})
    expect(state.rows.first).to_be_visible()
    assert not panel.get_by_test_id("state").evaluate(IS_WIDE)
    assert violations(page) == []
    assert small_targets(page, touch=False) == []
    panel.get_by_role("checkbox", name="before tools").uncheck()
    state.press("Go on from here")
    expect(panel.get_by_test_id("state-name")).not_to_contain_text("Next")
    page.set_viewport_size({"width": 1280, "height": 800})
    tab.answered()
    expect(tab.rows("text").last).to_contain_text("10")
