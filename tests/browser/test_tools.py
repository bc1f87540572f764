"""Tool calls as a person meets them: lines, cards, results of every shape, renderers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from chat_app.text import CONTINUE, STOPPED
from tests.helpers.threads import thread_of
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Dialog, Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

MARKUP = "<img src=x onerror=alert(1)><b>bold</b><script>alert(2)</script>"


@pytest.fixture
def thread(app: RunningApp) -> Callable[..., str]:
    """Make threads in which a tool was called with `args` and answered `content`."""

    def with_call(content: Any, *, name: str = "lookup", args: Any = None, **fields: Any) -> str:
        call = {"id": "call_1", "name": name, "args": args or {}, "type": "tool_call"}
        answer = {"type": "tool", "tool_call_id": "call_1", "name": name, "content": content}
        messages = [
            {"type": "human", "content": "Look it up."},
            {"type": "ai", "content": "", "tool_calls": [call]},
            answer | fields,
            {"type": "ai", "content": "Looked up."},
        ]
        return thread_of(app, messages)

    return with_call


def opened(call: Locator) -> Locator:
    """The card of a tool call, after a click on its line."""
    call.locator("summary").first.click()
    card = call.locator(".card")
    expect(card).to_be_visible()
    return card


def answer_of(call: Locator) -> Locator:
    return opened(call).locator(".answer")


def shown(tab: Tab, path: str) -> Locator:
    """The only tool call of the thread at `path`."""
    tab.open(path)
    call = tab.rows("tool")
    expect(call).to_have_count(1)
    return call


def toured(tab: Tab) -> Tab:
    """A tab in which every tool of the demo was called."""
    tab.ask("show me your tools")
    expect(tab.rows("tool", status="done")).to_have_count(5)
    tab.answered()
    tab.unfold()
    return tab


def seconds(element: Locator) -> float:
    return float(element.inner_text().removesuffix(" s"))


def colour(element: Locator) -> str:
    return element.evaluate("element => getComputedStyle(element).color")


def test_calls_side_by_side_have_lines_and_cards_of_their_own(tab: Tab) -> None:
    toured(tab)
    names = [row.get_attribute("data-name") for row in tab.rows("tool").all()]
    assert names == ["weather", "clock", "calculator", "cities", "time_zones", "chart"]
    clock = tab.rows("tool", name="clock", status="done")
    expect(clock.locator(".gist")).to_have_text("Tokyo")
    expect(opened(clock)).to_contain_text('timezone: "Asia/Tokyo"')
    expect(tab.page.locator(".card")).to_have_count(1)


def test_a_failed_call_looks_failed_open_and_closed(tab: Tab) -> None:
    failed = toured(tab).rows("tool", name="calculator", status="error")
    mark = failed.get_by_text("failed")
    expect(mark).to_be_visible()
    told = answer_of(failed).locator("pre")
    expect(told).to_have_text("Division by zero has no result.")
    assert colour(told) == colour(mark) != colour(failed.locator("summary code"))


def test_a_list_of_like_objects_is_a_table_of_fifty_rows_at_first(tab: Tab) -> None:
    cities = answer_of(toured(tab).rows("tool", name="cities"))
    rows = cities.locator("tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.first).to_have_text(re.compile("Amsterdam.*16.4"))
    cities.get_by_role("button", name="Show all 57 rows").click()
    expect(rows).to_have_count(57)


def test_of_a_long_result_the_rest_comes_on_demand(tab: Tab) -> None:
    zones = answer_of(toured(tab).rows("tool", name="time_zones"))
    expect(zones).not_to_contain_text("Show all 599 rows")
    zones.get_by_test_id("reveal").click()
    zones.get_by_role("button", name="Show all 599 rows").click()
    expect(zones.locator("tbody tr")).to_have_count(599)
    expect(zones.get_by_test_id("reveal")).to_have_count(0)


def test_an_image_in_a_result_is_seen_without_opening_its_line(tab: Tab) -> None:
    image = toured(tab).rows("tool", name="chart").locator("img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480


def test_a_tool_at_work_counts_its_seconds(tab: Tab) -> None:
    tab.ask("wait 60 seconds")
    counting = tab.rows("tool", status="running").locator(".seconds")
    expect(counting).to_have_text(re.compile(r"^\d+ s$"))
    before = seconds(counting)
    soon(lambda: seconds(counting) > before)
    tab.thread_id()
    tab.page.reload()
    expect(counting).to_have_text(re.compile(r"^\d+ s$"))
    assert seconds(counting) > before
    tab.stop.click()
    expect(tab.stop).to_have_count(0)
    tab.ask("wait 3 seconds")
    done = tab.rows("tool", name="timer", status="done")
    expect(done.locator(".seconds")).to_have_text(re.compile(r"^\d+\.\d s$"))
    assert seconds(done.locator(".seconds")) >= 1


def test_a_call_that_was_stopped_says_that_it_has_no_result(tab: Tab) -> None:
    tab.ask("wait 60 seconds")
    expect(tab.rows("tool", status="running")).to_have_count(1)
    tab.stop.click()
    call = tab.rows("tool", status="unanswered")
    expect(call).to_contain_text("no result", use_inner_text=True)
    expect(opened(call)).to_contain_text("stopped or ended before this call had a result")
    tab.thread_id()
    tab.page.reload()
    expect(call).to_contain_text("no result", use_inner_text=True)
    notice = tab.rows("notice")
    expect(notice.get_by_text(STOPPED, exact=True)).to_be_visible()
    expect(notice.get_by_role("button")).to_have_text(CONTINUE)
    tab.ask("what is 2 + 3")
    tab.answered()
    assert "5" in tab.answer()


def test_arguments_are_shown_while_they_are_written(tab: Tab) -> None:
    tab.page.evaluate(
        """() => {
            window.seen = [];
            new MutationObserver(() => {
                const line = document.querySelector("details.tool");
                if (line) line.open = true;
                const value = line?.querySelector(".value");
                if (line?.dataset.status === "writing") seen.push(value?.innerText);
            }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }"""
    )
    tab.ask("count the words in " + "word " * 600)
    tab.answered()
    moments = {text for text in tab.page.evaluate("seen") if text}
    assert any(text.startswith('text: "…') for text in moments)
    assert max(map(len, moments)) < 320
    arguments = tab.rows("tool").locator(".value").first
    arguments.get_by_role("button", name="Show all 2,999 characters").click()
    expect(arguments).to_contain_text("word " * 599 + "word")


def test_a_thought_is_a_line_that_opens(tab: Tab) -> None:
    tab.ask("think about it")
    tab.answered()
    thought = tab.rows("reasoning")
    expect(thought).to_have_text(re.compile(r"^Thought for \d+\.\d s$"), use_inner_text=True)
    thought.locator("summary").click()
    expect(thought.locator(".thought")).to_contain_text("I am asked to think")


def test_the_weather_stands_on_a_card_below_its_line(tab: Tab) -> None:
    tab.ask("compare the weather in Paris and Tokyo")
    tab.answered()
    cards = tab.page.get_by_test_id("drawn")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text(re.compile(r"\d°Paris.*feels like.*wind.*humidity"))
    expect(cards.last).to_contain_text("Tokyo")
    expect(opened(tab.rows("tool").first)).to_contain_text('city: "Paris"')


@pytest.mark.parametrize(
    "content",
    ['{"city": "Rome"}', '{"city": "Rome", "temperature_c": null, "sky": "fog"}', "fine", "[1]"],
)
def test_a_result_without_the_fields_of_the_card_keeps_the_ordinary_line(
    new_tab: Callable[..., Tab], thread: Callable[..., str], content: str
) -> None:
    tab = new_tab()
    call = shown(tab, thread(content, name="weather"))
    expect(answer_of(call)).to_be_visible()
    expect(tab.page.get_by_test_id("drawn")).to_have_count(0)


def test_a_result_that_cannot_be_drawn_keeps_the_ordinary_line_and_the_page(
    new_tab: Callable[..., Tab], thread: Callable[..., str]
) -> None:
    tab = new_tab()
    odd = {"city": {"a": 1}, "temperature_c": [{"b": 2}], "sky": {"toString": 1}}
    call = shown(tab, thread(json.dumps(odd), name="weather"))
    expect(answer_of(call)).to_contain_text("temperature_c")
    expect(tab.page.get_by_test_id("drawn")).to_have_count(0)
    tab.ask("hello")
    expect(tab.questions).to_have_count(2)
    tab.answered()
    assert any("not valid as a React child" in fault or "#31" in fault for fault in tab.faults)
    tab.faults.clear()


def test_a_tree_tells_kinds_of_values_apart_and_folds_with_the_keyboard(
    new_tab: Callable[..., Tab], thread: Callable[..., str]
) -> None:
    value = {
        "text": "1",
        "number": 1,
        "truth": True,
        "nothing": None,
        "one": {"two": {"three": {"four": "deep"}}},
        "many": list(range(30)),
        "long": "x" * 1000,
    }
    tab = new_tab()
    tree = answer_of(shown(tab, thread(json.dumps(value)))).locator(".value")
    for words in ('text: "1"', "number: 1", "truth: true", "nothing: null"):
        expect(tree).to_contain_text(words)
    leaves = [tree.locator(f".{kind}").first for kind in ("string", "number", "boolean", "null")]
    assert len({colour(leaf) for leaf in leaves}) == 4

    expect(tree).to_contain_text("three 1 key")
    expect(tree).not_to_contain_text("deep")
    tree.locator("summary", has_text="three").focus()
    tab.page.keyboard.press("Enter")
    expect(tree).to_contain_text('four: "deep"')

    expect(tree).to_contain_text("many 30 items")
    expect(tree).not_to_contain_text("29: 29")
    tree.get_by_role("button", name="Show all 1,000 characters").click()
    expect(tree).to_contain_text("x" * 1000)


@pytest.mark.parametrize("error", [False, True])
def test_markup_in_everything_stays_text(
    new_tab: Callable[..., Tab], thread: Callable[..., str], error: bool
) -> None:
    tab = new_tab()
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    tab.page.on("dialog", dismiss)
    result = json.dumps({MARKUP: [MARKUP], "rows": [{MARKUP: MARKUP}, {MARKUP: MARKUP}]})
    status = "error" if error else "success"
    path = thread(result, name=MARKUP, args={MARKUP: MARKUP}, status=status)
    call = shown(tab, path)
    expect(call.locator("summary").first).to_contain_text(MARKUP)
    card = opened(call)
    expect(card).to_contain_text(f'{MARKUP}: "{MARKUP}"')
    expect(card.locator("td").first).to_have_text(MARKUP)
    assert call.locator("img, b, script").count() == 0
    assert dialogs == []


def test_odd_names_and_numbers_are_shown_as_they_are(
    new_tab: Callable[..., Tab], thread: Callable[..., str]
) -> None:
    content = """{"__proto__": {"polluted": 1}, "constructor": "c", "7": "seven",
        "id": 12345678901234567890, "much": 1e999, "toString": null}"""
    tab = new_tab()
    tree = answer_of(shown(tab, thread(content, name="__proto__"))).locator(".value")
    for words in ("__proto__ 1 key", "polluted: 1", 'constructor: "c"', '7: "seven"'):
        expect(tree).to_contain_text(words)
    for words in ("12345678901234567890", "inf", "toString: null"):
        expect(tree).to_contain_text(words)
    assert tab.page.evaluate("({}).polluted") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [("**bold** # text", "**bold** # text"), ("", "The tool returned nothing."), ("[]", "[]")],
)
def test_plain_text_is_not_interpreted(
    new_tab: Callable[..., Tab], thread: Callable[..., str], content: str, words: str
) -> None:
    expect(answer_of(shown(new_tab(), thread(content)))).to_contain_text(words)


def test_arguments_and_result_can_be_copied(
    new_tab: Callable[..., Tab], thread: Callable[..., str]
) -> None:
    tab = new_tab(permissions=["clipboard-read", "clipboard-write"])
    card = opened(shown(tab, thread('{"found": [1, 2]}', args={"q": "ü"})))
    for name, value in (("Copy arguments", {"q": "ü"}), ("Copy result", {"found": [1, 2]})):
        button = card.get_by_role("button", name=name)
        button.click()
        expect(tab.announced.last).to_have_text("Copied")
        assert json.loads(tab.page.evaluate("navigator.clipboard.readText()")) == value


def test_an_image_elsewhere_is_not_fetched_unasked(
    new_tab: Callable[..., Tab], thread: Callable[..., str]
) -> None:
    tab = new_tab()
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    address = "https://pictures.example/secret.png"
    blocks = [{"type": "image_url", "image_url": {"url": address}}]
    expect(shown(tab, thread(blocks))).to_contain_text("Image from pictures.example")
    assert not [url for url in asked if "pictures.example" in url]


def test_a_wide_table_scrolls_inside_its_card(
    new_tab: Callable[..., Tab], thread: Callable[..., str]
) -> None:
    rows = [{f"a rather long column {n}": "some words in it" for n in range(12)}] * 3
    tab = new_tab(viewport={"width": 390, "height": 800})
    grid = answer_of(shown(tab, thread(json.dumps(rows)))).get_by_role("region", name="Table")
    assert grid.evaluate("grid => (grid.scrollLeft = 200, grid.scrollLeft)") == 200
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
