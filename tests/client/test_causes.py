"""Why a request got no answer."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from chat_app.client import get_client
from chat_app.client.causes import unreachable
from chat_app.client.errors import Cause, NotLangGraphError, UnreachableError, refusal
from tests.helpers.ports import free_port
from tests.helpers.raw_servers import RESET, listening, serving

if TYPE_CHECKING:
    import asyncio

    from chat_app.client import LangGraphClient
    from tests.helpers.raw_servers import Said

EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = EVENTS + b"Transfer-Encoding: chunked\r\n\r\n"


async def failed(url: str, *, stream: bool) -> UnreachableError:
    """The error of a request that gets no answer."""
    async with get_client(url=url) as client:
        asking = _read_stream(client) if stream else client.threads.get("0")
        with pytest.raises(UnreachableError) as raised:
            await asking
    return raised.value


async def _read_stream(client: LangGraphClient) -> None:
    async with client._http.stream("GET", "x", silence=5) as response:
        [piece async for piece in response.aiter_bytes()]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ([], Cause.CLOSED_BEFORE),
        ([b"SSH-2.0-OpenSSH_9.6\r\n\r\n"], Cause.NOT_HTTP),
        ([CHUNKED + b"5\r\nab"], Cause.CLOSED_WITHIN),
        ([EVENTS + b"Content-Length: 9\r\n\r\nabc"], Cause.CLOSED_WITHIN),
        ([RESET], Cause.RESET),
        ([EVENTS + b"X: " + b"a" * 200_000], Cause.HEAD_TOO_LARGE),
        ([CHUNKED + b"zz\r\n"], Cause.NOT_HTTP),
    ],
)
async def test_a_broken_answer_has_a_cause_in_place_of_jargon(
    said: list[Said], cause: Cause, stream: bool
):
    async with serving(said) as url:
        error = await failed(url, stream=stream)
    assert (error.cause, error.detail) == (cause, "")


@pytest.mark.parametrize("stream", [True, False])
async def test_what_keeps_a_connection_from_being_made_is_told(stream: bool):
    port = free_port()
    for url, cause, host in (
        (f"http://127.0.0.1:{port}", Cause.REFUSED, f"127.0.0.1:{port}"),
        ("http://no-such-name.invalid:2024", Cause.UNKNOWN_HOST, "no-such-name.invalid:2024"),
    ):
        error = await failed(url, stream=stream)
        assert (error.cause, error.host, error.detail) == (cause, host, "")


@pytest.mark.parametrize("stream", [True, False])
async def test_an_address_that_is_not_https_is_told(stream: bool):
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with listening(answer) as url:
        error = await failed(url.replace("http", "https"), stream=stream)
    assert (error.cause, error.detail) == (Cause.TLS, "")


def test_a_certificate_that_is_not_accepted_names_the_reason():
    cause = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] (_ssl.c:992)")
    cause.verify_message = "self-signed certificate"
    broken = httpx.ConnectError(str(cause))
    broken.__cause__ = cause
    error = unreachable(broken)
    assert (error.cause, error.detail) == (Cause.CERTIFICATE, "self-signed certificate")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("https://agents.example/api/", "https://agents.example/api/"),
        ("/login?next=%2F&token=secret", "/login"),
        ("https://user:secret@agents.example:8443/x#secret", "https://agents.example:8443/x"),
    ],
)
def test_a_redirect_names_where_it_leads_without_a_secret(status: int, location: str, where: str):
    error = refusal(status, {"location": location}, "<html><title>Moved</title></html>")
    assert isinstance(error, NotLangGraphError)
    assert error.location == where


def test_a_redirect_to_nowhere_keeps_the_servers_words():
    error = refusal(308, {}, "<html><title>Moved</title></html>")
    assert isinstance(error, NotLangGraphError)
    assert (error.location, error.detail) == ("", "Moved")
