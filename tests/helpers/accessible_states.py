"""Checks one state of the page, for test modules that share the states out by their apps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.helpers.accessibility import escapes, small_targets, violations
from tests.screenshots import PHONE, SCHEMES, STATES, Apps, State, go_on, show_in, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.screenshots import Visit

_REPORT = "Content Security Policy"
_COLOURS = "color-contrast"
"""The rule that takes axe most of its time."""

Series = tuple[State, ...]
"""States that come one after the other in the same tab; most are alone."""


def series_of(*apps: str) -> list[Series]:
    """The states of these apps, one app after the other."""
    found: dict[str, Series] = {}
    for state in sorted((state for state in STATES if state.app in apps), key=lambda one: one.app):
        before = found.pop(state.after.name, ()) if state.after else ()
        found[state.name] = (*before, state)
    return list(found.values())


def names_of(series: Series) -> str:
    """The name of such states."""
    return " ".join(state.name for state in series)


def faults_in(series: Series, browser: Browser, apps: Apps) -> list[str]:
    """What is wrong in these states, in light and dark and on other screens, a line each.

    What the page's policy forbade is wrong, too: nothing of the page's own may be forbidden.

    They are reached on their first device: reaching them takes most of the time, so for the others
    the window is resized.
    """
    found: list[str] = []
    first = series[0]
    with visiting(first, first.devices[0], browser, apps) as visit:
        for state in first.path[:-1]:
            go_on(state, visit)
        for state in series:
            go_on(state, visit)
            found += [f"{state.name}, {fault}" for fault in _faults_of(state, visit)]
        found += [fault for fault in visit.tab.faults if _REPORT in fault]
    return found


def _faults_of(state: State, visit: Visit) -> list[str]:
    tab, (device, *others) = visit.tab, state.devices
    found: list[str] = []
    for scheme in SCHEMES:
        show_in(tab, scheme)
        faults = _faults(tab.page, scheme, is_touch=device is PHONE)
        found += [f"{device.name}, {scheme}: {fault}" for fault in faults]
    if others:
        as_it_was = tab.page.viewport_size
        for other in others:
            tab.page.set_viewport_size(other.options["viewport"])
            show_in(tab, "light")  # and wait for what follows the size of the window
            faults = _faults(tab.page, "resized", is_touch=False)
            found += [f"{other.name}: {fault}" for fault in faults]
        if as_it_was:
            tab.page.set_viewport_size(as_it_was)
    return found


def _faults(page: Page, scheme: str, *, is_touch: bool) -> list[str]:
    """By all rules in light; in dark only the colours differ, and in another size all but these."""
    if scheme == "dark":
        return violations(page, rules=[_COLOURS])
    without = (_COLOURS,) if scheme == "resized" else ()
    found = violations(page, without=without)
    return [*found, *small_targets(page, touch=is_touch), *escapes(page)]
