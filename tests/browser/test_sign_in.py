"""Two people at the app in mode ``password``: signing in and out, and what pages do then."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from chat_app.auth.accounts import FILE, Accounts
from tests.helpers.app import RunningApp, running_app
from tests.helpers.browser import Tab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator
    from websockets.sync.client import ClientConnection

PASSWORDS = {"anna": "correct horse battery", "ben": "staple of ben"}
SIGN_IN = re.compile(r"/sign-in\?")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("signing_in")


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[RunningApp]:
    accounts = Accounts(folder / "data" / FILE)
    for name, password in PASSWORDS.items():
        accounts.add(name.capitalize(), password)
    accounts.close()
    with running_app(folder, CHAT_AUTH="password", CHAT_ADMINS='["ben"]') as running:
        yield running


@pytest.fixture
def at_browser(browser: Browser, app: RunningApp) -> Iterator[Callable[..., Tab]]:
    """Opens a tab in a browser of its own, or in that of another tab."""
    tabs: list[Tab] = []

    def open_it(of: Tab | None = None, **options: object) -> Tab:
        context = of.page.context if of else browser.new_context(**options)  # type: ignore[arg-type]
        tabs.append(Tab(context, app.url))
        return tabs[-1]

    yield open_it
    for context in {tab.page.context for tab in tabs}:
        context.close()
    assert not [fault for tab in tabs for fault in tab.faults]


def fill_in(tab: Tab, name: str, password: str = "") -> None:
    tab.page.get_by_label("Name").fill(name)
    tab.page.get_by_label("Password").fill(password or PASSWORDS[name])
    tab.page.get_by_role("button", name="Sign in").click()


def signed_in(tab: Tab, name: str, path: str = "/") -> Tab:
    tab.page.goto(tab.url + path)
    fill_in(tab, name)
    return tab.awake()


def sign_out(tab: Tab) -> None:
    tab.page.get_by_role("button", name="Sign out").click()


def says(tab: Tab, sentence: str) -> Locator:
    expect(tab.page).to_have_url(SIGN_IN)
    expect(tab.page.get_by_text(sentence)).to_be_visible()
    return tab.page.get_by_role("button", name="Sign in")


def end_logins(folder: Path, change: str) -> None:
    """Change the logins as another process does."""
    with closing(sqlite3.connect(folder / "data" / "logins.sqlite")) as file, file:
        file.execute(change)


def test_two_people_have_chats_of_their_own(at_browser: Callable[..., Tab]) -> None:
    anna, ben = signed_in(at_browser(), "anna"), signed_in(at_browser(), "ben")
    expect(anna.page.get_by_test_id("account")).to_contain_text("Anna")
    anna.ask("Hello from Anna")
    anna.answered()
    expect(anna.thread_links).to_have_count(1)
    ben.open()
    expect(ben.page.get_by_text("Your chats appear here.")).to_be_visible()
    again = signed_in(at_browser(), "anna", f"/t/{anna.thread_id()}")
    expect(again.questions).to_have_text("Hello from Anna")


def test_a_wrong_password_is_told_and_the_right_one_works_by_keyboard_alone(
    at_browser: Callable[..., Tab],
) -> None:
    tab = at_browser()
    tab.page.goto(f"{tab.url}/?assistant=agent")
    expect(tab.page.get_by_label("Name")).to_be_focused()
    tab.page.keyboard.type("anna")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.type("wrong")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("alert")).to_contain_text("do not match")
    expect(tab.page.get_by_label("Name")).to_have_value("anna")
    expect(tab.page.get_by_label("Password")).to_be_focused()
    tab.page.keyboard.type(PASSWORDS["anna"])
    tab.page.keyboard.press("Enter")
    tab.awake()
    expect(tab.page).to_have_url(f"{tab.url}/?assistant=agent")
    tab.faults = [fault for fault in tab.faults if "401" not in fault]  # the page that says it


def test_signing_out_ends_all_tabs_of_the_browser_and_no_other(
    at_browser: Callable[..., Tab],
) -> None:
    tab, elsewhere = signed_in(at_browser(), "anna"), signed_in(at_browser(), "anna")
    second = at_browser(of=tab).open()
    second.composer.fill("a secret draft")
    sign_out(tab)
    says(tab, "You are signed out.")
    says(second, "signed out")
    expect(elsewhere.composer).to_be_visible()
    fill_in(tab, "ben")
    tab.awake()
    second.open()
    expect(second.page.get_by_test_id("account")).to_contain_text("Ben")
    expect(second.composer).to_have_value("")
    assert "secret" not in second.page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    tab.page.go_back()
    expect(tab.page.get_by_test_id("account")).to_contain_text("Ben")


def test_drafts_of_chats_are_gone_from_the_browser_when_a_person_signs_out(
    at_browser: Callable[..., Tab],
) -> None:
    tab = signed_in(at_browser(), "anna")
    tab.ask("Hello")
    tab.answered()
    tab.thread_id()
    tab.composer.fill("a secret of this chat")
    tab.page.get_by_test_id("new-chat").click()
    expect(tab.page.get_by_test_id("draft-mark")).to_be_visible()
    tab.composer.fill("a secret of a new chat")
    stored = "Object.entries({...sessionStorage, ...localStorage}).flat().join()"
    assert tab.page.evaluate(stored).count("a secret of") == 2
    sign_out(tab)
    says(tab, "You are signed out.")
    left = tab.page.evaluate(stored)
    assert "secret" not in left
    assert "chat_draft" not in left


def test_signing_out_everywhere_ends_other_browsers_too(at_browser: Callable[..., Tab]) -> None:
    tab, elsewhere = signed_in(at_browser(), "anna"), signed_in(at_browser(), "anna")
    bens = signed_in(at_browser(), "ben")
    tab.page.get_by_title("Account").click()
    tab.page.get_by_role("button", name="Sign out everywhere").click()
    says(tab, "You are signed out.")
    says(elsewhere, "You were signed out.")
    expect(bens.composer).to_be_visible()
    bens.page.get_by_title("Account").click()
    expect(bens.page.get_by_text("You are an admin of this app.")).to_be_visible()


def test_an_expired_sign_in_leads_back_to_the_same_chat_and_draft(
    at_browser: Callable[..., Tab], folder: Path
) -> None:
    tab = signed_in(at_browser(), "anna")
    tab.ask("Hello")
    tab.answered()
    chat = tab.page.url
    tab.composer.fill("not sent yet")
    end_logins(folder, "UPDATE logins SET ends = 1")
    says(tab, "Your sign-in has expired")
    expect(tab.page.get_by_test_id("connection")).to_have_count(0)
    fill_in(tab, "anna")
    tab.awake()
    expect(tab.page).to_have_url(chat)
    expect(tab.composer).to_have_value("not sent yet")


def test_a_browser_that_another_person_signs_in_with_shows_nothing_of_the_first(
    at_browser: Callable[..., Tab], folder: Path
) -> None:
    tab = signed_in(at_browser(), "anna")
    tab.composer.fill("for Anna only")
    end_logins(folder, "UPDATE logins SET used = 1")
    says(tab, "Your sign-in has expired")
    fill_in(tab, "ben")
    tab.awake()
    expect(tab.page.get_by_test_id("account")).to_contain_text("Ben")
    expect(tab.composer).to_have_value("")


def test_a_page_without_a_login_leads_to_the_sign_in_however_it_was_opened(
    at_browser: Callable[..., Tab],
) -> None:
    tab = at_browser()
    tab.page.goto(f"{tab.url}/index.html")  # a file, as the scripts and styles of the page are
    expect(tab.page).to_have_url(re.compile("/sign-in"))
    expect(tab.page.get_by_role("button", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone_in_light_and_dark(
    at_browser: Callable[..., Tab], scheme: str, tmp_path: Path
) -> None:
    tab = at_browser(
        color_scheme=scheme, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    tab.page.goto(f"{tab.url}/sign-in?reason=expired")
    says(tab, "Your sign-in has expired")
    wide = tab.page.locator("html").bounding_box()
    assert wide
    assert wide["width"] == 390
    tab.page.screenshot(path=tmp_path / f"{scheme}.png")
    paper = "rgb(22, 21, 19)" if scheme == "dark" else "rgb(252, 251, 248)"
    expect(tab.page.locator("body")).to_have_css("background-color", paper)


def login_at(app: RunningApp, name: str) -> httpx.Client:
    """A program that has signed in as a browser does."""
    client = httpx.Client(base_url=app.url, trust_env=False)
    page = client.get("/sign-in").text
    token = re.findall(r'name="token" value="([^"]+)"', page)[0]
    data = {"token": token, "username": name, "password": PASSWORDS[name]}
    assert client.post("/sign-in", data=data).status_code == 303
    return client


def socket_of(client: httpx.Client) -> ClientConnection:
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    address = f"ws://{client.base_url.netloc.decode()}/_event/?EIO=4&transport=websocket"
    return connect(address, additional_headers={"Cookie": cookies}, proxy=None, open_timeout=20)


CONNECT = '40/_event,{"token":"7c8e1d9a-52a3-4c0e-9a39-0d4f2b1c6e55"}'


@pytest.mark.parametrize("way", ["sign-out", "another process"])
def test_a_socket_ends_with_its_login(app: RunningApp, folder: Path, way: str) -> None:
    client = login_at(app, "anna")
    presented = dict(client.cookies)
    with socket_of(client) as socket:
        assert str(socket.recv(10)).startswith("0{")
        socket.send(CONNECT)
        assert str(socket.recv(10)).startswith("40/_event")
        if way == "sign-out":
            client.post("/sign-out")
        else:
            end_logins(folder, "DELETE FROM logins")
        with suppress(ConnectionClosed):
            while socket.recv(10) != "1":  # Engine.IO's packet that ends the connection
                pass
    client.cookies = presented
    with pytest.raises(InvalidStatus, match="401"):
        socket_of(client).close()
    assert client.get("/").headers["location"] == "/sign-in?reason=ended"
    client.close()


def test_a_connection_that_is_older_than_the_end_of_its_login_is_no_way_in(app: RunningApp) -> None:
    client = login_at(app, "anna")
    with socket_of(client) as socket:
        assert str(socket.recv(10)).startswith("0{")
        client.post("/sign-out")
        socket.send(CONNECT)
        assert str(socket.recv(10)).startswith("44/_event")
    client.close()
