"""What a share link shows of its chat: a snapshot or the live one, as text that nothing runs in."""

from __future__ import annotations

import re
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app import text
from chat_app.auth.share_links import Kind
from chat_app.client import get_client
from chat_app.routes import shared
from chat_app.runs import thread_metadata
from chat_app.runs.checkpoints import id_of as checkpoint_of
from tests.cases.served import CASE_GRAPHS
from tests.helpers.server import serve
from tests.helpers.shared import PICTURE, answer, human, path_to, said, thread_of
from tests.helpers.waiting import until
from tests.security.sharing import ADA, Elements, afresh, app_at, web

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from tests.helpers.long_answer import LongAnswer

__all__ = ["afresh", "web"]


async def test_a_live_link_shows_new_messages_and_a_snapshot_never(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("One?"), answer("First answer"))
    live = await path_to(client, ADA, thread_id)
    snapshot = await path_to(client, ADA, thread_id, Kind.SNAPSHOT)
    before = (await web.get(snapshot)).text
    assert "First answer" in (await web.get(live)).text
    await said(client, thread_id, human("Two?"), answer("Second answer"))
    decision = {"after": "", "below": "", "said": ["A later decision"], "asked": []}
    await client.threads.update(
        thread_id,
        metadata={
            f"chat_decision:{later_id()}": decision,
            thread_metadata.TITLE: "A later title",
        },
    )
    shown = (await web.get(live)).text
    assert "Second answer" in shown
    assert "A later title" in shown
    shared.forget()
    after = (await web.get(snapshot)).text
    assert after == before
    assert "Second" not in after
    assert "later" not in after.replace("Later messages", "")
    assert "Snapshot of" in after


def later_id() -> str:
    """The id of a decision that is made in an hour."""
    milliseconds = f"{int((time.time() + 3600) * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-7000-8000-{uuid4().hex[:12]}"


async def test_both_kinds_show_the_branch_that_the_owner_sees(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("One?"), answer("First answer"))
    old = checkpoint_of(await client.threads.get_state(thread_id))
    await said(client, thread_id, human("Two?"), answer("Second answer"))
    branch = {
        "checkpoint_id": old,
        "head": checkpoint_of(await client.threads.get_state(thread_id)),
    }
    live = await path_to(client, ADA, thread_id)
    newest = await path_to(client, ADA, thread_id, Kind.SNAPSHOT)
    await client.threads.update(thread_id, metadata={thread_metadata.BRANCH: branch})
    shown = await path_to(client, ADA, thread_id, Kind.SNAPSHOT)
    pages = [(await web.get(path)).text for path in (live, newest, shown)]
    assert ["Second answer" in page for page in pages] == [False, True, False]
    await said(client, thread_id, human("Three?"), answer("Third answer"))
    pages = [(await web.get(path)).text for path in (live, newest, shown)]
    assert ["Third answer" in page for page in pages] == [True, False, False]


