"""Signing in by name and password, as a browser asks: a cookie jar, forms, redirects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.helpers import signing_in
from tests.helpers.signing_in import AT, PASSWORD, sign_in, who

if TYPE_CHECKING:
    from chat_app.auth import password
    from tests.helpers.clock import Clock
    from tests.helpers.signing_in import Browsers

mode, browser = signing_in.mode, signing_in.browser
pytestmark = pytest.mark.usefixtures("mode")


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
        ("GET", "/_event"),
        ("POST", "/"),
        ("GET", "/sign-in-elsewhere"),
    ]:
        answer = await web.request(method, path)
        assert answer.status_code in {401, 303, 404}, path
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


async def test_one_address_cannot_try_a_password_on_all_accounts(browser: Browsers) -> None:
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


async def test_a_form_without_this_browsers_token_does_not_sign_in(browser: Browsers) -> None:
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


@pytest.mark.parametrize("change", ["lock", "change_password", "remove"])
@pytest.mark.parametrize("moment", ["verify", "note_sign_in"])
async def test_what_the_operator_does_while_a_person_signs_in_ends_that_login_too(
    mode: password.Password,
    browser: Browsers,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    moment: str,
) -> None:
    web, whole = browser(), getattr(mode.accounts, moment)

    def meanwhile(*given: object) -> object:
        found = whole(*given)
        also = ["another long password"] if change == "change_password" else []
        getattr(mode.accounts, change)("anna", *also)
        mode.store.revoke_all("password:anna")
        return found

    monkeypatch.setattr(mode.accounts, moment, meanwhile)
    answer = await sign_in(web)
    assert answer.status_code in {401, 403}
    assert not mode.store.of_person("password:anna")
    assert await who(web) == "/sign-in"
