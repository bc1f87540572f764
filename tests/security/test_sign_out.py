"""Logins end: signed out, revoked, expired; and what a browser may keep of a person."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from socketio.exceptions import ConnectionRefusedError as RefusedError

from chat_app.auth import identify
from chat_app.auth.anonymous import Anonymous
from chat_app.auth.identify import authenticator
from chat_app.auth.tabs import tabs, token_for
from chat_app.config import settings
from chat_app.event_socket import PersonalNamespace
from tests.helpers import signing_in
from tests.helpers.logins import cookie_of
from tests.helpers.signing_in import PASSWORD, scope_of, sign_in, who

if TYPE_CHECKING:
    from chat_app.auth import password
    from tests.helpers.clock import Clock
    from tests.helpers.signing_in import Browsers

mode, browser = signing_in.mode, signing_in.browser
pytestmark = pytest.mark.usefixtures("mode")


async def test_signing_out_ends_the_login_its_sockets_and_its_cookie(browser: Browsers) -> None:
    web, other = browser(), browser()
    await sign_in(web)
    await sign_in(other)
    kept = web.cookies["chat_login_3000"]
    closed = []
    for name, each in (("web", web), ("other", other)):
        login = await authenticator().login_of(scope_of(each))
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
    tabs().revoke((await authenticator().login_of(scope_of(other))).id)  # type: ignore[union-attr]


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
    login = await mode.login_of(scope_of(web))
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


async def test_a_login_that_ends_while_its_socket_connects_gets_none(
    browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = browser()
    await sign_in(web)
    login = await authenticator().login_of(scope_of(web))
    assert login
    app: Any = None  # which a refused socket does not reach
    namespace, claimed = PersonalNamespace("/_event", app), str(uuid4())
    token = token_for(login, claimed)
    assert token
    await namespace._token_manager.link_token_to_sid(token, "the tab that was duplicated")

    async def meanwhile(*_: object, **__: object) -> None:
        await web.post("/sign-out")

    monkeypatch.setattr(namespace, "emit", meanwhile)
    environ = {"asgi.scope": {"state": {"login": login}}}
    with pytest.raises(RefusedError):
        await namespace.on_connect("sid", environ, {"token": claimed})
    assert login.id not in tabs().logins()
