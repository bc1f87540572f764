"""What GitHub's comments have beside Markdown: HTML, callouts, line breaks; and links and looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.helpers.threads import conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

HTML = """\
H<sub>2</sub>O, x<sup>2</sup>, <kbd>Ctrl</kbd>, <MARK class="x">marked</MARK>, <u>under</u>, \
<s>old</s> <ins>new</ins><!-- unseen -->.

<!-- unseen, in two

paragraphs -->

| step | details |
|---|---|
| one | first<br>second<br/>third |

<details>
<summary>More &amp; more</summary>

It is **42**.

- a list

</details>

After it.
"""
INERT = """\
<div style="color:red">a</div>

The <kbd> element, <sub onclick="x">b</sub> and </sup>.

<details ontoggle="x"><summary>c</summary></details>

<details>
<summary>d</summary>

Never closed.
"""
STEPS = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"


@pytest.fixture
def show(new_tab: Callable[..., Tab], app: RunningApp) -> Callable[[str], Tab]:
    def opened(answer: str) -> Tab:
        tab = new_tab().open(conversation(app, answer))
        expect(tab.page.locator(".prose").first).to_be_visible()
        return tab

    return opened


def prose(tab: Tab, selector: str) -> Locator:
    return tab.page.locator(f".prose {selector}")


def test_harmless_html_is_set(show: Callable[[str], Tab]) -> None:
    tab = show(HTML)
    for name, words in {
        "sub": "2", "sup": "2", "kbd": "Ctrl", "mark": "marked", "u": "under", "s": "old",
        "ins": "new",
    }.items():  # fmt: skip
        expect(prose(tab, name)).to_have_text(words)
    assert prose(tab, "mark").get_attribute("class") is None
    expect(tab.page.get_by_role("cell").last).to_have_text(
        "first\nsecond\nthird", use_inner_text=True
    )
    expect(tab.page.get_by_text("unseen")).to_have_count(0)
    hidden = prose(tab, "details li")
    expect(hidden).to_be_hidden()
    prose(tab, "summary").get_by_text("More & more").click()
    expect(hidden).to_have_text("a list")
    expect(prose(tab, "details strong")).to_have_text("42")
    expect(prose(tab, "> p").last).to_have_text("After it.")


def test_all_other_html_is_text_that_can_be_read(show: Callable[[str], Tab]) -> None:
    tab = show(INERT)
    for words in (
        '<div style="color:red">a</div>',
        'The <kbd> element, <sub onclick="x">b</sub> and </sup>.',
        '<details ontoggle="x">',
        "Never closed.",
    ):
        expect(tab.page.get_by_text(words, exact=False).first).to_be_visible()
    expect(prose(tab, ":is(kbd, sub, sup, details, div[style])")).to_have_count(0)


def test_callouts_name_their_kind_and_quotes_stay_quotes(show: Callable[[str], Tab]) -> None:
    kinds = ["Note", "Tip", "Important", "Warning", "Caution"]
    answers = "\n\n".join(f"> [!{kind.upper()}]\n> Of **{kind}**." for kind in kinds)
    tab = show(f"{answers}\n\n> [!OTHER]\n> a quote\n\n- > [!tip]\n  > in a list")
    expect(prose(tab, ".callout-title")).to_have_text([*kinds, "Tip"])
    expect(tab.page.get_by_role("note").nth(1)).to_have_text("Tip\nOf Tip.", use_inner_text=True)
    expect(prose(tab, "li .callout")).to_contain_text("in a list")
    expect(prose(tab, "blockquote")).to_have_text("[!OTHER]\na quote", use_inner_text=True)


def test_lines_are_broken_where_they_were_in_words_alone(show: Callable[[str], Tab]) -> None:
    tab = show(
        "The lamp is low,\n*the street*\n**is wet**.\n\n- a\n  b\n- c\n\n| a |\n|---|\n| b |"
    )
    poem = "The lamp is low,\nthe street\nis wet."
    expect(prose(tab, "p").first).to_have_text(poem, use_inner_text=True)
    expect(prose(tab, "li").first).to_have_text("a\nb", use_inner_text=True)
    expect(prose(tab, "br")).to_have_count(3)


def test_headings_and_heads_of_columns_can_be_told_from_the_rest(
    show: Callable[[str], Tab],
) -> None:
    tab = show("# a\n\n## b\n\n### c\n\n#### d\n\ntext\n\n| e |\n|---|\n| f |")
    sizes = prose(tab, ":is(h1, h2, h3, h4)").evaluate_all(STEPS)
    assert sizes == sorted(set(sizes), reverse=True)
    expect(prose(tab, "h4")).to_have_css("font-weight", "600")
    head = tab.page.get_by_role("columnheader")
    expect(head).to_have_attribute("scope", "col")
    expect(head).to_have_css("font-weight", "600")
    expect(tab.page.get_by_role("cell")).to_have_css("font-weight", "400")


def test_an_image_that_cannot_be_had_says_that_it_is_one(show: Callable[[str], Tab]) -> None:
    tab = show("The sales:\n\n![sales by month](chart.png)\n\n![](data:image/png;base64,AAAA)")
    expect(tab.page.get_by_text("Image not available · sales by month")).to_be_visible()
    expect(tab.page.get_by_text("Image not available", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("bank。example", "https://thief.example/"),
        ("\uff42ank\uff0eexample", "https://thief.example/"),
        ("http://192.168.0.1/login", "https://thief.example/"),
        ("http://0x7f.1/", "https://thief.example/"),
        ("localhost:3000", "https://thief.example/"),
        ("https://bank.example@thief.example/", "https://bank.example@thief.example/"),
        ("bank.example/app.js", "https://thief.example/"),
    ],
)
def test_hosts_are_compared_as_the_browser_reads_them(
    show: Callable[[str], Tab], text: str, address: str
) -> None:
    tab = show(f"[{text}]({address})")
    expect(prose(tab, ".host")).to_have_text("(thief.example)")


def test_the_same_host_in_other_letters_is_no_other_host(show: Callable[[str], Tab]) -> None:
    tab = show(
        "[http://2130706433/](http://127.0.0.1/) [localhost:3000](http://localhost:3000/)"
        " [bücher.example](https://xn--bcher-kva.example/) [2024](https://x.example/)"
        " [请看文档。谢谢](https://x.example/)"
    )
    expect(prose(tab, "a")).to_have_count(5)
    expect(prose(tab, ".host")).to_have_count(0)


def test_the_text_of_a_link_cannot_turn_letters_round(show: Callable[[str], Tab]) -> None:
    tab = show("[\u202egro.elpmaxe\u202c and \u2067more](https://thief.example/) after it")
    link = prose(tab, "a")
    expect(link).to_have_text("gro.elpmaxe and more")
    expect(link.locator("bdi")).to_have_css("unicode-bidi", "isolate")


def test_rarer_languages_are_fetched_with_the_first_code_in_them(
    show: Callable[[str], Tab],
) -> None:
    tab = show(
        "```dockerfile\nFROM python:3.12\n```\n\n```PowerShell\nGet-ChildItem\n```\n\n"
        '```hcl\nresource "a" "b" {}\n```\n\n```latex\n\\frac{a}{b}\n```'
    )
    for name, word in {
        "dockerfile": "FROM", "powershell": "Get-ChildItem", "hcl": "resource", "latex": "\\frac",
    }.items():  # fmt: skip
        code = tab.page.get_by_role("figure", name=name)
        expect(code.locator("[class*=hljs-]").first).to_have_text(word)
