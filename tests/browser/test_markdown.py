"""Markdown on the page: what is drawn, what its tools do, and what copying gives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.threads import conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

    Show = Callable[..., Tab]

CLIPBOARD = ["clipboard-read", "clipboard-write"]
DIAGRAM = "```mermaid\nflowchart LR\n  A[One] --> B[Two]\n```"
NATURAL = "image => image.naturalWidth"
SELECT = """([from, to]) => {
  const find = (words) => {
    const walker = document.createTreeWalker(document.querySelector(".log"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const at = walker.currentNode.data.indexOf(words);
      if (at >= 0) return [walker.currentNode, at];
    }
    throw Error(`Not on the page: ${words}`);
  };
  const [start, first] = find(from), [end, last] = find(to);
  getSelection().setBaseAndExtent(start, first, end, last + to.length);
}"""


@pytest.fixture
def show(new_tab: Callable[..., Tab], app: RunningApp) -> Show:
    """Open a tab, with these options, at a thread whose answers are these."""

    def opened(*answers: str, **options: object) -> Tab:
        tab = new_tab(**options).open(conversation(app, *answers))
        expect(tab.rows("human")).to_have_count(len(answers))
        expect(tab.page.locator(".prose").first).to_be_visible()
        return tab

    return opened


def prose(tab: Tab, selector: str) -> Locator:
    return tab.page.locator(f".prose {selector}")


def tool(tab: Tab, label: str) -> Locator:
    return tab.page.locator(".code").get_by_role("button", name=label)


def style(element: Locator, name: str) -> str:
    return element.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def selected_and_copied(tab: Tab, first: str, last: str) -> str:
    tab.page.evaluate(SELECT, [first, last])
    tab.page.keyboard.press("Control+C")
    return tab.page.evaluate("navigator.clipboard.readText()")


def test_tables_tasks_and_strikethrough_are_drawn(show: Show) -> None:
    tab = show("| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n~~gone~~, ~5 to ~10")
    expect(tab.page.get_by_role("columnheader")).to_have_text(["a", "b"])
    assert style(tab.page.get_by_role("cell").last, "textAlign") == "right"
    boxes = tab.page.get_by_role("checkbox").all()
    assert [(box.is_checked(), box.is_disabled()) for box in boxes] == [(True, True), (False, True)]
    expect(prose(tab, "del")).to_have_text(["gone"])


def test_a_wide_table_scrolls_in_itself(show: Show) -> None:
    row = "|" + "a long cell |" * 12
    tab = show(f"{row}\n{'|---' * 12}|\n{row}", viewport={"width": 390, "height": 800})
    table = tab.page.get_by_role("region", name="table")
    assert table.evaluate("element => element.scrollWidth > element.clientWidth")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_formulas_are_set_as_mathml(show: Show) -> None:
    tab = show("Then $a^2$ and\n\n$$\\frac{1}{2}$$")
    expect(prose(tab, "math")).to_have_count(2)
    expect(prose(tab, "mfrac")).to_be_visible()


def test_emphasis_before_a_full_width_stop_is_emphasis(show: Show) -> None:
    tab = show("**强调。**后文。~~删除。~~后文")
    expect(prose(tab, "strong")).to_have_text("强调。")
    expect(prose(tab, "del")).to_have_text("删除。")


def test_what_is_written_from_right_to_left_stands_on_the_right(show: Show) -> None:
    tab = show("- عنصر\n\n> قول\n\n| ب | ت |\n|---|---|\n| 1 | 2 |\n\n`npm` ثم نص\n\nEnglish")
    for selector in ("ul", "blockquote", "table", "p:has(code)"):
        assert style(prose(tab, selector).first, "direction") == "rtl", selector
    assert style(prose(tab, "code"), "direction") == "ltr"
    assert style(prose(tab, "p").last, "direction") == "ltr"
    bar = prose(tab, "blockquote")
    assert style(bar, "borderRightWidth") == "3px"
    assert style(bar, "borderLeftWidth") == "0px"
    cells = [cell.bounding_box() for cell in tab.page.get_by_role("cell").all()]
    assert cells[0]["x"] > cells[1]["x"]  # type: ignore[index]


def test_a_footnote_leads_to_its_note_and_back_within_the_page(show: Show) -> None:
    filler = "\n\n".join(["A paragraph."] * 30)
    tab = show(
        f"Said[1](#fn-k-a) so.\n\n{filler}\n\n1. [](#fnref-k-a) The note.\n2. [](#fnref-k-b) More."
    )
    notes = prose(tab, "ol.footnotes > li")
    expect(notes).to_have_count(2)
    mark = prose(tab, "sup a")
    mark.click()
    expect(notes.first).to_be_focused()
    expect(notes.first).to_be_in_viewport()
    notes.first.get_by_role("link", name="Back to text").click()
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport()
    assert len(tab.page.context.pages) == 1


def test_a_link_opens_elsewhere_and_says_where(show: Show) -> None:
    tab = show("[docs](https://docs.example.org/a) and <mailto:someone@example.org>")
    link = tab.page.get_by_role("link", name="docs")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("title", "https://docs.example.org/a")
    expect(tab.page.get_by_role("link", name="someone@example.org")).to_be_visible()
    expect(prose(tab, ".host")).to_have_count(0)


@pytest.mark.parametrize(
    "text",
    ["bank.example", "https://bank.example/login", "See www.bank.example!", "pay@bank.example"],
)
def test_a_link_that_reads_like_another_address_shows_its_own(show: Show, text: str) -> None:
    tab = show(f"[{text}](https://thief.example/x)")
    expect(prose(tab, ".host")).to_have_text("(thief.example)")


@pytest.mark.parametrize(
    "link",
    [
        "[the docs](https://example.org)",
        "[example.org](https://www.example.org/a)",
        "[example.org](https://docs.example.org)",
        "[config.json](https://example.org)",
        "https://example.org/next.js",
    ],
)
def test_an_honest_link_stands_alone(show: Show, link: str) -> None:
    tab = show(link)
    expect(prose(tab, "a")).to_be_visible()
    expect(prose(tab, ".host")).to_have_count(0)


def test_code_is_coloured_and_named_by_its_language(show: Show) -> None:
    tab = show("```python\ndef f(): ...\n```\n\n```\nplain def\n```")
    python, plain = tab.page.get_by_role("figure").all()
    expect(python.locator(".hljs-keyword")).to_have_text("def")
    expect(python).to_have_attribute("aria-label", "python")
    expect(plain.locator("[class*=hljs-]")).to_have_count(0)


def test_copying_code_gives_exactly_it_and_is_heard(show: Show) -> None:
    tab = show("```python\nif x:\n    y = '<b>'\n```", permissions=CLIPBOARD)
    tool(tab, "Copy code").click()
    expect(tab.announced).to_have_text("Copied")
    assert tab.page.evaluate("navigator.clipboard.readText()") == "if x:\n    y = '<b>'"


def test_wrapping_is_for_all_code_and_outlasts_a_reload(show: Show) -> None:
    line = "word " * 100
    tab = show(f"```\n{line}\n```", f"```\n{line}\n```")
    overflow = "pre => pre.scrollWidth > pre.clientWidth"
    assert prose(tab, "pre").evaluate_all(f"all => all.map({overflow})") == [True, True]
    tool(tab, "Wrap lines").first.click()
    for _ in "now", "reloaded":
        expect(tool(tab, "Wrap lines").last).to_have_attribute("aria-pressed", "true")
        assert prose(tab, "pre").evaluate_all(f"all => all.map({overflow})") == [False, False]
        tab.page.reload()
        tab.awake()


@pytest.mark.parametrize(
    ("language", "name"),
    [("python", "code.py"), ("TypeScript", "code.ts"), ("", "code.txt"), ("../x", "code.txt")],
)
def test_code_is_downloaded_under_the_name_of_its_language(
    show: Show, language: str, name: str
) -> None:
    tab = show(f"```{language}\nlet x\n```")
    tab.page.locator(".code").hover()
    with tab.page.expect_download() as download:
        tool(tab, "Download").click()
    assert download.value.suggested_filename == name
    assert Path(download.value.path()).read_text() == "let x\n"


def test_the_tools_of_code_step_back_until_wanted_but_not_on_touch(show: Show) -> None:
    tab = show("Text\n\n```\ncode\n```")
    wrap = tool(tab, "Wrap lines")
    expect(wrap).to_have_css("opacity", "0")
    expect(tool(tab, "Copy code")).to_have_css("opacity", "1")  # always there
    wrap.focus()
    expect(wrap).to_have_css("opacity", "1")
    tab.page.mouse.move(0, 0)
    wrap.blur()
    expect(wrap).to_have_css("opacity", "0")
    tab.page.locator(".code").hover()
    expect(wrap).to_have_css("opacity", "1")

    phone = show("```\ncode\n```", has_touch=True, is_mobile=True)
    expect(tool(phone, "Wrap lines")).to_have_css("opacity", "1")


def test_a_diagram_is_drawn_as_an_image(show: Show) -> None:
    tab = show(DIAGRAM)
    image = tab.page.get_by_role("img", name="Diagram")
    expect(image).to_be_visible()
    assert image.evaluate(NATURAL) > 50
    expect(prose(tab, "pre")).to_have_count(0)


def test_what_draws_diagrams_is_fetched_with_the_first_one(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    without, with_one = (conversation(app, answer) for answer in ("No diagram.", DIAGRAM))
    tab = new_tab()
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.open(without)
    expect(prose(tab, "p")).to_have_text("No diagram.")
    tab.page.evaluate("fetch('/ping')")  # whatever was asked for before is known after it
    assert asked
    assert not [url for url in asked if re.search(r"mermaid|diagram_sandbox", url)]
    tab.open(with_one)
    expect(tab.page.get_by_role("img", name="Diagram")).to_be_visible()
    assert [url for url in asked if "mermaid" in url]


def test_a_diagram_shows_its_source_when_asked_and_can_be_kept(show: Show) -> None:
    tab = show(DIAGRAM, permissions=CLIPBOARD)
    image = tab.page.get_by_role("img", name="Diagram")
    expect(image).to_be_visible()
    tab.page.locator(".code").hover()
    tool(tab, "Show source").click()
    expect(prose(tab, "pre")).to_contain_text("A[One] --> B[Two]")
    expect(image).to_have_count(0)
    tool(tab, "Copy code").click()
    assert "A[One]" in tab.page.evaluate("navigator.clipboard.readText()")
    with tab.page.expect_download() as download:
        tool(tab, "Download SVG").click()
    assert download.value.suggested_filename == "diagram.svg"
    svg = Path(download.value.path()).read_text()
    assert svg.startswith("<svg")
    assert ">One<" in svg
    tool(tab, "Show diagram").click()
    expect(image).to_be_visible()


def test_a_diagram_follows_the_theme(show: Show) -> None:
    tab = show(DIAGRAM, color_scheme="light")
    image = tab.page.get_by_role("img", name="Diagram")
    light = image.get_attribute("src") or ""
    tab.page.get_by_test_id("theme-toggle").click()
    expect(image).not_to_have_attribute("src", light)
    tab.page.get_by_test_id("theme-toggle").click()
    expect(image).to_have_attribute("src", light)


def test_a_wrong_diagram_stays_code_and_says_why(show: Show) -> None:
    tab = show("```mermaid\nflowchart\n  A[ -->\n```", DIAGRAM)
    expect(tab.page.get_by_role("img", name="Diagram")).to_be_visible()
    expect(tab.page.get_by_text("This diagram cannot be drawn.")).to_have_count(1)
    expect(prose(tab, "pre")).to_contain_text("A[ -->")


def test_copying_several_blocks_gives_their_markdown(show: Show) -> None:
    parts = [
        "## A **bold** title",
        "- one\n- two",
        "| a |\n| --- |\n| 1 |",
        "```py\nlast_line\n```",
    ]
    tab = show("\n\n".join([*parts, "The last words."]), permissions=CLIPBOARD)
    copied = selected_and_copied(tab, "A ", "last_line")
    # A block closes with the blank line after it, so that the line may be part of it.
    assert re.sub(r"\n{2,}", "\n\n", copied) == "\n\n".join(parts)
    html = tab.page.evaluate("""async () => {
      const [item] = await navigator.clipboard.read();
      return (await item.getType("text/html")).text();
    }""")
    assert "<strong>bold</strong>" in html
    assert "<button" not in html


def test_of_a_block_that_is_copied_in_part_the_words_are_copied(show: Show) -> None:
    tab = show("Some **bold** words.\n\nMore *words* here.", permissions=CLIPBOARD)
    assert selected_and_copied(tab, "bold", "More ") == "bold words.\n\nMore"


def test_a_selection_within_one_block_is_copied_as_it_is_seen(show: Show) -> None:
    tab = show("Some **bold** words.", permissions=CLIPBOARD)
    assert selected_and_copied(tab, "Some", "words.") == "Some bold words."


def test_questions_are_copied_between_answers_in_their_order(show: Show) -> None:
    tab = show("The *first*.", "The *second*.", permissions=CLIPBOARD)
    copied = selected_and_copied(tab, "The ", "second")
    assert re.sub(r"\s*\n\s*", "\n", copied).startswith("The *first*.\n")
    assert copied.index("first") < copied.index("Show me.") < copied.index("second")


def test_what_is_finished_stays_selected_while_more_is_written_below(tab: Tab) -> None:
    tab.ask("show me what you can render")
    first = tab.page.locator('[data-testid="row"][data-kind="text"]').first
    expect(first).to_be_visible()
    selected = first.evaluate("""row => {
      row.querySelector(".prose").kept = true;
      getSelection().selectAllChildren(row);
      return getSelection().toString();
    }""")
    tab.answered()
    assert selected
    assert tab.page.evaluate("getSelection().toString()") == selected
    assert first.evaluate("""row => row.querySelector(".prose").kept""")
