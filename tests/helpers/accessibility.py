"""Checks of any state of the page: axe, the sizes of targets, and that nothing scrolls away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python

if TYPE_CHECKING:
    from playwright.sync_api import Page

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async options => {
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => [id, target.join(" "), failureSummary]));
}"""
LEAST, ON_TOUCH = 24, 44
"""Sides of a target in CSS pixels: of any, and of those used often on a touch screen."""
OFTEN = (
    ".disclosure > summary, .send, .actions button, .thread, .new-chat, .header .icon-button, "
    ".ask-button, .composer-bar .attach"
)
_TARGETS = """([most, often]) => {
    const all = document.querySelectorAll(
        "a[href], button, select, summary, textarea, input:not([type=hidden], [type=file]), "
        + "[role=button], [role=tab], [role=switch]");
    const isSeen = element => element.checkVisibility({ visibilityProperty: true })
        && !element.closest("[inert], .skip");
    /* A link in a sentence is as high as its line. A ticked box is pressed by its label, too. */
    const isInline = element => element.matches(".prose a, .said a, p a");
    const area = element => (element.matches("input") && element.closest("label")) || element;
    return [...all].filter(element => isSeen(element) && !isInline(element) && !element.disabled)
        .map(element => [element, area(element).getBoundingClientRect()])
        .filter(([element, { width, height }]) => {
            const least = most && element.matches(often) ? most : 24;
            return width && height && Math.min(width, height) < least - 0.5;
        })
        .map(([element, { width, height }]) =>
            `${element.outerHTML.slice(0, 120)} is ${Math.round(width)} x ${Math.round(height)}`);
}"""
_ESCAPES = """() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.scrollingElement;
    const column = document.querySelector("[data-testid=scroll]");
    const isApp = document.scripts.length > 0; /* the sign-in page scrolls as documents do */
    return [
        ["the document is higher than the window", isApp && scrollHeight > clientHeight],
        ["the document is wider than the window", scrollWidth > clientWidth],
        ["the conversation scrolls sideways", column && column.scrollWidth > column.clientWidth],
    ].filter(([, is]) => is).map(([what]) => what);
}"""


def violations(
    page: Page, *, rules: list[str] | None = None, without: tuple[str, ...] = ()
) -> list[str]:
    """What axe finds, a line per element; of all rules, only of some, or of all `without` some."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    run: dict[str, Any] = {"type": "tag", "values": _RULES}
    if rules:
        run = {"type": "rule", "values": rules}
    options = {
        "runOnly": run,
        "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],
        "iframes": False,
    }
    return [f"{rule}: {where}\n  {why}" for rule, where, why in page.evaluate(_RUN, options)]


def small_targets(page: Page, *, touch: bool) -> list[str]:
    """What can be pressed and is smaller than a finger or a shaking hand needs."""
    return page.evaluate(_TARGETS, [ON_TOUCH if touch else 0, OFTEN])


def escapes(page: Page) -> list[str]:
    """How the page could be scrolled out of sight."""
    return page.evaluate(_ESCAPES)
