"""Which requests have a body, how large and slow it may be, and how many at once."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app import text
from chat_app.middleware.bodies import BodyLimits, limit_bodies
from chat_app.middleware.clients import Clients
from chat_app.middleware.quota import Quota, QuotaExceededError

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

UPLOADS = "/_attachments"
LIMITS = {"address": 100, "all": 150}


class Sender:
    """One request whose body arrives as the test says."""

    def __init__(
        self,
        app: Any,
        *headers: tuple[str, str],
        method: str = "POST",
        path: str = UPLOADS,
        address: str = "192.0.2.1",
    ) -> None:
        self._chunks: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []
        lines = [(name.encode(), value.encode()) for name, value in headers]
        scope = {"type": "http", "method": method, "path": path, "client": (address, 1)}
        run = app({**scope, "headers": lines}, self._chunks.get, self._send)
        self.task = asyncio.ensure_future(run)

    def arrive(self, data: bytes, *, is_last: bool = False) -> None:
        self._chunks.put_nowait({"type": "http.request", "body": data, "more_body": not is_last})

    async def status(self) -> int:
        async with asyncio.timeout(40):
            await self.task
        return self.sent[0]["status"]

    @property
    def problem(self) -> str:
        return json.loads(self.sent[1]["body"])["problem"]

    async def _send(self, message: Message) -> None:
        self.sent.append(message)


class Reader:
    """The app behind the limits: it reads bodies, and knows which are under way."""

    def __init__(self, **limits: Any) -> None:
        self.reading = 0
        self.limits = BodyLimits((UPLOADS,), file=100, **limits)
        self.app = limit_bodies(self, self.limits, Clients())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reading += 1
        try:
            while (message := await receive()).get("more_body"):
                pass
            assert message["type"] == "http.request"
        finally:
            self.reading -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def size(octets: int) -> tuple[str, str]:
    return "content-length", str(octets)


CHUNKED = ("transfer-encoding", "chunked")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", [], 200),
        ("GET", "/", [size(0)], 200),
        ("GET", "/", [size(1)], 413),
        ("HEAD", "/", [size(1)], 413),
        ("OPTIONS", "/_event", [size(1)], 413),
        ("PUT", UPLOADS, [size(1)], 413),
        ("GET", UPLOADS, [CHUNKED], 413),
        ("GET", "/", [CHUNKED], 413),
        ("POST", "/sign-in", [size(64_000)], 200),
        ("POST", "/sign-in", [size(64_001)], 413),
        ("POST", "/sign-in", [CHUNKED], 411),
        ("POST", "/_attachments/", [size(64_001)], 413),
        ("POST", "/_attachments/a", [CHUNKED], 411),
        ("POST", UPLOADS, [size(100)], 200),
        ("POST", UPLOADS, [CHUNKED], 200),
        ("POST", UPLOADS, [CHUNKED, size(1)], 400),
        ("POST", UPLOADS, [size(1), size(2)], 400),
        ("POST", UPLOADS, [size(1), size(1)], 200),
        ("POST", UPLOADS, [size(-1)], 400),
        ("POST", UPLOADS, [("content-length", "1e3")], 400),
        ("POST", UPLOADS, [("content-length", "")], 400),
        ("POST", UPLOADS, [("content-length", "9" * 5000)], 400),
    ],
)
async def test_a_body_comes_only_where_one_is_read(
    method: str, path: str, headers: list[tuple[str, str]], status: int
) -> None:
    sender = Sender(Reader().app, *headers, method=method, path=path)
    sender.arrive(b"", is_last=True)
    assert await sender.status() == status


async def test_uploads_over_the_quota_wait_unread() -> None:
    reader = Reader(quota=LIMITS, waiting={"address": 10, "all": 10})
    senders = [Sender(reader.app, size(60)) for _ in range(3)]
    await asyncio.sleep(0)
    for number, sender in enumerate(senders):
        assert reader.reading == 1, number
        sender.arrive(b"a" * 60, is_last=True)
        assert await sender.status() == 200
        await asyncio.sleep(0)
    assert reader.reading == 0


async def test_an_address_that_uses_up_its_quota_leaves_that_of_others() -> None:
    reader = Reader(quota=LIMITS, waiting={"address": 10, "all": 10})
    full = [Sender(reader.app, size(100)) for _ in range(3)]
    await asyncio.sleep(0)
    other = Sender(reader.app, size(50), address="192.0.2.2")
    other.arrive(b"a" * 50, is_last=True)
    assert await other.status() == 200
    for sender in full:
        sender.task.cancel()
    await asyncio.wait([sender.task for sender in full])
    again = Sender(reader.app, size(100))
    again.arrive(b"", is_last=True)
    assert await again.status() == 200


async def test_too_many_waiting_uploads_are_refused_in_a_sentence() -> None:
    reader = Reader(quota=LIMITS, waiting={"address": 1, "all": 2}, wait=0.05)
    senders = [Sender(reader.app, size(100)) for _ in range(3)]
    assert await senders[2].status() == 429
    assert senders[2].problem == text.UPLOADS_TOO_MANY
    assert await senders[1].status() == 429
    others = [Sender(reader.app, size(100), address=f"192.0.2.{n}") for n in (2, 3)]
    assert [await other.status() for other in others] == [503, 503]
    assert others[0].problem == text.UPLOADS_FULL
    senders[0].task.cancel()


async def test_a_body_of_which_nothing_arrives_is_given_up() -> None:
    reader = Reader(pause=0.05)
    sender = Sender(reader.app, size(100))
    sender.arrive(b"a")
    assert await sender.status() == 408
    assert sender.problem == text.UPLOAD_TOO_SLOW
    assert reader.reading == 0


async def test_a_body_that_arrives_byte_by_byte_is_given_up() -> None:
    reader = Reader(pause=0.1, slowest=1000)
    sender = Sender(reader.app, size(100))

    async def drip() -> None:
        while not sender.task.done():
            sender.arrive(b"a")
            await asyncio.sleep(0.01)

    dripping = asyncio.ensure_future(drip())
    assert await sender.status() == 408
    await dripping


async def test_a_form_has_a_deadline_as_well() -> None:
    sender = Sender(Reader(pause=0.05).app, size(10), path="/sign-in")
    assert await sender.status() == 408


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 120)), max_size=30))
def test_a_quota_is_never_exceeded(wanted: list[tuple[str, int]]) -> None:
    quota, inside = Quota(LIMITS), []
    for address, amount in wanted:
        keys = (("address", address),)
        if quota.try_acquire(keys, amount):
            inside.append((keys, amount))
        elif inside:
            quota.release(*inside.pop(0))
        used = quota.used()
        assert used == sum(each for _, each in inside)
        assert used <= 150 or len(inside) == 1
    for each in inside:
        quota.release(*each)
    assert quota.used() == 0


async def test_a_cancelled_wait_frees_its_quota() -> None:
    quota = Quota(LIMITS, {"address": 5, "all": 5})
    key = (("address", "a"),)
    async with quota.acquire(key, 100, within=1):
        with pytest.raises(QuotaExceededError):
            async with quota.acquire(key, 1, within=0.01):
                pass
    async with quota.acquire(key, 100, within=1):
        assert quota.used() == 100
    assert quota.used() == 0
