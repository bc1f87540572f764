"""Access tokens that are renewed, for a LangGraph server that wants them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chat_app.auth.oidc.claims import person_id
from chat_app.client import PersonRefusedError
from chat_app.config import settings
from tests.helpers import signing_in
from tests.helpers.own_provider import (
    OwnProvider,
    come_back,
    configured,
    mode,
)
from tests.helpers.signing_in import AT, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.signing_in import Browsers

browser = signing_in.browser


@pytest.fixture
def forwarding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OwnProvider]:
    with configured(
        monkeypatch,
        tmp_path,
        CHAT_FORWARD_IDENTITY="token",
        CHAT_OIDC_SCOPES='["offline_access"]',
        LANGGRAPH_API_URL="http://127.0.0.1:9",
    ) as provider:
        yield provider


async def test_consent_is_asked_for_without_which_no_token_can_be_renewed(
    forwarding: OwnProvider, browser: Browsers
) -> None:
    del forwarding
    begun = await browser().get("/sign-in/start")
    assert "prompt=consent" in begun.headers["location"]


def _files_with(token: str) -> list[Path]:
    files = [path for path in Path(settings().data_dir).rglob("*") if path.is_file()]
    assert files
    return [path for path in files if token.encode() in path.read_bytes()]


async def test_a_token_is_renewed_once_for_many_requests(
    forwarding: OwnProvider, browser: Browsers
) -> None:
    forwarding.lasts = 20  # it is renewed 30 s before its end
    web = browser()
    await come_back(web, forwarding)
    person = person_id(forwarding.issuer, "anna-1")
    forwarding.lasts = 3600
    tokens = await asyncio.gather(*(mode().tokens.access_token(person, "") for _ in range(30)))
    [token] = set(tokens)
    assert token in forwarding.access
    grants = [form["grant_type"] for path, form in forwarding.asked if path == "/token"]
    assert grants == ["authorization_code", "refresh_token"]
    assert not _files_with(token)


async def test_a_token_that_the_server_refused_is_renewed_and_a_good_one_is_not(
    forwarding: OwnProvider, browser: Browsers
) -> None:
    await come_back(browser(), forwarding)
    person = person_id(forwarding.issuer, "anna-1")
    first = await mode().tokens.access_token(person, "")
    assert await mode().tokens.access_token(person, "") == first
    renewed = await asyncio.gather(*(mode().tokens.access_token(person, first) for _ in range(9)))
    [second] = set(renewed)
    assert second != first
    assert len([path for path, _ in forwarding.asked if path == "/token"]) == 2


async def test_the_end_of_the_refresh_token_is_the_end_of_the_login(
    forwarding: OwnProvider, browser: Browsers
) -> None:
    forwarding.lasts = 20
    web = browser()
    await come_back(web, forwarding)
    person = person_id(forwarding.issuer, "anna-1")
    forwarding.refresh.clear()
    with pytest.raises(PersonRefusedError):
        await mode().tokens.access_token(person, "")
    assert await who(web) == "/sign-in?reason=ended"


async def test_no_person_gets_the_token_of_another_one(
    forwarding: OwnProvider, browser: Browsers
) -> None:
    await come_back(browser(), forwarding)
    forwarding.claims = {"sub": "ben-1", "name": "Ben"}
    await come_back(browser(), forwarding)
    people = [person_id(forwarding.issuer, name) for name in ("anna-1", "ben-1")]
    first, second = [await mode().tokens.access_token(person, "") for person in people]
    assert first != second
    with pytest.raises(PersonRefusedError):
        await mode().tokens.access_token(person_id(forwarding.issuer, "carl-1"), "")


async def test_a_sign_out_takes_the_token_along(forwarding: OwnProvider, browser: Browsers) -> None:
    web = browser()
    await come_back(web, forwarding)
    person = person_id(forwarding.issuer, "anna-1")
    await mode().tokens.access_token(person, "")
    await web.post("/sign-out", headers={"origin": AT})
    with pytest.raises(PersonRefusedError):
        await mode().tokens.access_token(person, "")
