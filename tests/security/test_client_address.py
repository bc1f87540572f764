"""Which address a request comes from, whatever it says of itself."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.middleware.client_address import client_address, limit_key
from chat_app.trusted_peers import networks

TRUSTED = networks(["10.0.0.0/8", "fd00::1", "127.0.0.1"])


def address(peer: str, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    return client_address({"client": (peer, 1), "headers": headers}, TRUSTED)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.1"], "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.1", ["10.1.1.1, 10.9.9.9"], "10.1.1.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, <script>, 10.9.9.9"], "10.9.9.9"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.1", ["2001:DB8:0::1"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("fd00::1", ["fe80::1%eth0"], "fd00::1"),
        ("fd00::2", ["198.51.100.1"], "fd00::2"),
        ("10.0.0.1", [",".join(["198.51.100.1"] + ["10.0.0.2"] * 5000)], "10.0.0.2"),
    ],
)
def test_the_client_is_the_last_that_no_trusted_proxy_is(
    peer: str, forwarded: list[str], client: str
) -> None:
    assert address(peer, *forwarded) == client


def test_without_trusted_proxies_only_the_connection_counts() -> None:
    scope = {"client": ("127.0.0.1", 1), "headers": [(b"x-forwarded-for", b"1.1.1.1")]}
    assert client_address(scope, ()) == "127.0.0.1"
    assert client_address({"client": None, "headers": []}, TRUSTED) == ""


@given(st.ip_addresses(v=4), st.text(max_size=60))
def test_what_a_client_writes_never_changes_its_address(client: object, written: str) -> None:
    said = written.encode("utf-8", "replace").decode("latin-1")
    scope_client = str(client)
    if any(ip_address(scope_client) in network for network in TRUSTED):
        return
    assert address(scope_client, said) == scope_client
    assert address("10.0.0.1", f"{said}, {scope_client}") == scope_client


def test_limits_count_a_network_of_ipv6_as_one() -> None:
    assert limit_key("2001:db8:1:2:3::4") == limit_key("2001:db8:1:2:ffff::1")
    assert limit_key("2001:db8:1:2::4") != limit_key("2001:db8:1:3::4")
    assert limit_key("192.0.2.1") != limit_key("192.0.2.2")
    assert limit_key("") == ""
