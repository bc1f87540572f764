"""Mode ``proxy``: the person is who a trusted proxy says, and no other client can say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app import text
from chat_app.auth import identify
from chat_app.auth.identify import authenticator
from chat_app.auth.tabs import tabs, token_for
from chat_app.config import settings
from tests.helpers import signing_in
from tests.helpers.signing_in import AT, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from chat_app.auth.person import Login
    from tests.helpers.signing_in import Browsers

browser = signing_in.browser
PROXY = "10.1.2.3"


@pytest.fixture(autouse=True)
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name, value in {
        "CHAT_AUTH": "proxy",
        "CHAT_DATA_DIR": str(tmp_path),
        "CHAT_TRUSTED_PROXIES": '["10.1.2.0/24"]',
        "CHAT_PROXY_HEADER": "X-Remote-User",
        "CHAT_PROXY_NAME_HEADER": "X-Remote-Name",
        "CHAT_PROXY_GROUPS_HEADER": "X-Remote-Groups",
        "CHAT_PROXY_ADMIN_GROUPS": '["owners"]',
        "CHAT_PROXY_SIGN_OUT_URL": "/oauth2/sign_out?rd=%2F",
        "CHAT_ADMINS": '["root"]',
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    identify.authenticator.cache_clear()
    yield
    settings.cache_clear()
    identify.authenticator.cache_clear()


async def asked(browser: Browsers, *headers: tuple[str, str], peer: str = PROXY) -> httpx.Response:
    return await browser(client=peer).get(
        "/", headers=[(n.encode(), v.encode()) for n, v in headers]
    )


async def test_a_person_is_whom_the_proxy_names(browser: Browsers) -> None:
    named = await asked(browser, ("X-Remote-User", "anna@example.com"), ("X-Remote-Name", "Anna Ö"))
    assert (named.status_code, named.text) == (200, "proxy:anna@example.com Anna Ö False")
    assert (await asked(browser, ("x-remote-user", "anna"))).text == "proxy:anna anna False"


@pytest.mark.parametrize(
    ("header", "is_admin"),
    [
        ({"X-Remote-Groups": "staff, owners"}, True),
        ({"X-Remote-Groups": "owners"}, True),
        ({"X-Remote-Groups": "Owners,owner s"}, False),
        ({"X-Remote-Group": "owners"}, False),
        ({}, False),
    ],
)
async def test_a_group_makes_an_admin(
    browser: Browsers, header: dict[str, str], is_admin: bool
) -> None:
    answer = await asked(browser, ("X-Remote-User", "anna"), *header.items())
    assert answer.text == f"proxy:anna anna {is_admin}"
    assert (await asked(browser, ("X-Remote-User", "root"))).text.endswith("True")


async def test_two_headers_of_groups_are_none(browser: Browsers) -> None:
    twice = [("X-Remote-Groups", "owners"), ("X-Remote-Groups", "owners")]
    assert (await asked(browser, ("X-Remote-User", "anna"), *twice)).text.endswith("False")


ODD = {
    "nothing": [],
    "empty": [("X-Remote-User", "")],
    "space": [("X-Remote-User", "  ")],
    "twice": [("X-Remote-User", "anna"), ("X-Remote-User", "anna")],
    "twice in another case": [("X-Remote-User", "anna"), ("x-remote-user", "root")],
    "two in one": [("X-Remote-User", "anna, root")],
    "a control character": [("X-Remote-User", "anna\x7f")],
    "a tab inside": [("X-Remote-User", "an\tna")],
    "very long": [("X-Remote-User", "a" * 201)],
    "markup": [("X-Remote-User", "<b>anna</b>")],
    "no UTF-8": [("X-Remote-User", "\xff")],
    "an invisible letter": [("X-Remote-User", "anna\u200b")],
    "with underscores": [("X_Remote_User", "anna")],
    "the usual name of the header": [("X-Forwarded-User", "anna")],
}


@pytest.mark.parametrize("headers", ODD.values(), ids=ODD)
async def test_a_header_names_no_person_that_is(
    browser: Browsers, headers: list[tuple[str, str]]
) -> None:
    encoding = "latin-1" if headers and "\xff" in headers[0][1] else "utf-8"
    raw = [(name.encode(), value.encode(encoding)) for name, value in headers]
    answer = await browser(client=PROXY).get("/", headers=raw)
    assert (answer.status_code, answer.text) == (401, text.PROXY_REFUSED)


@pytest.mark.parametrize("peer", ["10.1.3.3", "127.0.0.1", "::1", "2001:db8::1"])
async def test_what_does_not_come_from_the_proxy_is_refused(browser: Browsers, peer: str) -> None:
    claims = [("X-Remote-User", "root"), ("X-Forwarded-For", PROXY), ("X-Real-IP", PROXY)]
    answer = await asked(browser, *claims, ("Forwarded", f"for={PROXY}"), peer=peer)
    assert (answer.status_code, answer.text) == (401, text.PROXY_REFUSED)
    for method, path in [("POST", "/_attachments"), ("GET", "/_media/x"), ("GET", "/_event")]:
        answer = await browser(client=peer).request(method, path, headers=dict(claims))
        assert answer.status_code in {401, 403, 404}
        assert "root" not in answer.text


async def test_the_proxy_may_speak_ipv4_over_ipv6(browser: Browsers) -> None:
    answer = await asked(browser, ("X-Remote-User", "anna"), peer=f"::ffff:{PROXY}")
    assert answer.status_code == 200


async def test_a_cookie_alone_names_no_person(browser: Browsers) -> None:
    web = browser(client=PROXY)
    await web.get("/", headers={"X-Remote-User": "anna"})
    assert web.cookies
    assert (await web.get("/")).status_code == 401


async def login(web: httpx.AsyncClient, name: str) -> Login:
    scope = {**scope_of(web), "client": (PROXY, 1)}
    scope["headers"] = [*scope["headers"], (b"x-remote-user", name.encode())]
    found = await authenticator().login_of(scope)
    assert found
    return found


async def test_another_person_at_the_browser_closes_the_sockets_of_the_last(
    browser: Browsers,
) -> None:
    web, other = browser(client=PROXY), browser(client=PROXY)
    for each in (web, other):
        await each.get("/", headers={"X-Remote-User": "anna"})
    closed: list[str] = []
    for each, name in ((web, "web"), (other, "other")):
        before = await login(each, "anna")
        tabs().bind(name, before, name, lambda name=name: closed.append(name))
    await web.get("/", headers={"X-Remote-User": "anna"})
    assert closed == []
    answer = await web.get("/", headers={"X-Remote-User": "ben"})
    assert answer.text.startswith("proxy:ben")
    assert closed == ["web"]
    tabs().revoke((await login(other, "anna")).id)


async def test_a_tab_of_one_person_is_another_tab_for_the_next(browser: Browsers) -> None:
    web = browser(client=PROXY)
    claimed = "0b5c6b1e-4b7e-4f5c-9a52-7d0e0a4a3c11"
    first, second = await login(web, "anna"), await login(web, "ben")
    assert token_for(first, claimed) != token_for(second, claimed)


async def test_signing_out_leads_to_the_proxy(browser: Browsers) -> None:
    web = browser(client=PROXY)
    await web.get("/", headers={"X-Remote-User": "anna"})
    closed: list[str] = []
    tabs().bind("tab", await login(web, "anna"), "tab", lambda: closed.append("tab"))
    answer = await web.post("/sign-out", headers={"X-Remote-User": "anna", "origin": AT})
    assert answer.status_code == 200
    assert 'content="0;url=/oauth2/sign_out?rd=%2F"' in answer.text
    assert closed == ["tab"]
    style = await web.get("/sign-in/style.css")
    assert style.status_code == 200


async def test_without_an_address_there_is_nothing_to_sign_out_with(
    browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_PROXY_SIGN_OUT_URL", "")
    settings.cache_clear()
    identify.authenticator.cache_clear()
    assert not authenticator().can_sign_out
    assert (await asked(browser, ("X-Remote-User", "anna"))).status_code == 200
