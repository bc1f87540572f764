"""Who may read ``/metrics``."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette

from chat_app import text
from chat_app.config import settings
from chat_app.middleware import protected
from chat_app.routes import health

TOKEN = "a-token-for-prometheus"
LOCAL = "http://127.0.0.1:3000"


async def ask(
    monkeypatch: pytest.MonkeyPatch,
    *,
    who: str = "local",
    token: str = "",
    peer: str = "127.0.0.1",
    base: str = LOCAL,
    **headers: str,
) -> httpx.Response:
    monkeypatch.setenv("CHAT_METRICS", who)
    monkeypatch.setenv("CHAT_METRICS_TOKEN", token)
    settings.cache_clear()
    app = protected(Starlette(), settings(), probes=health.PROBES, probe_paths=health.PATHS)
    transport = httpx.ASGITransport(app, client=(peer, 50_000))
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        return await client.get("/metrics", headers=sent)


@pytest.mark.parametrize(
    ("peer", "base"),
    [
        ("127.0.0.1", LOCAL),
        ("127.0.0.1", "http://localhost:3000"),
        ("127.0.0.2", "http://127.0.0.2:3000"),
        ("::1", "http://[::1]:3000"),
        ("::ffff:127.0.0.1", LOCAL),
    ],
)
async def test_a_program_of_this_machine_reads_them(
    monkeypatch: pytest.MonkeyPatch, peer: str, base: str
) -> None:
    answer = await ask(monkeypatch, peer=peer, base=base)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    assert "# TYPE chat_event_lag_seconds histogram" in answer.text


@pytest.mark.parametrize(
    ("peer", "base", "headers"),
    [
        ("10.0.0.7", LOCAL, {}),
        ("192.168.1.5", "http://localhost:3000", {}),
        ("127.0.0.1", "http://chat.example.com", {}),  # a proxy that keeps the name
        ("127.0.0.1", "http://evil.example:3000", {}),  # a name that was made to resolve here
        ("127.0.0.1", "http://10.0.0.7:3000", {}),
        ("127.0.0.1", LOCAL, {"x_forwarded_for": "203.0.113.9"}),
        ("127.0.0.1", LOCAL, {"x_forwarded_for": "127.0.0.1"}),
        ("127.0.0.1", LOCAL, {"x_forwarded_proto": "https"}),
        ("127.0.0.1", LOCAL, {"x_envoy_external_address": "203.0.113.9"}),
        ("127.0.0.1", LOCAL, {"x_real_ip": "203.0.113.9"}),
        ("127.0.0.1", LOCAL, {"forwarded": "for=203.0.113.9"}),
        ("127.0.0.1", LOCAL, {"via": "1.1 proxy"}),
        ("127.0.0.1", LOCAL, {"origin": "http://evil.example"}),
        ("127.0.0.1", LOCAL, {"sec_fetch_site": "cross-site"}),
        ("127.0.0.1", LOCAL, {"authorization": "Bearer"}),
        ("", LOCAL, {}),
    ],
)
async def test_others_do_not_whatever_they_say(
    monkeypatch: pytest.MonkeyPatch, peer: str, base: str, headers: dict[str, str]
) -> None:
    answer = await ask(monkeypatch, peer=peer, base=base, **headers)
    if headers == {"authorization": "Bearer"}:  # no token is set, so an empty one opens nothing
        answer = await ask(monkeypatch, peer="10.0.0.7", base=base, **headers)
    assert (answer.status_code, answer.text) == (403, text.METRICS_REFUSED)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Basic {TOKEN}", 403),
        (f"Bearer {TOKEN}x", 403),
        (f"Bearer {TOKEN[:-1]}", 403),
        ("Bearer", 403),
        (TOKEN, 403),
        ("", 403),
    ],
)
async def test_the_token_opens_them_from_anywhere(
    monkeypatch: pytest.MonkeyPatch, given: str, status: int
) -> None:
    elsewhere = {"peer": "10.0.0.7", "base": "http://10.4.0.7:3000"}
    answer = await ask(monkeypatch, token=TOKEN, **elsewhere, authorization=given)
    assert answer.status_code == status


async def test_everyone_reads_them_where_that_is_wanted_and_no_other_site_has_them_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = {"who": "everyone", "peer": "10.0.0.7", "base": "http://10.4.0.7:3000"}
    assert (await ask(monkeypatch, **elsewhere)).status_code == 200
    answer = await ask(monkeypatch, **elsewhere, sec_fetch_site="cross-site")
    assert answer.status_code == 403


async def test_there_are_none_where_they_are_off_whatever_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = await ask(monkeypatch, who="off", token=TOKEN, authorization=f"Bearer {TOKEN}")
    assert (answer.status_code, answer.text) == (404, text.NOT_A_PAGE)
