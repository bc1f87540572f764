"""The headers of every kind of response, and the policies of documents."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from chat_app.config import Settings
from chat_app.middleware.content_policy import ContentPolicies, hashes
from chat_app.middleware.origins import AllowedOrigins, check_origins
from chat_app.middleware.security_headers import with_security_headers

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp
    from starlette.websockets import WebSocket

OWN = "default-src 'none'; sandbox"
PAGE = """<html><head><style data-emotion="css">.a{color:red}</style><script>first()</script>
<script type="module" src="/assets/a.js"></script><script src="/b.js">unused()</script></head>
<body><script type="module" async="">import "/assets/a.js";
second();</script></body></html>"""
FRAME = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:">
<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'">"""
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-dns-prefetch-control": "off",
}


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def directives(policy: str) -> dict[str, list[str]]:
    named = (part.split() for part in policy.split(";"))
    return {name: sources for name, *sources in named}


async def page(_: Request) -> Response:
    return HTMLResponse("<p>page", headers={"X-Frame": "1"})


async def own_policy(_: Request) -> Response:
    return PlainTextResponse(
        "media", headers={"Content-Security-Policy": OWN, "Referrer-Policy": "no-referrer"}
    )


async def broken(_: Request) -> Response:
    raise RuntimeError


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "preview.html").write_text(FRAME)
    return tmp_path


def served(build: Path, **settings: object) -> ASGIApp:
    """An app with responses of all kinds, behind what every request passes first."""
    app = Starlette(
        routes=[
            Route("/", page),
            Route("/frames/preview.html", page),
            Route("/json", lambda _: JSONResponse({})),
            Route("/own", own_policy),
            Route("/t/{thread}", lambda _: Response(status_code=304)),
            Route("/assets/a.js", lambda _: Response(status_code=304)),
            Route("/empty", lambda _: Response(status_code=204)),
            Route("/broken", broken),
            WebSocketRoute("/socket", echo),
        ]
    )
    origins = AllowedOrigins.of(Settings(**settings))  # type: ignore[arg-type]
    return with_security_headers(check_origins(app, origins), ContentPolicies.of(build), origins)


@pytest.fixture
def client(build: Path) -> TestClient:
    return TestClient(served(build), "http://localhost:3000", raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "path", "host", "status"),
    [
        ("GET", "/", "localhost:3000", 200),
        ("HEAD", "/", "localhost:3000", 200),
        ("GET", "/json", "localhost:3000", 200),
        ("GET", "/own", "localhost:3000", 200),
        ("GET", "/empty", "localhost:3000", 204),
        ("GET", "/nowhere", "localhost:3000", 404),
        ("POST", "/json", "localhost:3000", 405),
        ("GET", "/broken", "localhost:3000", 500),
        ("GET", "/", "evil.example", 403),
    ],
)
def test_every_response_has_the_headers(
    client: TestClient, method: str, path: str, host: str, status: int
) -> None:
    response = client.request(method, path, headers={"Host": host})
    assert response.status_code == status
    expected = {**EVERYWHERE, **({"referrer-policy": "no-referrer"} if path == "/own" else {})}
    assert {name: response.headers.get(name) for name in expected} == expected
    assert "camera=()" in response.headers["permissions-policy"]
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "strict-transport-security" not in response.headers
    names = [name for name, _ in response.headers.multi_items()]
    assert all(names.count(name) == 1 for name in expected)


def test_a_handshake_has_them_too(client: TestClient) -> None:
    with client.websocket_connect("/socket", headers={"Host": "localhost:3000"}) as socket:
        headers = dict(socket.extra_headers or [])
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"default-src 'none'" in headers[b"content-security-policy"]


def test_a_response_keeps_its_own_policy(client: TestClient) -> None:
    assert client.get("/own").headers["content-security-policy"] == OWN


def test_only_a_document_may_load_something(client: TestClient) -> None:
    policy = directives(client.get("/json").headers["content-security-policy"])
    assert set(map(tuple, policy.values())) == {("'none'",)}


def test_the_page_runs_its_own_files_and_its_own_inline_scripts_only(client: TestClient) -> None:
    policy = directives(client.get("/").headers["content-security-policy"])
    inline = [digest("first()"), digest('import "/assets/a.js";\nsecond();')]
    assert policy["script-src"] == ["'self'", *sorted(inline)]
    assert sorted(policy["style-src"]) == sorted(["'self'", digest(""), digest(".a{color:red}")])
    assert policy["connect-src"] == ["'self'", "ws://localhost:3000"]
    for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[directive] == ["'none'"]
    for directive in ("frame-src", "form-action"):
        assert policy[directive] == ["'self'"]
    sources = {source for listed in policy.values() for source in listed}
    assert not sources & {"'unsafe-eval'", "'unsafe-inline'", "'unsafe-hashes'", "*"}


def test_a_page_that_the_browser_has_already_keeps_its_policy(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert client.get("/t/0198").headers["content-security-policy"] == policy
    assert client.get("/assets/a.js").headers["content-security-policy"] != policy


def test_a_frame_has_the_policies_that_are_written_in_it_and_a_sandbox(client: TestClient) -> None:
    header = client.get("/frames/preview.html").headers["content-security-policy"]
    first, second = header.split(", ")
    assert first.startswith("default-src 'none'; img-src data:;")
    assert directives(first)["frame-ancestors"] == ["'self'"]
    assert directives(first)["sandbox"] == ["allow-scripts"]
    assert second == "script-src 'unsafe-inline'"


def test_a_frame_without_a_policy_is_reported(build: Path) -> None:
    (build / "frames" / "open.html").write_text("<p>")
    with pytest.raises(LookupError, match="policy"):
        ContentPolicies.of(build)


@pytest.mark.parametrize(
    ("scheme", "headers", "settings", "is_strict"),
    [
        ("https", {}, {}, True),
        ("http", {}, {}, False),
        ("http", {"X-Forwarded-Proto": "https"}, {}, False),
        ("http", {"X-Forwarded-Proto": "https"}, {"trusted_proxies": ["10.0.0.0/8"]}, True),
    ],
)
def test_https_is_asked_for_where_the_browser_came_by_it(
    build: Path, scheme: str, headers: dict[str, str], settings: dict[str, object], is_strict: bool
) -> None:
    app = served(build, **settings)
    client = TestClient(app, f"{scheme}://localhost", client=("10.0.0.7", 50000))
    response = client.get("/", headers=headers)
    assert ("strict-transport-security" in response.headers) == is_strict
    socket = "wss://localhost" if is_strict else "ws://localhost"
    assert (
        socket in response.headers["content-security-policy"].split("connect-src")[1].split(";")[0]
    )


def test_a_host_with_characters_of_a_policy_does_not_get_into_one(client: TestClient) -> None:
    response = client.get("/", headers={"Host": "a.localhost; script-src *"})
    assert "*" not in response.headers["content-security-policy"]


def test_the_hash_of_a_script_is_that_of_its_exact_text() -> None:
    assert hashes(["<script id='a'>\n a < b; </script>"], "script") == (digest("\n a < b; "),)
    assert hashes(["<script src='/a.js'></script>", "<style></style>"], "script") == ()


def test_the_frames_of_this_app_name_the_nonces_that_their_policies_have() -> None:
    from importlib.resources import files  # noqa: PLC0415

    frames = files("chat_app").joinpath("../assets/frames")
    for name in ("preview", "diagram"):
        document = frames.joinpath(f"{name}.html").read_text()
        assert f"'nonce-{name}'" in document
        assert re.findall(r"<script([^>]*)>", document)[0] == f' nonce="{name}"'
