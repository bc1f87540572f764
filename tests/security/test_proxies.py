"""What a proxy says about a request counts where the proxy is named in the settings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.security.asking import Headers, ask, from_page

BEHIND: dict[str, Any] = {
    "origins": ["https://chat.example.com"],
    "trusted_proxies": ["10.0.0.0/8", "::1"],
}
FORWARDED = [
    ("Host", "app:3000"),
    ("X-Forwarded-Host", "chat.example.com"),
    ("X-Forwarded-Proto", "https"),
]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("peer", "headers", "is_inside"),
    [
        ("10.0.0.7", FORWARDED, True),
        ("::1", FORWARDED, True),
        ("::ffff:10.0.0.7", FORWARDED, True),
        ("10.0.0.7", [*FORWARDED, ("Origin", "https://chat.example.com")], True),
        ("10.0.0.7", [*FORWARDED, ("Origin", "http://chat.example.com")], False),
        ("10.0.0.7", [*FORWARDED, ("Origin", "http://app:3000")], False),
        ("10.0.0.7", [*FORWARDED, ("X-Forwarded-Host", "evil.example")], False),
        ("10.0.0.7", [*FORWARDED, ("X-Forwarded-Proto", "gopher")], False),
        ("127.0.0.1", FORWARDED, False),
        ("192.0.2.1", FORWARDED, False),
        ("192.0.2.1", [("Host", "evil.example"), *FORWARDED[1:]], False),
        ("10.0.0.7", [("Host", "localhost"), ("X-Forwarded-Host", "evil.example")], False),
    ],
)
async def test_a_proxy_is_believed_where_it_is_named(
    kind: str, peer: str, headers: Headers, is_inside: bool
) -> None:
    assert (await ask(headers, kind=kind, peer=peer, **BEHIND)).is_inside == is_inside


async def test_a_forwarded_host_of_a_client_makes_no_origin_allowed() -> None:
    headers = [*from_page("http://evil.example"), ("X-Forwarded-Host", "evil.example")]
    assert not (await ask(headers)).is_inside
    assert not (await ask(headers, trusted_proxies=["127.0.0.1"])).is_inside


async def test_a_proxy_that_ends_tls_and_keeps_the_host_needs_no_trust() -> None:
    page = from_page("https://chat.example.com", "chat.example.com")
    assert (await ask(page, kind="websocket", origins=BEHIND["origins"])).is_inside
