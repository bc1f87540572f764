"""Signing in at a certified identity provider, whose tokens a LangGraph server takes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from chat_app import text
from tests.helpers.app import RunningApp, running_app
from tests.helpers.browser import Tab
from tests.helpers.identity_provider import (
    IdentityProvider,
    identity_provider,
    sign_in_at_provider,
)
from tests.helpers.people_auth import PATH
from tests.helpers.ports import free_port
from tests.helpers.server import graph_files, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

PEOPLE: dict[str, dict[str, Any]] = {
    "anna": {"name": "Anna", "groups": ["staff"]},
    "ben": {"name": "Ben", "groups": ["staff", "owners"]},
    "carl": {"name": "Carl", "groups": ["guests"]},
}
LASTS = 32
"""Seconds of an access token: two after it was made, it has to be renewed."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("provider")


@pytest.fixture(scope="module")
def provider(folder: Path) -> Iterator[IdentityProvider]:
    port = free_port()
    at = f"http://127.0.0.1:{port}"
    with identity_provider(folder, at, PEOPLE, lasts=LASTS) as running:
        running.settings["CHAT_PORT"] = str(port)
        yield running


@pytest.fixture(scope="module")
def app(folder: Path, provider: IdentityProvider) -> Iterator[RunningApp]:
    (folder / "server").mkdir()
    graphs = {name: path for name, path in graph_files().items() if name == "slow"}
    seen = str(folder / "seen")
    forwarded = {
        "CHAT_FORWARD_IDENTITY": "token",
        "CHAT_OIDC_SCOPES": '["openid", "profile", "groups", "offline_access"]',
        "CHAT_OIDC_GROUPS": '["staff"]',
        "CHAT_OIDC_ADMIN_GROUPS": '["owners"]',
    }
    with (
        serve(
            folder / "server", graphs=graphs, auth=PATH, SEEN=seen, PROVIDER=provider.issuer
        ) as server,
        running_app(
            folder, LANGGRAPH_API_URL=server.url, **provider.settings, **forwarded
        ) as running,
    ):
        yield running


@pytest.fixture
def at_browser(browser: Browser, app: RunningApp) -> Iterator[Callable[..., Tab]]:
    """Opens a tab in a browser of its own."""
    tabs: list[Tab] = []

    def open_it() -> Tab:
        tabs.append(Tab(browser.new_context(), app.url))
        return tabs[-1]

    yield open_it
    faults = [fault for tab in tabs for fault in tab.faults if not _is_of_provider(fault)]
    for tab in tabs:
        tab.page.context.close()
    assert not faults


def _is_of_provider(fault: str) -> bool:
    """Its pages want a font from the network; an answer of 400 is a page of ours."""
    return "Failed to load resource" in fault


def sign_in(tab: Tab, name: str, path: str = "/") -> None:
    tab.page.goto(tab.url + path)
    tab.page.get_by_role("link", name="Sign in").click()
    sign_in_at_provider(tab.page, name)


def seen(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "seen").read_text().splitlines()]


def test_a_person_signs_in_chats_and_signs_out(
    at_browser: Callable[..., Tab], folder: Path
) -> None:
    tab = at_browser()
    sign_in(tab, "anna", "/?from=a-link")
    expect(tab.page).to_have_url(f"{tab.url}/?from=a-link")
    tab.awake()
    expect(tab.page.get_by_test_id("account")).to_contain_text("Anna")
    tab.ask("1")
    tab.answered()
    expect(tab.thread_links).to_have_count(1)
    assert {row["who"] for row in seen(folder)} == {"anna"}
    tab.page.get_by_role("button", name="Sign out").click()
    tab.page.get_by_role("button", name=re.compile("Yes")).click()
    expect(tab.page).to_have_url(f"{tab.url}/sign-in?reason=signed-out")
    expect(tab.page.get_by_text(text.YOU_SIGNED_OUT)).to_be_visible()
    tab.page.get_by_role("link", name="Sign in").click()
    expect(tab.page.locator("input[name=login]")).to_be_visible()  # it has forgotten her, too


def test_two_people_have_chats_of_their_own_at_the_server(
    at_browser: Callable[..., Tab], folder: Path
) -> None:
    anna, ben = at_browser(), at_browser()
    sign_in(anna, "anna")
    anna.awake().ask("2")
    anna.answered()
    thread_id = anna.thread_id()
    sign_in(ben, "ben", f"/t/{thread_id}")
    expect(ben.page.get_by_text(text.THREAD_GONE)).to_be_visible()
    expect(ben.thread_links).to_have_count(0)
    mine = [row for row in seen(folder) if thread_id in row["path"]]
    assert {row["who"] for row in mine} == {"anna", "ben"}
    started = [row for row in mine if row["path"].endswith("/runs/stream")]
    assert {row["who"] for row in started} == {"anna"}


def test_tokens_are_renewed_while_a_person_chats(
    at_browser: Callable[..., Tab], folder: Path
) -> None:
    tab = at_browser()
    sign_in(tab, "ben")
    tab.awake().ask("2")
    tab.answered()
    before = {row["token"] for row in seen(folder) if row["who"] == "ben"}
    assert before
    for number in ("3", "4"):
        tab.page.wait_for_timeout(2500)  # a time that really passes: the token's
        tab.ask(number)
        tab.answered()
    tokens = {row["token"] for row in seen(folder) if row["who"] == "ben"}
    assert len(tokens - before) >= 2
    assert [row for row in seen(folder) if row["who"] is None] == []


def test_a_person_in_no_group_may_not_come_in_but_can_choose_another_account(
    at_browser: Callable[..., Tab],
) -> None:
    tab = at_browser()
    sign_in(tab, "carl")
    expect(tab.page.get_by_role("alert")).to_have_text(text.OIDC_NOT_ALLOWED)
    tab.page.get_by_role("link", name="Sign in").click()  # the provider still knows carl
    sign_in_at_provider(tab.page, "anna")
    tab.awake()
    expect(tab.page.get_by_test_id("account")).to_contain_text("Anna")


def test_a_member_of_a_group_is_an_admin(at_browser: Callable[..., Tab]) -> None:
    tab = at_browser()
    sign_in(tab, "ben")
    tab.awake()
    tab.page.get_by_test_id("account").get_by_role("button", name="Ben").click()
    expect(tab.page.get_by_text(text.ADMIN)).to_be_visible()


def test_a_person_who_declines_is_told_so(at_browser: Callable[..., Tab]) -> None:
    tab = at_browser()
    tab.page.goto(f"{tab.url}/sign-in")
    tab.page.get_by_role("link", name="Sign in").click()
    tab.page.get_by_role("link", name=re.compile("Cancel")).click()
    expect(tab.page.get_by_role("alert")).to_have_text(text.OIDC_DENIED)


def test_the_address_of_a_sign_in_is_of_no_use_to_another_browser(
    at_browser: Callable[..., Tab], app: RunningApp
) -> None:
    tab = at_browser()
    asked: list[str] = []
    tab.page.on("request", lambda one: asked.append(one.url))
    sign_in(tab, "anna")
    tab.awake()
    [address] = [url for url in asked if "/callback?" in url]
    answer = httpx.get(address, trust_env=False)
    assert answer.status_code == 400
    assert text.OIDC_OLD in answer.text
    tab.page.goto(address)
    expect(tab.page.get_by_role("alert")).to_have_text(text.OIDC_OLD)
    tab.open("/")  # she is still signed in
    assert address.partition("code=")[2][:20] not in app.logged()
