"""Logins that the provider ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.auth.tabs import tabs
from tests.helpers import own_provider, signing_in
from tests.helpers.own_provider import (
    CLIENT,
    OwnProvider,
    come_back,
    mode,
    signed,
)
from tests.helpers.signing_in import scope_of, who

if TYPE_CHECKING:
    from tests.helpers.signing_in import Browsers

browser, provider = signing_in.browser, own_provider.provider


NOW = int(time.time())


def logout(provider: OwnProvider, **changed: Any) -> str:
    event = "http://schemas.openid.net/event/backchannel-logout"
    claims = {
        "iss": provider.issuer,
        "aud": CLIENT,
        "iat": int(time.time()),
        "exp": int(time.time()) + 60,
        "jti": f"{time.monotonic_ns()}",
        "sub": "anna-1",
        "sid": "s1",
        "events": {event: {}},
        **changed,
    }
    return signed({k: v for k, v in claims.items() if v is not None}, provider.key)


async def test_the_provider_ends_a_login_and_its_sockets(
    provider: OwnProvider, browser: Browsers
) -> None:
    provider.claims = {"sub": "anna-1", "name": "Anna", "sid": "s1"}
    web, other = browser(), browser()
    await come_back(web, provider)
    provider.claims["sid"] = "s2"
    await come_back(other, provider)
    login = await mode().login_of(scope_of(web))
    assert login
    closed: list[str] = []
    tabs().bind("tab", login, "socket", lambda: closed.append("socket"))
    token = logout(provider)
    answer = await browser().post("/sign-in/back-channel-logout", data={"logout_token": token})
    assert answer.status_code == 200
    assert closed == ["socket"]
    assert await who(web) == "/sign-in?reason=ended"
    assert (await who(other)).startswith("oidc:")
    replayed = await browser().post("/sign-in/back-channel-logout", data={"logout_token": token})
    assert replayed.status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.test"},
        {"aud": "other"},
        {"events": None},
        {"events": {"other": {}}},
        {"events": "x"},
        {"nonce": "x"},
        {"sub": None},
        {"jti": None},
        {"iat": NOW - 3600},
        {"exp": NOW - 3600},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_a_logout_that_is_not_the_providers_ends_nothing(
    provider: OwnProvider, browser: Browsers, changed: dict[str, Any]
) -> None:
    web = browser()
    await come_back(web, provider)
    for token in (logout(provider, **changed), "x", ""):
        data = {"logout_token": token}
        answer = await browser().post("/sign-in/back-channel-logout", data=data)
        assert answer.status_code == 400
    assert (await who(web)).startswith("oidc:")


async def test_an_id_token_ends_no_login(provider: OwnProvider, browser: Browsers) -> None:
    web = browser()
    await come_back(web, provider)
    token = signed(provider.defaults("n", "a"), provider.key)
    answer = await browser().post("/sign-in/back-channel-logout", data={"logout_token": token})
    assert answer.status_code == 400
    assert (await who(web)).startswith("oidc:")
