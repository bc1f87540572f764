"""What a reader of the page saw, moment by moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.helpers.browser import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.browser import Tab

Seen = list[tuple[str, str]]
"""Kind and visible text of each row from top to bottom; the answer being written is the last."""

_READ = """() => [...document.querySelectorAll(
        '.turn > [data-testid="row"], .turn > [data-testid="tail"]')]
    .filter(row => row.dataset.kind && row.dataset.kind !== "end")
    .map(row => [row.dataset.kind, (row.querySelector(".bubble") ?? row).innerText])"""
_IS_RUNNING = """document.querySelector('[data-testid="stop"]')"""
_RECORD = f"""() => {{
    const read = {_READ};
    const seen = window.recorded = {{ moments: [], last: "", began: false }};
    const note = () => {{
        seen.began ||= Boolean({_IS_RUNNING});
        const now = JSON.stringify(read());
        if (now !== seen.last) seen.moments.push(seen.last = now);
    }};
    const all = {{ subtree: true, childList: true, characterData: true, attributes: true }};
    new MutationObserver(note).observe(document.body, all);
    return seen;
}}"""


def record(tab: Tab) -> Callable[[], list[Seen]]:
    """Note every distinct state of the rows from now on; call the result to read them."""
    handle = tab.page.evaluate_handle(_RECORD)
    return lambda: [_rows(json.loads(m)) for m in handle.evaluate("seen => seen.moments")]


def until_over(tab: Tab, *, within: float = 60) -> None:
    """Wait until a run has begun since `record`, however short it was, and is over.

    Raises:
        TimeoutError: it did not end in time.
    """
    wait_for(tab.page, f"window.recorded.began && !{_IS_RUNNING}", within=within)


def read(tab: Tab) -> Seen:
    """The rows as they stand."""
    return _rows(tab.page.evaluate(_READ))


def _rows(rows: list[list[str]]) -> Seen:
    return [(kind, text) for kind, text in rows]


class Played:
    """A run that is over: what was seen live (`moments`), and at its `end`."""

    def __init__(self, tab: Tab, moments: Callable[[], list[Seen]]) -> None:
        self.tab = tab
        self.moments = moments()
        self.end = read(tab)

    def reload(self) -> Seen:
        """What is seen after a reload, once the thread stands."""
        self.tab.thread_id()
        self.tab.page.reload()
        self.tab.awake()
        self.tab.page.wait_for_selector('.turn > [data-testid="row"]')
        self.tab.page.wait_for_load_state("networkidle")
        return read(self.tab)


def texts(seen: Seen, *kinds: str) -> list[str]:
    """The texts of the rows of these kinds, or of all."""
    return [text for kind, text in seen if kind in kinds or not kinds]


def count(seen: Seen, words: str) -> int:
    """How often these words stand on the page."""
    return sum(text.count(words) for text in texts(seen))
