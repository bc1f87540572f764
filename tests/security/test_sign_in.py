"""Signing in and out by name and password, as a browser asks: a cookie jar, forms, redirects."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from chat_app.auth import identify, password
from chat_app.auth.accounts import Accounts
from chat_app.auth.anonymous import Anonymous
from chat_app.auth.identify import authenticator
from chat_app.auth.logins import Logins
from chat_app.auth.secret import signing_secret
from chat_app.auth.tabs import tabs
from chat_app.auth.throttle import Throttle
from chat_app.config import settings
from chat_app.middleware import protected
from chat_app.middleware.authentication import login_of
from chat_app.routes.router import with_routes
from tests.helpers.logins import cookie_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    Browsers = Callable[..., httpx.AsyncClient]

PASSWORD = "correct horse battery"
AT = "http://localhost:3000"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def mode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: Clock
) -> Iterator[password.Password]:
    """Mode ``password``, with the accounts of Anna and Ben."""
    monkeypatch.setenv("CHAT_AUTH", "password")
    monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHAT_ADMINS", '["Ben"]')
    monkeypatch.setenv("CHAT_ORIGINS", '["https://chat.example.com"]')
    monkeypatch.setenv("CHAT_TITLE", "Tea & <b>biscuits</b>")
    settings.cache_clear()
    store = Logins(
        tmp_path / "logins.sqlite",
        secret=signing_secret(),
        lasts=12 * 3600,
        idle=2 * 3600,
        now=clock,
    )
    accounts = Accounts(tmp_path / "accounts.sqlite", QUICK)
    throttle = Throttle(tmp_path / "accounts.sqlite", clock)
    accounts.add("Anna", PASSWORD)
    accounts.add("Ben", f"{PASSWORD} of ben")
    made = password.Password(store, accounts, throttle)
    identify.authenticator.cache_clear()
    monkeypatch.setattr(password, "Password", lambda: made)
    assert authenticator() is made
    monkeypatch.setattr(password, "Password", type(made))
    yield made
    settings.cache_clear()
    identify.authenticator.cache_clear()


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    """The app behind: says who it is for."""
    login = login_of(scope)
    said = f"{login.person.id} {login.person.name} {login.person.is_admin}" if login else "nobody"
    headers = [(b"content-type", b"text/html"), (b"cache-control", b"public, max-age=60")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said.encode()})


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Callable[..., httpx.AsyncClient]]:
    """Makes browsers, each with cookies of its own."""
    clients = []

    def open_one(at: str = AT, client: str = "192.0.2.1") -> httpx.AsyncClient:
        app = protected(with_routes(_page), settings())
        transport = httpx.ASGITransport(app, client=(client, 50_000))
        clients.append(httpx.AsyncClient(transport=transport, base_url=at))
        return clients[-1]

    yield open_one
    for each in clients:
        await each.aclose()


async def sign_in(
    web: httpx.AsyncClient, name: str = "anna", secret: str = PASSWORD, next: str = "/"
) -> httpx.Response:
    shown = await web.get("/sign-in", params={"next": next})
    fields = dict(re.findall(r'name="(token|next)" value="([^"]*)"', unescape(shown.text)))
    return await web.post("/sign-in", data={**fields, "username": name, "password": secret})


async def who(web: httpx.AsyncClient) -> str:
    answer = await web.get("/")
    return answer.text if answer.status_code == 200 else answer.headers["location"]


async def test_without_a_login_a_page_leads_to_the_sign_in_and_nothing_else_answers(
    browser: Browsers,
) -> None:
    web = browser()
    opened = await web.get("/t/0b5c?assistant=x")
    assert opened.status_code == 303
    assert opened.headers["location"] == "/sign-in?next=%2Ft%2F0b5c%3Fassistant%3Dx"
    assert (await web.get("/")).headers["location"] == "/sign-in"
    for method, path in [
        ("POST", "/_attachments"),
        ("GET", "/_media/x"),
        ("GET", "/_event/"),
        ("POST", "/"),
        ("GET", "/sign-in-elsewhere"),
    ]:
        answer = await web.request(method, path)
        assert answer.status_code in {401, 303}, path
        assert "nobody" not in answer.text
    asked = await web.get("/_login")
    assert (asked.status_code, asked.json()) == (200, {"sign_in": "/sign-in"})


async def test_the_page_has_fields_that_a_password_manager_knows_and_nothing_inline(
    browser: Browsers,
) -> None:
    shown = await browser().get("/sign-in")
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    for needed in (
        'autocomplete="username"',
        'autocomplete="current-password"',
        'type="password"',
        ">Sign in</button>",
        "Tea &amp; &lt;b&gt;biscuits&lt;/b&gt;",
    ):
        assert needed in shown.text
    assert not re.search(r"<script|<style|style=|\son\w+=|javascript:", shown.text)
    style = await browser().get(re.search(r'href="([^"]+css)"', shown.text)[1])  # type: ignore[index]
    assert style.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in style.text
    assert style.text.count("--paper: #161513") == 2  # by the app's switch, and by preference


async def test_the_right_password_signs_in_with_a_new_cookie_each_time(browser: Browsers) -> None:
    web = browser()
    answer = await sign_in(web, "ANNA", next="/t/0b5c")
    assert (answer.status_code, answer.headers["location"]) == (303, "/t/0b5c")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if "chat_login" in one)
    assert cookie.startswith("chat_login_3000=login.")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert await who(web) == "password:anna Anna False"
    first = web.cookies["chat_login_3000"]
    again = await web.get("/sign-in", params={"next": "/t/0b5c"})
    assert (again.status_code, again.headers["location"]) == (303, "/t/0b5c")
    web.cookies.delete("chat_login_3000")
    await sign_in(web)
    assert web.cookies["chat_login_3000"] != first


async def test_a_login_that_a_browser_had_before_ends_with_the_next(
    browser: Browsers, mode: password.Password
) -> None:
    web, thief = browser(), browser()
    token = dict(re.findall(r'name="(token)" value="([^"]*)"', (await web.get("/sign-in")).text))
    await sign_in(web)
    thief.cookies.set("chat_login_3000", web.cookies["chat_login_3000"])
    assert await who(thief) == "password:anna Anna False"
    data = {**token, "username": "ben", "password": f"{PASSWORD} of ben"}
    assert (await web.post("/sign-in", data=data)).status_code == 303
    assert await who(web) == "password:ben Ben True"
    assert await who(thief) == "/sign-in?reason=ended"
    assert mode.store.of_person("password:anna") == []


async def test_a_cookie_set_before_the_sign_in_is_never_a_login(browser: Browsers) -> None:
    web = browser()
    web.cookies.set("chat_login_3000", "login.chosen-by-an-attacker")
    answer = await sign_in(web)
    assert answer.status_code == 303
    assert "chosen" not in str(answer.headers)


async def test_under_https_the_cookies_are_secure_and_bound_to_the_host(browser: Browsers) -> None:
    for at in ("https://chat.example.com", "http://chat.example.com"):  # a proxy that ends TLS
        web = browser(at)
        shown = await web.get("/sign-in")
        assert shown.headers["set-cookie"].startswith("__Host-chat_form=")
        assert "Secure" in shown.headers["set-cookie"]


async def test_a_wrong_password_and_an_unknown_name_read_the_same(browser: Browsers) -> None:
    wrong = await sign_in(browser(), "anna", "not the password")
    unknown = await sign_in(browser(), "nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert "do not match" in wrong.text
    assert 'value="anna"' in wrong.text
    assert "not the password" not in wrong.text

    def without_fields(page: str) -> str:
        return re.sub(r'value="[^"]*"', "", page)

    assert without_fields(wrong.text) == without_fields(unknown.text)


async def test_too_many_tries_have_to_wait_and_the_page_says_how_long(
    browser: Browsers, clock: Clock
) -> None:
    for number in range(5):
        assert (
            await sign_in(browser(client=f"192.0.2.{number}"), secret="wrong")
        ).status_code == 401
    refused = await sign_in(browser(client="192.0.2.99"))
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    assert "Too many tries. Try again in 5 seconds." in refused.text
    clock.now += 5
    assert (await sign_in(browser())).status_code == 303


async def test_a_browser_that_signed_in_before_is_not_kept_out_by_who_guesses(
    browser: Browsers,
) -> None:
    known, other = browser(), browser(client="198.51.100.7")
    await sign_in(known)
    await known.post("/sign-out")
    for _ in range(9):
        await sign_in(other, secret="wrong")
    assert (await sign_in(other)).status_code == 429
    assert (await sign_in(browser())).status_code == 429
    assert (await sign_in(known)).status_code == 303
    # It is known for that account alone, and may not guess for ever either.
    assert (await sign_in(other, "ben", "wrong")).status_code in {401, 429}
    await known.post("/sign-out")
    tries = [(await sign_in(known, secret="wrong")).status_code for _ in range(6)]
    assert tries == [401] * 5 + [429]


async def test_one_address_cannot_try_a_password_on_everybody(browser: Browsers) -> None:
    web = browser()
    tries = [(await sign_in(web, f"person{n}", "wrong")).status_code for n in range(22)]
    assert tries == [401] * 20 + [429] * 2
    assert (await sign_in(browser(client="192.0.2.2"))).status_code == 303


async def test_a_locked_account_says_so_to_who_has_its_password_only(
    browser: Browsers, mode: password.Password
) -> None:
    mode.accounts.lock("anna")
    wrong = await sign_in(browser(), secret="wrong")
    right = await sign_in(browser())
    assert "locked" not in wrong.text
    assert (right.status_code, "locked" in right.text) == (403, True)
    assert "chat_login" not in str(right.headers)


async def test_a_form_without_this_browsers_token_signs_nobody_in(browser: Browsers) -> None:
    mallory, web = browser(), browser()
    page = (await mallory.get("/sign-in")).text
    foreign = re.search(r'name="token" value="([^"]*)"', page)[1]  # type: ignore[index]
    await web.get("/sign-in")
    for token in (foreign, "", "x", "ä", "a.b.c", "x" * 5000):
        data = {"token": token, "username": "anna", "password": PASSWORD}
        answer = await web.post("/sign-in", data=data)
        assert answer.status_code == 400
        assert "chat_login" not in str(answer.headers)
    assert (await sign_in(web)).status_code == 303


async def test_a_page_elsewhere_can_neither_sign_in_nor_out(browser: Browsers) -> None:
    web = browser()
    await sign_in(web)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": AT, "Sec-Fetch-Site": "cross-site"},
    ):
        assert (await web.post("/sign-out", headers=headers)).status_code == 403
        assert (await web.post("/sign-in", headers=headers)).status_code == 403
    assert (await web.get("/sign-out")).status_code in {404, 405}
    assert await who(web) == "password:anna Anna False"


async def test_what_is_no_form_is_refused_without_harm(browser: Browsers) -> None:
    web = browser()
    for body in (b"", b"\xff\xfe%zz&&==;", b"username=" + b"a" * 19_000, b"&" * 40, b'{"a": 1}'):
        assert (await web.post("/sign-in", content=body)).status_code == 400, body[:10]
    assert (await web.post("/sign-in", content=b"a" * 30_000)).status_code == 413
    for name, secret in (("a" * 5000, PASSWORD), ("anna", "a" * 5000), ("\0", "x"), ("anna", "")):
        assert (await sign_in(web, name, secret)).status_code == 401


async def test_signing_out_ends_the_login_its_sockets_and_its_cookie(browser: Browsers) -> None:
    web, other = browser(), browser()
    await sign_in(web)
    await sign_in(other)
    kept = web.cookies["chat_login_3000"]
    closed = []
    for name, each in (("web", web), ("other", other)):
        login = await authenticator().login_of(_scope(each))
        assert login
        tabs().bind(f"token of {name}", login, name, lambda name=name: closed.append(name))
    out = await web.post("/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in?reason=signed-out")
    assert closed == ["web"]
    assert "chat_login_3000" not in web.cookies
    assert "You are signed out." in (await web.get(out.headers["location"])).text
    web.cookies.set("chat_login_3000", kept)
    assert await who(web) == "/sign-in?reason=ended"
    assert await who(other) == "password:anna Anna False"
    assert (await web.post("/sign-out")).status_code == 303  # again
    tabs().revoke((await authenticator().login_of(_scope(other))).id)  # type: ignore[union-attr]


async def test_signing_out_everywhere_ends_all_logins_of_the_person(browser: Browsers) -> None:
    here, there, bens = browser(), browser(), browser()
    await sign_in(here)
    await sign_in(there)
    await sign_in(bens, "ben", f"{PASSWORD} of ben")
    await here.post("/sign-out", data={"everywhere": "1"})
    assert await who(here) == "/sign-in"
    assert await who(there) == "/sign-in?reason=ended"
    assert await who(bens) == "password:ben Ben True"


async def test_a_login_expires_and_the_page_says_so(browser: Browsers, clock: Clock) -> None:
    web = browser()
    await sign_in(web)
    clock.now += 2 * 3600
    assert await who(web) == "/sign-in?reason=expired"
    asked = (await web.get("/_login")).json()
    assert asked == {"sign_in": "/sign-in?reason=expired"}
    assert "Your sign-in has expired" in (await web.get(asked["sign_in"])).text
    assert (await sign_in(web)).status_code == 303


async def test_what_the_page_does_by_itself_is_no_activity_and_what_a_person_does_is(
    browser: Browsers, clock: Clock, mode: password.Password
) -> None:
    web = browser()
    await sign_in(web)
    login = await mode.login_of(_scope(web))
    assert login

    async def ask(method: str, path: str) -> bool:
        clock.now += 1200
        await web.request(method, path)
        await _tasks_are_over()
        return mode.store.is_noted(login.id)

    assert not await ask("GET", "/_login")
    assert await ask("POST", "/_login")
    assert not await ask("GET", "/_login.js")
    assert await ask("GET", "/")
    assert not await ask("GET", "/_media/x")


async def _tasks_are_over() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*(task for task in others if "note the use" in task.get_name()))


async def test_pages_are_not_kept_by_the_browser_and_know_people_by_a_key_only(
    browser: Browsers,
) -> None:
    web, again, bens = browser(), browser(), browser()
    for each in (web, again):
        await sign_in(each)
    await sign_in(bens, "ben", f"{PASSWORD} of ben")
    for path in ("/", "/_login", "/_login.js"):
        assert (await web.get(path)).headers["cache-control"] == "no-store"
    keys = [(await each.get("/_login")).json()["person"] for each in (web, again, bens)]
    assert keys[0] == keys[1] != keys[2]
    assert "anna" not in keys[0]
    script = await web.get("/_login.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert keys[0] in script.text


async def test_an_anonymous_cookie_is_no_login_where_people_sign_in(
    browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, _, value = cookie_of(Anonymous().made(), "localhost:3000").partition("=")
    web = browser()
    web.cookies.set(name, value)
    assert await who(web) == "/sign-in"
    web = browser()
    await sign_in(web)
    monkeypatch.setenv("CHAT_AUTH", "none")
    settings.cache_clear()
    identify.authenticator.cache_clear()
    said = await who(web)
    assert "password" not in said
    assert (await web.post("/sign-out")).status_code != 303


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/t/0b5c?assistant=My%20agent&x=1", "/t/0b5c?assistant=My%20agent&x=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/t/x\r\nSet-Cookie: a=b", "/"),
    ],
)
async def test_the_way_back_is_a_page_of_the_app(
    browser: Browsers, wanted: str, place: str
) -> None:
    web = browser()
    assert (await sign_in(web, next=wanted)).headers["location"] == place
    assert (await web.get("/sign-in", params={"next": wanted})).headers["location"] == place


def _scope(web: httpx.AsyncClient) -> Scope:
    cookies = "; ".join(f"{name}={value}" for name, value in web.cookies.items())
    headers = [(b"host", b"localhost:3000"), (b"cookie", cookies.encode())]
    return {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": headers}
