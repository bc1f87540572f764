"""Keys of this app in a thread's metadata, and those of its first version."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app.runs import thread_metadata

OWNER = "0f9b4e0c-5b5c-4a41-9c5b-2f1f0d6d6a01"
OLD = {"owner": OWNER, "title": "Tides"}


@pytest.mark.parametrize(
    ("metadata", "title"),
    [
        (None, ""),
        ({}, ""),
        ({"chat_title": "Tides", "chat_owner": OWNER}, "Tides"),
        (OLD, "Tides"),
        (OLD | {"chat_title": "New"}, "New"),
        (OLD | {"chat_title": 5}, ""),
        ({"title": "of another program"}, ""),
        ({"title": "of another program", "owner": "ada@example.com"}, ""),
        ({"title": "of another program", "owner": "0f9b4e0c-5b5c-1a41-9c5b-2f1f0d6d6a01"}, ""),
        ({"title": ["odd"], "owner": OWNER}, ""),
        ({"title": "odd", "owner": {"id": OWNER}}, ""),
    ],
)
def test_a_title_is_read_only_where_this_app_has_written_it(
    metadata: dict[str, Any] | None, title: str
):
    assert thread_metadata.title_of(metadata) == title


@pytest.mark.parametrize(
    ("metadata", "owner"),
    [
        (None, ""),
        ({"chat_owner": "password:ada"}, "password:ada"),
        ({"chat_owner": ["odd"]}, ""),
        (OLD, OWNER),
        (OLD | {"chat_owner": "ada"}, "ada"),
        ({"owner": OWNER}, ""),
        ({"title": "of another program", "owner": "ada@example.com"}, ""),
    ],
)
def test_an_owner_is_read_only_where_this_app_has_written_it(
    metadata: dict[str, Any] | None, owner: str
):
    assert thread_metadata.owner_in(metadata) == owner
