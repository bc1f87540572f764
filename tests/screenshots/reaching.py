"""Tabs in a state: opened on a device, driven there, shown in light and dark, cleaned up."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import httpx

from tests.helpers.browser import Tab, wait_for
from tests.helpers.threads import cancel_runs
from tests.screenshots.state import Visit

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Browser, Page

    from tests.helpers.app import AgentServer
    from tests.screenshots.apps import Apps
    from tests.screenshots.state import Device, State

SCHEMES = ("light", "dark")
_HIGHEST = 6000
_IS_LOADED = """async () => {
    await document.fonts.ready;
    const images = [...document.images].filter(image => image.getClientRects().length);
    await Promise.all(images.map(image => image.decode().catch(() => null)));
    // Colours on their way to the other scheme are those of neither.
    const ends = document.getAnimations()
        .filter(one => one.effect.getComputedTiming().endTime !== Infinity);
    await Promise.all(ends.map(one => one.finished.catch(() => null)));
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
_FOLLOWS = """scheme => !document.scripts.length
    || document.documentElement.classList.contains(scheme)"""
_HEIGHT = """() => {
    const scroll = document.querySelector("[data-testid=scroll]");
    return scroll ? innerHeight - scroll.clientHeight + scroll.scrollHeight : innerHeight;
}"""


@contextmanager
def reached(state: State, device: Device, browser: Browser, apps: Apps) -> Generator[Tab]:
    """A tab of a browser of its own in that state. What it has running is cancelled at the end.

    Raises:
        AssertionError, playwright.sync_api.Error: the state was not reached.
    """
    with visiting(state, device, browser, apps) as visit:
        for each in state.path:
            go_on(each, visit)
        yield visit.tab


@contextmanager
def visiting(state: State, device: Device, browser: Browser, apps: Apps) -> Generator[Visit]:
    """A tab of a browser of its own, in which no page is open yet, to go to that state."""
    app = apps.get(state.app)
    with ExitStack() as kept:
        context = browser.new_context(**device.options)
        kept.callback(context.close)
        tab = Tab(context, app.url)
        if state.text_size != 100:
            _set_text_size(tab.page, state.text_size)
        visit = Visit(tab, app, apps.agent_of(state.app), device, kept)
        kept.callback(_end_runs, tab, visit.agent)
        yield visit


def go_on(state: State, visit: Visit) -> None:
    """Go to a state from the one after which it comes."""
    state.reach(visit)
    if state.whole:
        _show_whole(visit.tab.page, visit.device)
    visit.tab.page.evaluate(_IS_LOADED)


def show_in(tab: Tab, scheme: str) -> None:
    """Change to the light or the dark scheme, as the system of a reader does."""
    tab.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    wait_for(tab.page, _FOLLOWS, arg=scheme)
    tab.page.evaluate(_IS_LOADED)


def _set_text_size(page: Page, percent: int) -> None:
    """The reader's text size: a setting of the browser, which pages are asked to follow."""
    size = 16 * percent // 100
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size * 13 // 16}})


def _show_whole(page: Page, device: Device) -> None:
    viewport = device.options["viewport"]
    # Twice: what scrolled out of sight may only get its height when it is seen.
    for _ in range(2):
        height = min(_HIGHEST, max(viewport["height"], page.evaluate(_HEIGHT)))
        page.set_viewport_size({"width": viewport["width"], "height": height})
        page.evaluate(_IS_LOADED)


def _end_runs(tab: Tab, agent: AgentServer) -> None:
    if thread := re.search(r"/t/([0-9a-f-]{36})$", tab.page.url):
        with suppress(httpx.HTTPError):  # a thread of no server, or one that is gone
            cancel_runs(agent, thread[1])
