"""Checks one state of the page, for test modules that share the states out by their apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.helpers.accessibility import escapes, small_targets, violations
from tests.screenshots import PHONE, SCHEMES, STATES, reached, show_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.screenshots import Apps, State

_REPORT = "Content Security Policy"
_NARROW = {"width": 390, "height": 844}


def states_of(*apps: str) -> list[State]:
    """The states of these apps, one app after the other."""
    states = (state for state in STATES if state.app in apps)
    return sorted(states, key=lambda state: state.app)


def faults_in(state: State, browser: Browser, apps: Apps) -> list[str]:
    """What is wrong in a state, in light and dark and on a narrow screen, a line each.

    What the page's policy forbade is wrong, too: nothing of the page's own may be forbidden.

    It is reached on the first of its devices: reaching it takes most of the time, so for the second
    one the window is resized.
    """
    device, *others = state.devices
    found: list[str] = []
    with reached(state, device, browser, apps) as tab:
        for scheme in SCHEMES:
            show_in(tab, scheme)
            faults = _faults(tab.page, scheme, is_touch=device is PHONE)
            found += [f"{device.name}, {scheme}: {fault}" for fault in faults]
        if others:
            show_in(tab, "light")
            tab.page.set_viewport_size(_NARROW)  # type: ignore[arg-type]
            found += [f"narrow: {fault}" for fault in _faults(tab.page, "light", is_touch=False)]
        found += [fault for fault in tab.faults if _REPORT in fault]
    return found


def _faults(page: Page, scheme: str, *, is_touch: bool) -> list[str]:
    """By all rules in light; in dark only the colours differ."""
    if scheme == "dark":
        return violations(page, rules=["color-contrast"])
    return [*violations(page), *small_targets(page, touch=is_touch), *escapes(page)]
