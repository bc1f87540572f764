"""A person who has lost a role has lost what it allowed, also in a tab that was open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chat_app import text as words
from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.runs import thread_metadata

if TYPE_CHECKING:
    from collections.abc import Callable

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
