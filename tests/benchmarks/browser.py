"""A page in headless Chromium and what it costs, by the browser's own counters."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.helpers.browser import chromium

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Locator, Page

PROBE = Path(__file__).with_name("probe.js")
TIMEOUT = 300_000
"""Milliseconds: a page that ends minutes late is a result, one that never ends is not."""


class MeasuredPage:
    """A page in a browser context of its own, with `probe.js` in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.received = 0
        """Bytes that reached the page's scripts, by socket or by fetch; not its code."""
        self._fetched: set[str] = set()
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.on("Network.webSocketFrameReceived", self._frame)
        self._cdp.on("Network.responseReceived", self._response)
        self._cdp.on("Network.dataReceived", self._body)
        self._cdp.send("Network.enable")
        self._cdp.send("Performance.enable")

    def on(self, event: str, listener: Any) -> None:
        """Listen to an event of the browser's own protocol."""
        self._cdp.on(event, listener)

    def open(self, address: str, *, newest: int | None = None) -> float:
        """Go to `address` and wait until it rests, with the mark `newest` in view if given.

        Returns the milliseconds from navigation until that mark stood in the window.
        """
        self.page.goto(address)
        self.composer.wait_for()
        shown = 0.0
        if newest is not None:
            shown = self.page.evaluate("number => probe.inView(number)", newest)
        self.rest()
        return shown

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    def ask(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def rest(self) -> None:
        self.page.wait_for_timeout(1000)

    def shown(self, number: int) -> float:
        """When the mark `number` was painted, in seconds since the epoch; waits for it."""
        return self.page.evaluate("number => probe.shown(number)", number) / 1000

    def busy(self) -> dict[str, float]:
        """Seconds of the main thread so far: ``TaskDuration`` all, ``ScriptDuration`` scripts."""
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics}

    def _frame(self, event: dict[str, Any]) -> None:
        self.received += len(event["response"]["payloadData"].encode())

    def _response(self, event: dict[str, Any]) -> None:
        if event["type"] == "Fetch":
            self._fetched.add(event["requestId"])

    def _body(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._fetched:
            self.received += event["dataLength"]


@contextmanager
def measured_page(*, inspector: str = "") -> Generator[MeasuredPage]:
    """A page in a browser that has done nothing before but open that tab of an `inspector`."""
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(TIMEOUT)
        context.add_init_script(path=PROBE)
        if inspector:
            opened = {"chat_inspector": True, "chat_inspector_tab": inspector}
            kept = [
                f"localStorage.{name} = '{json.dumps(value)}'" for name, value in opened.items()
            ]
            context.add_init_script(";".join(kept))
        yield MeasuredPage(context.new_page())


def browser_name() -> str:
    """The browser that measures, with its version."""
    with chromium() as browser:
        return f"{browser.browser_type.name} {browser.version}"
