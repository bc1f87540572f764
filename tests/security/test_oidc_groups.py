"""Groups of OpenID Connect: who may come in, and who is an admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text
from tests.helpers import signing_in
from tests.helpers.own_provider import (
    OwnProvider,
    come_back,
    configured,
    refused,
)
from tests.helpers.signing_in import who

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.helpers.signing_in import Browsers

browser = signing_in.browser


@pytest.fixture
def in_groups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OwnProvider]:
    groups = {"CHAT_OIDC_GROUPS": '["staff"]', "CHAT_OIDC_ADMIN_GROUPS": '["owners"]'}
    with configured(
        monkeypatch, tmp_path, CHAT_ADMINS='["root-1", "Ada@Example.com"]', **groups
    ) as provider:
        yield provider


async def test_what_the_token_lacks_is_asked_for_and_has_to_be_of_the_same_person(
    in_groups: OwnProvider, browser: Browsers
) -> None:
    in_groups.claims = {"sub": "anna-1"}
    in_groups.info = {"sub": "anna-1", "name": "Anna", "groups": ["staff"]}
    web = browser()
    await come_back(web, in_groups)
    assert (await who(web)).endswith(" Anna False")
    in_groups.info = {"sub": "ben-1", "name": "Ben", "groups": ["owners"]}
    web = browser()
    await refused(web, await come_back(web, in_groups), as_=text.OIDC_NOT_SIGNED)


@pytest.mark.parametrize(
    ("claims", "comes_in", "is_admin"),
    [
        ({"groups": ["staff"]}, True, False),
        ({"groups": ["staff", "owners"]}, True, True),
        ({"groups": ["owners"]}, True, True),
        ({"groups": "staff"}, True, False),
        ({"groups": ["guests"]}, False, False),
        ({"groups": ["Staff", "staff "]}, False, False),
        ({"groups": []}, False, False),
        ({"groups": {"staff": True}}, False, False),
        ({"groups": [["staff"], 7, None]}, False, False),
        ({}, False, False),
        ({"sub": "root-1"}, True, True),
        ({"sub": "Root-1"}, False, False),
        ({"email": "ada@example.com", "email_verified": True}, True, True),
        ({"email": "ada@example.com"}, False, False),
        ({"email": "ada@example.com", "email_verified": "true"}, False, False),
        ({"name": "root-1", "preferred_username": "root-1"}, False, False),
    ],
    ids=str,
)
async def test_groups_say_who_may_come_in_and_who_is_an_admin(
    in_groups: OwnProvider,
    browser: Browsers,
    claims: dict[str, Any],
    comes_in: bool,
    is_admin: bool,
) -> None:
    in_groups.claims = {"sub": "x-1", "name": "X", **claims}
    in_groups.info = {"sub": in_groups.claims["sub"]}
    web = browser()
    answer = await come_back(web, in_groups)
    if comes_in:
        assert (await who(web)).endswith(str(is_admin))
    else:
        await refused(web, answer, as_=text.OIDC_NOT_ALLOWED)
