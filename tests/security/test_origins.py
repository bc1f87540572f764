"""Which requests and handshakes the app answers, by Host, Origin and Sec-Fetch-Site."""

from __future__ import annotations

import pytest

from chat_app import text
from tests.security.asking import Headers, ask, from_page

OWN = "http://localhost:3000"


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "host",
    [
        "localhost:3000",
        "localhost",
        "LocalHost:3000",
        "127.0.0.1:3000",
        "127.0.0.1:1",
        "[::1]:3000",
        "[0:0:0:0:0:0:0:1]:3000",
        "chat.localhost:3000",
    ],
)
async def test_names_of_this_machine_are_served_on_any_port(kind: str, host: str) -> None:
    assert (await ask([("Host", host)], kind=kind)).is_inside


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:3000",
        "localhost.evil.example",
        "evillocalhost",
        "localhost.",
        "127.0.0.1.",
        "127.0.0.1.evil.example",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.0.0.2",
        "0.0.0.0:3000",
        "[::]:3000",
        "[::ffff:127.0.0.1]:3000",
        "[::1%eth0]:3000",
        "192.168.1.5:3000",
        "user@localhost:3000",
        "localhost@evil.example",
        "localhost:3000@evil.example",
        "localhost:3000/evil.example",
        "localhost:0",
        "localhost:65536",
        "localhost:",
        "localhost:3000:3000",
        "localhost:٣",
        "localhost, evil.example",
        "localhost evil.example",
        " localhost",
        "http://localhost:3000",
        "::1",
        "[::1",
        "",
        "a" * 300,
    ],
)
async def test_every_other_host_is_refused(kind: str, host: str) -> None:
    encoded = host.encode().decode("latin-1")
    assert (await ask([("Host", encoded)], kind=kind)).status == 403


async def test_a_refused_host_reads_which_setting_to_change() -> None:
    answer = await ask([("Host", "chat.example.com")])
    assert answer.body == f"{text.REFUSED_HOST}\n"
    assert "CHAT_ORIGINS" in answer.body
    assert "CHAT_TRUSTED_PROXIES" in answer.body
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Host", "localhost:3000"), ("Host", "localhost:3000")],
        [("Host", "localhost:3000"), ("Host", "evil.example")],
        [*from_page(OWN), ("Origin", OWN)],
        [*from_page(OWN), ("Origin", "https://evil.example")],
    ],
)
async def test_a_header_that_is_missing_or_sent_twice_is_refused(
    kind: str, headers: Headers
) -> None:
    assert (await ask(headers, kind=kind)).status == 400 or kind == "websocket"
    assert not (await ask(headers, kind=kind)).is_inside


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PUT"])
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "*",
        "http://localhost:3001",
        "http://localhost",
        "https://localhost:3000",
        "http://127.0.0.1:3000",
        "http://localhost.:3000",
        "http://localhost:3000.evil.example",
        "http://localhost:3000@evil.example",
        "http://user@localhost:3000",
        "http://localhost:3000/",
        "http://localhost:3000, https://evil.example",
        "http://localhost:3000 https://evil.example",
        "HTTP://localhost:3000",
        "localhost:3000",
        "//localhost:3000",
        "file://",
        "chrome-extension://localhost:3000",
        "ws://localhost:3000",
    ],
)
async def test_a_page_of_another_origin_is_refused(kind: str, method: str, origin: str) -> None:
    answer = await ask(from_page(origin), kind=kind, scope={"method": method})
    assert answer.status == 403


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (OWN, "localhost:3000"),
        ("http://localhost", "localhost"),
        ("http://localhost", "localhost:80"),
        ("http://[::1]:3000", "[::1]:3000"),
        ("http://127.0.0.1:3000", "127.0.0.1:3000"),
        ("http://localhost:3000", "LOCALHOST:3000"),
    ],
)
async def test_a_page_of_the_served_origin_is_answered(kind: str, origin: str, host: str) -> None:
    answer = await ask(from_page(origin, host), kind=kind)
    assert answer.is_inside
    assert answer.headers["x-served"] == origin


async def test_a_name_that_resolves_to_this_machine_is_refused_with_its_own_origin() -> None:
    rebound = from_page("http://evil.example:3000", "evil.example:3000")
    for kind in ("http", "websocket"):
        assert (await ask(rebound, kind=kind)).status == 403


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_nothing_is_allowed_to_other_origins_by_cors(kind: str) -> None:
    for headers in (
        [("Host", "localhost:3000")],
        from_page(OWN),
        from_page("https://evil.example"),
    ):
        answer = await ask(headers, kind=kind)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("fetch", "method", "is_inside"),
    [
        ({"site": "same-origin", "mode": "cors", "dest": "empty"}, "GET", True),
        ({"site": "none", "mode": "navigate", "dest": "document"}, "GET", True),
        ({"site": "cross-site", "mode": "navigate", "dest": "document"}, "GET", True),
        ({"site": "same-site", "mode": "navigate", "dest": "document"}, "HEAD", True),
        ({"site": "cross-site", "mode": "navigate", "dest": "document"}, "POST", False),
        ({"site": "cross-site", "mode": "navigate", "dest": "iframe"}, "GET", False),
        ({"site": "same-site", "mode": "navigate", "dest": "embed"}, "GET", False),
        ({"site": "cross-site", "mode": "no-cors", "dest": "script"}, "GET", False),
        ({"site": "same-site", "mode": "no-cors", "dest": "image"}, "GET", False),
        ({"site": "cross-site"}, "GET", False),
        ({"site": "Cross-Site", "mode": "no-cors", "dest": "document"}, "GET", False),
        ({"site": "anything new"}, "GET", False),
        ({"site": ""}, "GET", False),
    ],
)
async def test_another_site_may_link_to_the_app_and_not_embed_it(
    fetch: dict[str, str], method: str, is_inside: bool
) -> None:
    headers = [("Host", "localhost:3000")]
    headers += [(f"Sec-Fetch-{name}", value) for name, value in fetch.items()]
    assert (await ask(headers, scope={"method": method})).is_inside == is_inside


