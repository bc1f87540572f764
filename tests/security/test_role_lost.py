"""A person who has lost a role has lost what it allowed, also in a tab that was open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chat_app import text as words
from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.runs import thread_metadata
from chat_app.state.threads import ThreadsState
from tests.helpers.waiting import until
from tests.security.people import people_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab


async def test_a_tab_keeps_no_thread_of_a_role_that_its_person_has_lost(
    new_tab: Callable[[], Tab], client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "admins_see_all", True)
    metadata = thread_metadata.made_for("password:ada", "A title")
    thread_id = (await client.threads.create(metadata=metadata))["thread_id"]
    tab = new_tab()
    tab.person = Person("oidc:bob", "Bob", is_admin=True)
    await tab.load(f"/t/{thread_id}")
    assert words.THREAD_GONE not in json.dumps(tab.page)
    tab.person = Person("oidc:bob", "Bob", is_admin=False)
    await tab.load(f"/t/{thread_id}")
    assert words.THREAD_GONE in json.dumps(tab.page)
    await tab.send("1")
    assert await client.runs.list(thread_id) == []


async def test_a_page_that_comes_back_without_the_role_is_not_sent_what_it_showed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, langgraph_server: str, client: LangGraphClient
) -> None:
    title = "A title of Ada's alone"
    metadata = thread_metadata.made_for("proxy:ada", title)
    thread_id = (await client.threads.create(metadata=metadata))["thread_id"]
    groups = {
        "CHAT_ADMINS_SEE_ALL": "true",
        "CHAT_PROXY_GROUPS_HEADER": "X-Remote-Groups",
        "CHAT_PROXY_ADMIN_GROUPS": '["owners"]',
    }
    async with people_at("proxy", monkeypatch, tmp_path, langgraph_server, **groups) as people:
        ben = await people.come("ben")
        ben.headers["x-remote-groups"] = "owners"
        page = ben.page(f"/t/{thread_id}")
        await page.load()
        await until(lambda: title in json.dumps(page.var(ThreadsState, "links", [])))
        await page.close()
        del ben.headers["x-remote-groups"]
        again = ben.page(f"/t/{thread_id}", token=page.token)
        await again.load()
        await until(lambda: words.THREAD_GONE in json.dumps(again.heard))
        await until(lambda: again.var(ThreadsState, "loaded"))
        assert title not in "".join(again.heard)
        await again.close()
