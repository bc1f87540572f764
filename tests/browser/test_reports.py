"""Progress, charts and forms: what a graph reports and pushes, as a person meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from playwright.sync_api import expect

from chat_app.text import FORM_SENT, NEEDED
from tests.helpers.threads import thread_of

if TYPE_CHECKING:
    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

MARKUP = "<img src=x onerror=alert(1)>"


REMEMBER_PROGRESS = """() => {
    window.values = [];
    new MutationObserver(() => {
        const bar = document.querySelector('[data-name="progress"] [role="progressbar"], progress');
        if (bar) values.push(Number(bar.getAttribute("value")));
    }).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""


def pushed(name: str, **props: Any) -> dict[str, Any]:
    """A `ui` message as the state keeps it."""
    about = {"message_id": "answer", "merge": False}
    return {"type": "ui", "id": uuid4().hex, "name": name, "props": props, "metadata": about}


def test_work_shows_its_progress_then_a_chart_that_a_reload_keeps(tab: Tab) -> None:
    tab.page.evaluate(REMEMBER_PROGRESS)
    tab.ask("Rank the ten warmest cities")
    bar = tab.rows("event", name="progress").get_by_role("progressbar")
    tab.answered()
    assert [value for value in tab.page.evaluate("values") if 0 < value < 100]
    expect(bar).to_have_attribute("value", "100")
    expect(tab.rows("event", name="progress")).to_contain_text("57 of 57")

    told = tab.rows("event").last
    expect(told).to_contain_text("Kept 10 of them for the chart")
    expect(told).to_contain_text("and 1 earlier")
    told.locator("summary").click()
    expect(told.get_by_role("listitem")).to_have_text("Sorted 57 cities by temperature")

    chart = tab.rows("widget", name="chart").get_by_role("table")
    expect(chart.get_by_role("row")).to_have_count(10)
    expect(chart.get_by_role("row").first).to_contain_text("Dubai38.9 °C")
    widths = chart.locator(".bar").evaluate_all("bars => bars.map(b => b.clientWidth)")
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 100

    tab.page.reload()
    expect(chart.get_by_role("row")).to_have_count(10)
    # Progress is told once; only what the state holds is there again.
    expect(tab.rows("event")).to_have_count(0)


def test_a_form_that_the_agent_put_on_the_page_answers_it(tab: Tab) -> None:
    tab.ask("Order a pizza")
    tab.answered()
    form = tab.rows("widget", name="form")
    form.get_by_label("Size").select_option("Large")
    form.get_by_label("Topping").fill("olives")
    form.get_by_label("Extra cheese").check()
    required = form.locator("[aria-required=true]").first
    standing = required.input_value()
    required.fill("")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_have_text(NEEDED)
    expect(required).to_be_focused()
    expect(tab.questions).to_have_count(1)
    required.fill(standing)
    expect(form.get_by_role("alert")).to_have_count(0)
    form.get_by_label("Topping").press("Enter")
    message = "Your pizza\nSize: Large\nTopping: olives\nHow many: 1\nExtra cheese: yes"
    expect(tab.questions.last).to_have_text(message)
    tab.answered()
    assert "olives" in tab.answer()
    for _ in range(2):
        expect(form).to_contain_text(FORM_SENT)
        expect(form.get_by_role("button")).to_have_count(0)
        expect(form.get_by_label("Topping")).to_be_disabled()
        expect(form.get_by_label("Topping")).to_have_value("olives")
        expect(form.get_by_label("Extra cheese")).to_be_checked()
        tab.page.reload()


def test_a_component_without_a_renderer_is_its_name_and_props_and_the_page_stands(
    app: RunningApp, tab: Tab
) -> None:
    messages = [
        {"type": "human", "content": "Show me."},
        {"type": "ai", "content": "Here.", "id": "answer"},
    ]
    ui = [
        pushed("mystery", words=MARKUP),
        pushed("chart", title="no bars"),
        pushed("chart", bars="not a list"),
        pushed("form", fields=[{"name": {"no": "text"}}]),
        pushed("chart", title={"no": "text"}, bars=[{"label": "a", "value": 1}]),
        pushed("table", title=MARKUP, rows=[{"a": 1, "b": MARKUP}, {"a": 2, "b": "x"}]),
        pushed("chart", title="Small", bars=[{"label": "-", "value": -2}, {"label": "x"}, 7]),
    ]
    tab.open(thread_of(app, messages, ui=ui))
    widgets = tab.rows("widget")
    expect(widgets).to_have_count(len(ui))
    for place in range(5):
        expect(widgets.nth(place).locator("summary code")).to_have_text(ui[place]["name"])
    widgets.first.locator("summary").click()
    expect(widgets.first).to_contain_text(MARKUP)
    expect(widgets.nth(5)).to_contain_text(MARKUP)
    expect(widgets.nth(5).get_by_role("row")).to_have_count(3)
    expect(widgets.nth(6).get_by_role("row")).to_have_text(["--2"])
    assert "Here." in tab.answer()
    # What cannot be drawn is in the log of the console.
    assert len(tab.faults) >= 3
    tab.faults.clear()
