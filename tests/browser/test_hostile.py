"""What a model writes is hostile: nothing of it runs, and no address in it is requested."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TRUSTED_HOST
from tests.helpers.elsewhere import Elsewhere, elsewhere
from tests.helpers.hostile import DIAGRAMS, HTML, MARKDOWN, MATHS
from tests.helpers.threads import conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Request

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

    Opened = Callable[[list[str]], Tab]

LIVE = (
    "script, iframe, object, embed, style, form, meta, link, base, video, audio, svg:not(.lucide), "
    "input:not([type=checkbox][disabled]), details, [style*=url], [id]:not([id^=fn])"
)
ADDRESSES = "all => all.map(one => one.getAttribute('href'))"
HANDLERS = (
    """all => all.flatMap(one => one.getAttributeNames().filter(name => name.startsWith("on")))"""
)

ODD = r"""image => {
  const source = decodeURIComponent(image.src.replace("data:image/svg+xml,", ""));
  const svg = new DOMParser().parseFromString(source, "image/svg+xml");
  const elements = [...svg.querySelectorAll("parsererror, script, iframe, img, image, object")];
  const attributes = [...svg.querySelectorAll("*")].flatMap(one => [...one.attributes])
    .filter(({ name, value }) => /^on/.test(name) || (/href$/.test(name) && !/^#/.test(value)));
  const outside = source.match(/@import|url\((?!["']?#)[^)]*\)/g) ?? [];
  return [...elements, ...attributes].map(odd => odd.nodeName).concat(outside);
}"""


@pytest.fixture
def host() -> Iterator[Elsewhere]:
    with elsewhere() as running:
        yield running


@pytest.fixture
def asked() -> list[Request]:
    """Every request the page wanted to make."""
    return []


@pytest.fixture
def opened(
    new_tab: Callable[..., Tab], app: RunningApp, host: Elsewhere, asked: list[Request]
) -> Opened:
    """Open answers, in which HOST is the foreign host."""

    def note(request: Request) -> None:
        asked.append(request)

    def open_tab(answers: list[str]) -> Tab:
        name = urlsplit(host.url).netloc
        answers = [text.replace("HOSTNAME", name).replace("HOST", host.url) for text in answers]
        tab = new_tab()
        tab.page.on("dialog", lambda dialog: tab.faults.append(f"dialog: {dialog.message}"))
        tab.page.on("request", note)
        tab.open(conversation(app, *answers))
        expect(tab.rows("human")).to_have_count(len(answers))
        expect(tab.rows("text").last).to_be_visible()
        return tab

    return open_tab


@pytest.fixture
def nothing_lives(host: Elsewhere, asked: list[Request]) -> Callable[[Tab], None]:
    """Assert that no foreign element, handler, address or request came of what is shown."""

    def check(tab: Tab) -> None:
        tab.page.evaluate("fetch('/ping')")  # whatever was asked for before is known after it
        assert tab.page.locator(".prose").count() > 0
        assert tab.page.locator(".prose").locator(LIVE).count() == 0
        assert tab.page.locator(".prose *").evaluate_all(HANDLERS) == []
        addresses = tab.page.locator(".prose a[href]").evaluate_all(ADDRESSES)
        assert [url for url in addresses if not url.startswith(("http", "mailto:", "#fn"))] == []
        assert not any(frame.evaluate("window.hacked") for frame in tab.page.frames)
        assert host.asked == []
        addresses = [urlsplit(request.url) for request in asked if not was_forbidden(request)]
        called = {address.netloc for address in addresses if address.scheme.startswith("http")}
        assert called == {urlsplit(tab.url).netloc}

    return check


def was_forbidden(request: Request) -> bool:
    """Whether the page's own policy held a request back before it left."""
    return "csp" in (request.failure or "").lower()


def test_html_is_shown_as_text(opened: Opened, nothing_lives: Callable[[Tab], None]) -> None:
    tab = opened(HTML)
    expect(tab.page.get_by_text("<script>", exact=False).first).to_be_visible()
    nothing_lives(tab)


def test_links_and_images_lead_nowhere_unasked(
    opened: Opened, nothing_lives: Callable[[Tab], None]
) -> None:
    tab = opened(MARKDOWN)
    nothing_lives(tab)
    expect(tab.page.locator(".prose img")).to_have_count(0)


def test_formulas_set_no_links_classes_or_images(
    opened: Opened, nothing_lives: Callable[[Tab], None]
) -> None:
    tab = opened(MATHS)
    expect(tab.page.locator(".prose math").first).to_be_visible()
    nothing_lives(tab)
    expect(tab.page.locator(".prose math :is(a, img, mglyph, [class=x], [href])")).to_have_count(0)
    assert (tab.page.locator(".prose").last.bounding_box() or {})["height"] < 2000


def test_diagrams_run_nothing_and_fetch_nothing(
    opened: Opened, nothing_lives: Callable[[Tab], None], host: Elsewhere
) -> None:
    tab = opened([f"```mermaid\n{diagram}```" for diagram in DIAGRAMS])
    settled = ".code:has(.drawing), .code:has(.remark)"
    expect(tab.page.locator(settled)).to_have_count(len(DIAGRAMS))
    assert tab.page.locator(".drawing").count() >= len(DIAGRAMS) // 2
    nothing_lives(tab)
    assert tab.page.locator(".drawing img").evaluate_all(f"all => all.flatMap({ODD})") == []
    # In the frame of the diagrams, and of the styles in those that were parsed just now.
    tab.faults[:] = [fault for fault in tab.faults if "Content Security Policy" not in fault]


def test_a_foreign_image_is_fetched_when_it_is_shown_and_learns_nothing(
    opened: Opened, host: Elsewhere
) -> None:
    tab = opened(["![A chart](HOST/a.png)\n\n![Another](HOST/b.png)"])
    expect(tab.page.get_by_text("Image from localhost · A chart")).to_be_visible()
    assert host.asked == []
    tab.page.get_by_role("button", name="Show").first.click()
    shown = tab.page.get_by_role("img", name="A chart")
    expect(shown).to_have_js_property("naturalWidth", 1)
    [(path, headers)] = host.asked
    assert path == "/a.png"
    assert "referer" not in headers
    link = tab.page.get_by_role("link", name="A chart")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")


def test_a_host_allowed_always_is_allowed_everywhere_and_after_a_reload(
    opened: Opened, host: Elsewhere
) -> None:
    tab = opened(["![one](HOST/1.png)", "![two](HOST/2.png) ![x](http://other.invalid/x.png)"])
    tab.page.get_by_role("button", name="Always from this host").first.click()
    for _ in "now", "reloaded":
        for name in ("one", "two"):
            shown = tab.page.get_by_role("img", name=name)
            expect(shown).to_have_js_property("naturalWidth", 1)
        expect(tab.page.get_by_text("Image from other.invalid · x")).to_be_visible()
        tab.page.reload()
        tab.awake()


def test_a_host_that_the_settings_allow_is_not_asked_about(opened: Opened, host: Elsewhere) -> None:
    trusted = host.url.replace("localhost", TRUSTED_HOST)
    tab = opened([f"![mine]({trusted}/mine.png)\n\n![other](HOST/other.png)"])
    shown = tab.page.get_by_role("img", name="mine")
    expect(shown).to_have_js_property("naturalWidth", 1)
    expect(tab.page.get_by_text("Image from localhost · other")).to_be_visible()
    assert [path for path, _ in host.asked] == ["/mine.png"]


def test_an_image_that_does_not_come_says_so(opened: Opened, host: Elsewhere) -> None:
    tab = opened(["![gone](HOST/gone.gif)"])
    tab.page.get_by_role("button", name="Show").click()
    expect(tab.page.get_by_text("This image could not be loaded · gone")).to_be_visible()
    assert [path for path, _ in host.asked] == ["/gone.gif"]
    tab.faults[:] = [fault for fault in tab.faults if "404" not in fault]
