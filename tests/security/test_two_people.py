"""Two people at one app, in each mode of sign-in: neither sees or changes what is the other's."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest_asyncio

from chat_app import text
from chat_app.state.asking import AskState
from chat_app.state.attachments import AttachmentsState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadsState
from tests.helpers.files import png
from tests.helpers.waiting import until
from tests.security.attempts import said_by_routes
from tests.security.people import MODES, people_at
from tests.security.test_foreign_threads import at_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest

    from chat_app.client import LangGraphClient
from tests.security.people import HeardPage, People

CANARY = "every 0.00577215664901"
"""Part of Anna's question, which the assistant `slow` understands."""
_MEDIA = re.compile(r"/_media/[\w.-]+")


@pytest_asyncio.fixture(params=MODES)
async def people(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    langgraph_server: str,
) -> AsyncIterator[People]:
    async with people_at(request.param, monkeypatch, tmp_path, langgraph_server) as people:
        yield people


def media_in(page: HeardPage) -> set[str]:
    """The addresses of all media that a page was told of."""
    return {address for frame in page.heard for address in _MEDIA.findall(frame)}


def chips(page: HeardPage) -> list[str]:
    return [chip["id"] for chip in page.var(AttachmentsState, "chips", [])]


def links(page: HeardPage) -> list[str]:
    return [link["id"] for link in page.var(ThreadsState, "links", [])]


async def test_two_people_neither_see_nor_change_what_is_the_others(
    people: People, client: LangGraphClient
) -> None:
    annas, bens = await people.come("anna"), await people.come("ben")
    anna = annas.page()
    await anna.load()
    sent = (await annas.attach(anna, png(2, 2))).json()["id"]
    await anna.do(QueueState.submit, message=f"3 {CANARY}", attached=[sent])
    await until(lambda: anna.thread_id and not anna.running and len(anna.rows) > 1)
    thread_id = anna.thread_id
    kept = (await annas.attach(anna, png(3, 3), thread_id)).json()["id"]
    await anna.do(AttachmentsState.look)
    await until(lambda: chips(anna) == [kept])
    await until(lambda: links(anna) == [thread_id])
    media = media_in(anna)
    assert len(media) >= 2  # of the message, and of what is attached
    before = await at_server(client, thread_id)

    # Anna is shown all of it, also in another tab; Ben none of it, by none of its names.
    for address in media:
        assert (await annas.web.get(address)).content.startswith(b"\x89PNG")
        assert (await bens.web.get(address)).status_code == 404
        assert (await people.stranger().get(address)).status_code == 401
    # Under the name of Anna's tab Ben has a tab of his own, so the file is kept for that one.
    foreign = (await bens.attach(anna, png(4, 4), thread_id)).json()["id"]
    await anna.do(AttachmentsState.look)
    assert chips(anna) == [kept]
    ben, same = bens.page(f"/t/{thread_id}"), bens.page("/", token=anna.token)
    for page in (ben, same):
        await page.load()
    await until(lambda: text.THREAD_GONE in json.dumps(ben.heard))
    for handler, payload in [
        (RunState.send, {"message": "1"}),
        (RunState.send, {"message": "1", "attached": [kept]}),
        (QueueState.submit, {"message": "1", "attached": [sent]}),
        (RunState.retry, {}),
        (RunState.stop, {}),
        (QueueState.send_all, {}),
        (AskState.answer, {"key": "x", "given": {"answer": "yes"}}),
        (AttachmentsState.remove, {"id": kept}),
        (AttachmentsState.look, {}),
        (ThreadsState.refresh, {}),
    ]:
        for page in (ben, same):
            await page.do(handler, **payload)
    other = bens.page()
    await other.load()
    await other.submit("2")
    await until(lambda: other.thread_id and not other.running and len(other.rows) > 1)
    await until(lambda: other.thread_id in links(other))
    assert chips(same) == [foreign]
    assert chips(ben) == chips(other) == []
    for page in (ben, same, other):
        assert CANARY not in "".join(page.heard)
        assert not set(media_in(page)) & set(media)
        assert thread_id not in links(page)
        await page.close()

    for web in (people.stranger(), bens.web):
        said = await said_by_routes(web, [thread_id, *media], with_odd=False)
        assert CANARY.encode() not in said
        assert b"PNG" not in said

    assert await at_server(client, thread_id) == before
    again = annas.page(f"/t/{thread_id}")
    await again.load()
    await until(lambda: CANARY in json.dumps(again.rows))
    assert links(again) == [thread_id]
    await anna.do(AttachmentsState.look)
    await until(lambda: chips(anna) == [kept])
    for page in (anna, again):
        await page.close()
