"""What a person does with chats, done to a foreign one: as with one that does not exist."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app.auth.person import Person
from chat_app.state import tab_session
from chat_app.state.assistants import AssistantsState
from chat_app.state.branches import BranchState
from chat_app.state.comparison import ComparisonState
from chat_app.state.feedback import FeedbackState
from chat_app.state.find import FindState
from chat_app.state.inbox import InboxState
from chat_app.state.palette import PaletteState
from chat_app.state.replay import ReplayState
from chat_app.state.schedules import SchedulesState
from chat_app.state.search import SearchState
from chat_app.state.sharing import SharedLinksState, ShareState
from chat_app.state.thread_actions import MOST, ThreadActionsState
from chat_app.state.threads import ThreadsState
from tests.helpers.waiting import until
from tests.security.test_foreign_threads import CANARY, at_server, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import reflex as rx

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab


def steps(thread_id: str, ids: list[str], link: str, cron: str) -> list[tuple[Any, dict[str, Any]]]:
    """What the page offers, with ids of messages, a link and a schedule that are foreign."""
    question, answer = ids
    return [
        (f"/t/{thread_id}", {}),
        (BranchState.edit, {"id": question, "message": "1"}),
        (BranchState.regenerate, {"id": answer}),
        (BranchState.go_on, {}),
        (BranchState.show, {"id": answer, "number": 1}),
        (BranchState.fork, {"id": answer}),
        (BranchState.open_form, {"id": question}),
        (ComparisonState.compare, {"id": answer, "left": 1, "right": 2}),
        (FeedbackState.load, {}),
        (FeedbackState.rate, {"message_id": answer, "score": "good"}),
        (FeedbackState.note, {"message_id": answer, "note": "a note"}),
        (FindState.find, {"message_id": question, "query": "every", "request": "1"}),
        (ReplayState.begin, {}),
        (ReplayState.toggle, {}),
        (ShareState.open, {}),
        (ShareState.create, {"kind": "live"}),
        (ShareState.create, {"kind": "snapshot"}),
        (ShareState.revoke, {"link": link}),
        (SharedLinksState.open, {}),
        (SharedLinksState.revoke, {"thread_id": thread_id, "link": link}),
        (SharedLinksState.revoke_all, {}),
        (ThreadActionsState.rename, {"thread_id": thread_id, "title": "Mine"}),
        (ThreadActionsState.pin, {"thread_ids": [thread_id], "is_pinned": True}),
        (ThreadActionsState.archive, {"thread_ids": [thread_id] * MOST, "is_archived": True}),
        (ThreadActionsState.undo, {"thread_ids": [thread_id]}),
        (ThreadActionsState.delete, {"thread_ids": [thread_id, str(uuid4())]}),
        (ThreadActionsState.undo, {"thread_ids": [thread_id]}),
        (ThreadsState.find, {"thread_id": thread_id}),
        (ThreadsState.read_older, {"after": f"9{'0' * 15}.1.{thread_id}", "is_archived": False}),
        (ThreadsState.read_older, {"after": "", "is_archived": True}),
        (SearchState.search, {"query": "every"}),
        (PaletteState.find, {"query": "every"}),
        (f"/inbox/{thread_id}", {}),
        (InboxState.show_more, {}),
        (f"/t/{thread_id}?replay", {}),
        (ReplayState.restart, {}),
        ("/schedules", {}),
        (SchedulesState.pause, {"schedule_id": cron}),
        (SchedulesState.delete, {"schedule_id": cron}),
        (f"/t/{thread_id}", {}),
    ]


_LOADED: dict[str, type[rx.State]] = {"inbox": InboxState, "schedules": SchedulesState}
"""What tells that a place has read what it shows."""


async def done(tab: Tab, *what: tuple[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    """Do it; returns what the page shows after each step."""
    shown = []
    tab.sent.clear()
    for handler, payload in what:
        if isinstance(handler, str):
            await tab.load(handler)
            if loaded := _LOADED.get(handler.split("/")[1]):
                await until(partial(tab.var, loaded, "loaded"))
        else:
            await tab.do(handler, **payload)
        mine = tab_session.find(tab.token)
        await until(lambda mine=mine: mine and mine.list and mine.list.version == mine.list_shown)
        shown.append(seen(tab, str(tab.path)))
    return shown


@pytest.mark.parametrize("setting", ["open", "everyone"])
async def test_nothing_that_is_done_to_a_foreign_chat_does_or_tells_anything(
    start: Callable[..., Awaitable],
    langgraph_server: str,
    client: LangGraphClient,
    setting: str,
) -> None:
    new_tab = await start(langgraph_server, CHAT_UNOWNED_THREADS=setting)
    tab = new_tab()
    await tab.load("/")
    await tab.send(f"3 {CANARY}")
    thread_id = tab.thread_id
    state: Any = await client.threads.get_state(thread_id)
    ids = [message["id"] for message in state["values"]["messages"]][:2]
    await tab.do(FeedbackState.rate, message_id=ids[1], score="bad")
    await tab.do(ShareState.open)
    await tab.do(ShareState.create, kind="live")
    [link] = [one["id"] for one in tab.var(ShareState, "links")]
    await tab.load("/schedules")
    await tab.until(lambda: tab.var(SchedulesState, "loaded"))
    chosen = tab.var(AssistantsState, "chosen")
    given = {"message": f"2 {CANARY}", "assistant": chosen, "cron": "0 9 * * *", "zone": "UTC"}
    await tab.do(SchedulesState.create, given=given)
    [cron] = await client.crons.search(metadata={"chat_owner": tab.person.id})
    before = await at_server(client, thread_id)
    count = await client.threads.count()

    one, other = new_tab(), new_tab()
    one.person, other.person = Person(str(uuid4())), Person(str(uuid4()))
    foreign = await done(one, *steps(thread_id, ids, link, str(cron["cron_id"])))
    gone = [str(uuid4()), str(uuid4())]
    missing = await done(other, *steps(str(uuid4()), gone, "a" * 64, str(uuid4())))

    assert CANARY not in "".join(one.sent)
    assert CANARY not in await one.state()
    assert link not in "".join(one.sent)
    for step, (told, told_too) in enumerate(zip(foreign, missing, strict=True)):
        different = {key for key in told if told[key] != told_too.get(key)}
        assert different == set(), (
            step,
            {key: (told[key], told_too.get(key)) for key in different},
        )
    assert await at_server(client, thread_id) == before
    assert await client.threads.count() == count
    [cron_now] = await client.crons.search(metadata={"chat_owner": tab.person.id})
    assert cron_now.get("enabled") is not False
    items: Any = await client.store.search_items(("chat_feedback",), limit=1000)
    rated = [item["value"] for item in items["items"] if item["value"]["thread_id"] == thread_id]
    assert [(each["person"], each["note"]) for each in rated] == [(tab.person.id, "")]
    await client.crons.delete(cron["cron_id"])
