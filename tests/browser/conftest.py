"""One browser for all; one app at a time; a fresh browser context for each test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.helpers.app import RunningApp, running_app
from tests.helpers.browser import Tab, chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

ARTIFACTS = Path(__file__).resolve().parent.parent / ".artifacts"
TRUSTED_HOST = "pictures.localhost"
HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: those of the browser wait for all others."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app with its embedded agent, and one host whose images need no leave."""
    trusted = {"CHAT_IMAGE_HOSTS": f'["{TRUSTED_HOST}"]'}
    with running_app(tmp_path_factory.mktemp("app"), CHAT_DEMO_SPEED="6", **trusted) as running:
        yield running


@pytest.fixture
def new_tab(
    browser: Browser, app: RunningApp, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Tab]]:
    """Open tabs of browsers which share nothing but the login; any fault in one fails the test.

    A tab with `is_another` is at the browser of another person.
    """
    tabs: list[Tab] = []

    def open_tab(*, is_another: bool = False, **options: object) -> Tab:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        if tabs and not is_another:
            login = tabs[0].page.context.cookies(app.url)
            context.add_cookies(login)  # type: ignore[arg-type]
        tabs.append(Tab(context, app.url))
        return tabs[-1]

    yield open_tab
    test = request.node
    name = re.sub(r"\W+", "_", test.name)
    failed = test.stash.get(FAILED, True)
    for number, tab in enumerate(tabs):
        if failed or tab.faults:
            said = tab.evidence(ARTIFACTS / f"{name}_{number}.png")
            test.add_report_section("teardown", f"page {number}", said)
        tab.page.context.close()
    if failed:
        test.add_report_section("teardown", "logs", app.logged())
    assert not [fault for tab in tabs for fault in tab.faults]


@pytest.fixture
def tab(new_tab: Callable[..., Tab]) -> Tab:
    """A tab at `/`."""
    return new_tab().open()
