"""Blocks that are sent and parsed in pieces: a reader sees one list, one table, one code block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.threads import conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

NUMBER = 300
ITEMS = "".join(f"{n}. item **{n}**\n" for n in range(7, 7 + NUMBER))
LINES = "".join(f"value_{n} = 'text {n}'\n" for n in range(NUMBER))


@pytest.fixture
def show(new_tab: Callable[..., Tab], app: RunningApp) -> Callable[[str], Tab]:
    return lambda answer: new_tab().open(conversation(app, answer))


def test_a_long_list_is_one_list_that_counts_on(show: Callable[[str], Tab]) -> None:
    tab = show(f"{ITEMS}\nThe end.")
    prose = tab.page.locator(".prose")
    expect(prose.locator("ol > li")).to_have_count(NUMBER)
    expect(prose.locator("ol")).to_have_count(1)
    expect(prose.locator("ol")).to_have_attribute("start", "7")
    expect(prose.locator("li").nth(NUMBER // 2)).to_have_text(f"item {7 + NUMBER // 2}")
    expect(prose.locator("p")).to_have_text("The end.")


def test_an_inner_list_goes_on_in_its_item(show: Callable[[str], Tab]) -> None:
    inner = "".join(f"   - part {n}\n" for n in range(NUMBER))
    tab = show(f"1. first\n{inner}2. second\n\n   and more of it\n")
    outer = tab.page.locator(".prose > ol > li")
    expect(outer).to_have_count(2)
    expect(outer.first.locator("> ul > li")).to_have_count(NUMBER)
    expect(outer.last).to_contain_text("and more of it")


def test_a_long_table_has_one_head_and_all_rows(show: Callable[[str], Tab]) -> None:
    rows = "".join(f"| {n} | `x{n}` |\n" for n in range(NUMBER))
    tab = show(f"| a | b |\n|--:|---|\n{rows}")
    expect(tab.page.get_by_role("table")).to_have_count(1)
    expect(tab.page.get_by_role("columnheader")).to_have_text(["a", "b"])
    expect(tab.page.get_by_role("row")).to_have_count(NUMBER + 1)
    number = tab.page.locator("tbody tr").last.locator("td").first
    expect(number).to_have_css("text-align", "right")


def test_a_long_paragraph_is_one_paragraph(show: Callable[[str], Tab]) -> None:
    text = " ".join(f"Sentence {n} is *one* of many." for n in range(NUMBER))
    tab = show(text)
    expect(tab.page.locator(".prose p")).to_have_count(1)
    expect(tab.page.locator(".prose p")).to_have_text(text.replace("*", ""))


def test_long_code_is_one_block_that_is_coloured_to_its_end(show: Callable[[str], Tab]) -> None:
    tab = show(f"```python\n{LINES}```\n")
    pre = tab.page.locator(".prose pre")
    expect(pre).to_have_count(1)
    expect(pre.locator(".hljs-string")).to_have_count(NUMBER)
    assert pre.evaluate("pre => pre.textContent") == LINES


def test_copying_across_a_long_list_gives_its_markdown(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    tab = new_tab(permissions=["clipboard-read", "clipboard-write"])
    tab.open(conversation(app, f"Before.\n\n{ITEMS}\nAfter."))
    expect(tab.page.locator(".prose li")).to_have_count(NUMBER)
    tab.page.locator(".log").evaluate("log => getSelection().selectAllChildren(log)")
    tab.page.keyboard.press("Control+C")
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert f"Before.\n\n{ITEMS}\nAfter." in copied