async def test_a_live_page_refreshes_itself_only_while_a_run_goes(
    web: httpx.AsyncClient, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    thread_id = await thread_of(client, ADA)
    live = await path_to(client, ADA, thread_id)
    asked = {"messages": [human(long_answer.question)]}
    run = await client.runs.create(thread_id, "slow", input=asked)

    async def is_shown() -> bool:
        shared.forget()
        response = await web.get(live)
        return "5000 every" in response.text and "refresh" in response.headers

    await until(is_shown)
    response = await web.get(live)
    assert int(response.headers["refresh"]) == shared.REFRESH
    assert text.SHARED_RUNNING in response.text
    snapshot = await path_to(client, ADA, thread_id, Kind.SNAPSHOT)
    assert "refresh" not in (await web.get(snapshot)).headers
    long_answer.end()
    await client.runs.join(thread_id, run["run_id"])
    over = await web.get(live)
    assert "refresh" not in over.headers
    assert "word0" in over.text
    shared.forget()
    then = (await web.get(snapshot)).text
    assert "5000 every" in then
    assert "word0" not in then


@pytest.mark.parametrize("kind", Kind)
async def test_what_a_model_wrote_is_text_and_nothing_that_runs_or_loads(
    kind: Kind, web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    hostile = (
        "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n"
        "[link](javascript:alert(1)) ![picture](https://evil.example/p.png)\n\n"
        "</style></template><meta http-equiv=refresh content='0;url=https://evil.example'>\n\n"
        "<base href='https://evil.example/'><form action='https://evil.example'><input></form>"
    )
    title = "</title><script>alert(2)</script>\r\nSet-Cookie: a=b\r\n\r\n<h1>"
    thread_id = await thread_of(client, ADA, human(hostile), answer(hostile), title=title)
    response = await web.get(await path_to(client, ADA, thread_id, kind))
    elements = Elements(response.text).found
    names = {name for name, _ in elements}
    assert not names & {"script", "iframe", "form", "input", "base", "link", "object"}
    for name, given in elements:
        assert name != "meta" or (given.get("http-equiv") or "").lower() != "refresh"
        for key, value in given.items():
            assert not key.startswith("on"), (name, given)
            if key in {"src", "srcset", "poster", "background", "data"}:
                assert (value or "").startswith("data:"), (name, given)
            if key == "href":
                assert not re.match(r"\s*(javascript|data|vbscript):", value or "", re.IGNORECASE)
    assert "set-cookie" not in response.headers
    assert "refresh" not in response.headers


@pytest.mark.parametrize(
    "title",
    ["", "\x00", "\ud800", "a\r\nLocation: https://evil.example", "é" * 5000, "<", "\u202e"],
)
async def test_any_title_is_only_a_title(
    title: str, web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA, human("A question"), answer("An answer"))
    shown = title if title.isprintable() or "\r" in title else ""
    await client.threads.update(thread_id, metadata={thread_metadata.TITLE: shown})
    response = await web.get(await path_to(client, ADA, thread_id))
    assert response.status_code == 200
    assert "location" not in response.headers


async def test_pictures_of_the_chat_are_on_the_page_and_no_other_chats(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    picture = {"type": "image", "base64": PICTURE, "mime_type": "image/png"}
    with_picture = await thread_of(client, ADA, human([{"type": "text", "text": "See"}, picture]))
    without = await thread_of(client, ADA, human("A question"))
    one = (await web.get(await path_to(client, ADA, with_picture))).text
    two = (await web.get(await path_to(client, ADA, without))).text
    assert any(name == "img" for name, _ in Elements(one).found)
    assert PICTURE in one
    assert PICTURE not in two


async def test_the_words_of_an_error_stay_with_those_who_use_the_app(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    thread_id = await thread_of(client, ADA)
    with pytest.raises(Exception, match="broke off"):
        await client.runs.wait(thread_id, "fails", input={"messages": [human("3")]})
    page = (await web.get(await path_to(client, ADA, thread_id))).text
    assert "broke off" not in page
    assert "RuntimeError" not in page


async def test_a_long_chat_is_shown_whole_and_soon(
    web: httpx.AsyncClient, client: LangGraphClient
) -> None:
    turns = [
        one for n in range(500) for one in (human(f"Q{n}?"), answer(f"**A{n}** `code`\n\n- x"))
    ]
    thread_id = await thread_of(client, ADA, *turns)
    path = await path_to(client, ADA, thread_id, Kind.SNAPSHOT)
    begun = time.perf_counter()
    page = (await web.get(path)).text
    took = time.perf_counter() - begun
    assert "Q0?" in page
    assert "<strong>A499</strong>" in page
    assert (await web.get(path)).text == page
    assert took < 20


@pytest.mark.slow
@pytest.mark.parametrize("kind", Kind)
async def test_graphs_that_are_no_chat_are_shared_as_they_are_shown(
    kind: Kind, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Their turns are told by their runs: a snapshot leaves out those that came after it."""
    graphs = {name: CASE_GRAPHS[name] for name in ("form", "words")}
    (tmp_path / "agent").mkdir()
    async with AsyncExitStack() as stack:
        agent = stack.enter_context(serve(tmp_path / "agent", graphs=graphs)).url
        people = await stack.enter_async_context(app_at(monkeypatch, tmp_path, agent))
        client = await stack.enter_async_context(get_client(url=agent))
        for graph in graphs:
            thread_id = await thread_of(client, ADA, graph=graph)

            def asked(question: str, graph: str = graph) -> Json:
                is_form = graph == "form"
                return {"question": question} if is_form else {"messages": [human(question)]}

            await client.runs.wait(thread_id, graph, input=asked("the first one"))
            path = await path_to(client, ADA, thread_id, kind)
            before = (await people.stranger().get(path)).text
            assert "the first one" in before
            await client.runs.wait(thread_id, graph, input=asked("the second one"))
            shared.forget()
            after = (await people.stranger().get(path)).text
            assert ("the second one" in after) is (kind is Kind.LIVE)
            assert kind is Kind.LIVE or after == before
