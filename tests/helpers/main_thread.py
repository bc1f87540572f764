"""How long a thread of a page was busy with one task, in processor time.

A page counts a task's time by the clock, which on two processors that run four more browsers is up
to thirty times what the task needs. Chromium's trace has the time of the thread itself, in
microseconds.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Browser, Page


@contextmanager
def no_task_over(milliseconds: float, browser: Browser, page: Page) -> Generator[None]:
    """Fail if a task took more processor time within the block."""
    browser.start_tracing(page=page, categories=["toplevel"])
    try:
        yield
    except BaseException:
        browser.stop_tracing()
        raise
    events = json.loads(browser.stop_tracing())["traceEvents"]
    tasks = [event for event in events if event["name"] == "ThreadControllerImpl::RunTask"]
    times = [event["tdur"] / 1000 for event in tasks if "tdur" in event]  # else still running
    assert times, "The trace has no task"
    assert max(times) < milliseconds
