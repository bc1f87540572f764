"""What went wrong on the wire, as a person reads it."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from chat_app.client import get_client
from chat_app.client.errors import LangGraphError, NotLangGraphError, UnreachableError, refusal
from chat_app.client.plain_words import explain
from tests.helpers.ports import free_port
from tests.helpers.raw_servers import RESET, listening, serving

if TYPE_CHECKING:
    import asyncio

    from chat_app.client import LangGraphClient
    from tests.helpers.raw_servers import Said

JARGON = re.compile(r"errno|_ssl\.c|bytearray|illegal|peer|chunk|h11|buffer|\[|b'", re.IGNORECASE)
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = EVENTS + b"Transfer-Encoding: chunked\r\n\r\n"


async def told(url: str, *, stream: bool) -> str:
    """What the person reads of a request that fails."""
    async with get_client(url=url) as client:
        asking = _read_stream(client) if stream else client.threads.get("0")
        with pytest.raises(LangGraphError) as raised:
            await asking
    return str(raised.value)


async def _read_stream(client: LangGraphClient) -> None:
    async with client._http.stream("GET", "x", silence=5) as response:
        [piece async for piece in response.aiter_bytes()]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ([], "The connection was closed before an answer came."),
        ([b"SSH-2.0-OpenSSH_9.6\r\n\r\n"], "What came is not an HTTP/1.1 answer."),
        ([CHUNKED + b"5\r\nab"], "The connection was closed within the answer."),
        (
            [EVENTS + b"Content-Length: 9\r\n\r\nabc"],
            "The connection was closed within the answer.",
        ),
        ([RESET], "The connection broke off."),
        ([EVENTS + b"X: " + b"a" * 200_000], "The head of the answer is too large."),
        ([CHUNKED + b"zz\r\n"], "What came is not an HTTP/1.1 answer."),
    ],
)
async def test_a_broken_answer_is_told_without_jargon(
    said: list[Said], sentence: str, stream: bool
):
    async with serving(said) as url:
        words = await told(url, stream=stream)
    assert words == f"{UnreachableError.hint} {sentence}"
    assert not JARGON.search(words)


@pytest.mark.parametrize("stream", [True, False])
async def test_what_keeps_a_connection_from_being_made_is_told(stream: bool):
    port = free_port()
    for url, sentence in {
        f"http://127.0.0.1:{port}": f"Nothing listens at 127.0.0.1:{port}.",
        "http://no-such-name.invalid:2024": "The name no-such-name.invalid:2024 is not known.",
    }.items():
        assert await told(url, stream=stream) == f"{UnreachableError.hint} {sentence}"


@pytest.mark.parametrize("stream", [True, False])
async def test_an_address_that_is_not_https_is_told(stream: bool):
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with listening(answer) as url:
        words = await told(url.replace("http", "https"), stream=stream)
    assert words.startswith(UnreachableError.hint)
    assert "secure connection" in words
    assert not JARGON.search(words)


def test_a_certificate_that_is_not_accepted_names_the_reason():
    cause = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] (_ssl.c:992)")
    cause.verify_message = "self-signed certificate"
    broken = httpx.ConnectError(str(cause))
    broken.__cause__ = cause
    assert explain(broken) == "The certificate was not accepted: self-signed certificate."


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
    assert error.detail == f"It redirects to {where}"


def test_a_redirect_to_nowhere_keeps_the_servers_words():
    error = refusal(308, {}, "<html><title>Moved</title></html>")
    assert error.detail == "Moved"