async def test_two_headers_that_differ_on_the_site_are_no_way_in() -> None:
    site = [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")]
    assert not (await ask([("Host", "localhost:3000"), *site])).is_inside


async def test_origins_in_the_settings_are_served() -> None:
    origins = ["https://chat.example.com", "http://10.0.0.5:3000/", "http://[fd00::5]:3000"]
    for origin in ("https://chat.example.com", "http://10.0.0.5:3000", "http://[fd00::5]:3000"):
        host = origin.partition("://")[2]
        for kind in ("http", "websocket"):
            answer = await ask(from_page(origin, host), kind=kind, origins=origins)
            assert answer.is_inside
            assert answer.headers["x-served"] == origin
    for host in ("chat.example.com:444", "www.chat.example.com", "10.0.0.5", "[fd00::5]:80"):
        assert not (await ask([("Host", host)], origins=origins)).is_inside
    assert (await ask([("Host", "localhost:3000")], origins=origins)).is_inside


async def test_a_page_without_tls_is_not_the_one_in_the_settings() -> None:
    page = from_page("http://chat.example.com", "chat.example.com")
    assert not (await ask(page, origins=["https://chat.example.com"])).is_inside


@pytest.mark.parametrize(
    ("listens", "host", "is_inside"),
    [
        ("192.168.1.5", "192.168.1.5:3000", True),
        ("192.168.1.5", "192.168.1.6:3000", False),
        ("fd00::5", "[fd00::5]:3000", True),
        ("box", "box:3000", True),
        ("0.0.0.0", "0.0.0.0:3000", False),  # noqa: S104 - a setting, not a socket
        ("0.0.0.0", "192.168.1.5:3000", False),  # noqa: S104
        ("::", "[::]:3000", False),
    ],
)
async def test_the_address_that_the_app_listens_on_is_served(
    listens: str, host: str, is_inside: bool
) -> None:
    assert (await ask([("Host", host)], host=listens)).is_inside == is_inside


async def test_a_development_servers_page_uses_the_app_on_another_port() -> None:
    page = [*from_page("http://localhost:3000", "localhost:8000"), ("Sec-Fetch-Site", "same-site")]
    for kind in ("http", "websocket"):
        assert (await ask(page, kind=kind, page_port=3000)).is_inside
        assert not (await ask(page, kind=kind)).is_inside
    other = [("Host", "localhost:8000"), ("Origin", "http://evil.example:3000")]
    assert not (await ask(other, page_port=3000)).is_inside


async def test_a_handshake_is_refused_with_the_status_where_the_server_can_send_one() -> None:
    scope = {"extensions": {"websocket.http.response": {}}}
    answer = await ask(from_page("null"), kind="websocket", scope=scope)
    assert (answer.type, answer.status) == ("websocket.http.response.start", 403)
    assert answer.body == f"{text.REFUSED_ORIGIN}\n"
    plain = await ask(from_page("null"), kind="websocket")
    assert plain.type == "websocket.close"


SANDBOX = [("Host", "localhost:3000"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")]
CORS = ("Sec-Fetch-Mode", "cors")


async def test_a_sandboxed_frame_loads_the_code_of_the_page() -> None:
    answer = await ask([*SANDBOX, CORS], scope={"path": "/assets/mermaid.js"})
    assert answer.is_inside
    allowed = {name: value for name, value in answer.headers.items() if "access-control" in name}
    assert allowed == {"access-control-allow-origin": "null"}


@pytest.mark.parametrize(
    ("headers", "scope"),
    [
        ([*SANDBOX, CORS], {"path": "/"}),
        ([*SANDBOX, CORS], {"path": "/t/0198"}),
        ([*SANDBOX, CORS], {"path": "/_media/assets/"}),
        ([*SANDBOX, CORS], {"path": "/assets/mermaid.js", "method": "POST"}),
        ([*SANDBOX, CORS], {"path": "/assets/mermaid.js", "method": "OPTIONS"}),
        ([*SANDBOX, ("Sec-Fetch-Mode", "navigate")], {"path": "/assets/mermaid.js"}),
        ([("Origin", "http://evil.example"), *SANDBOX, CORS], {"path": "/assets/mermaid.js"}),
        ([*from_page("http://evil.example"), CORS], {"path": "/assets/mermaid.js"}),
        ([("Host", "evil.example"), *SANDBOX[1:], CORS], {"path": "/assets/mermaid.js"}),
    ],
)
async def test_a_sandboxed_frame_loads_nothing_else(
    headers: Headers, scope: dict[str, str]
) -> None:
    answer = await ask(headers, scope=scope)
    assert not answer.is_inside
    assert not [name for name in answer.headers if "access-control" in name]
