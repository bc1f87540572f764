"""`scripts/feedback`: all ratings of all people, as JSON lines."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import get_client
from chat_app.config import settings
from chat_app.runs import feedback
from chat_app.runs.feedback import Feedback
from scripts.feedback import main

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


async def rated(url: str, count: int) -> tuple[str, list[str]]:
    """Rate answers as two people; returns the thread and both."""
    thread_id, people = str(uuid4()), [f"password:{uuid4()}@example.com" for _ in range(2)]
    async with get_client(url=url) as client:
        for number in range(count):
            for person in people:
                note = "line\nbreak “é”"
                one = Feedback(person, thread_id, f"answer-{number}", number % 2, note, "a-run")
                await feedback.write(client, one)
    return thread_id, people


def test_all_ratings_of_all_people_are_printed(langgraph_server: str) -> None:
    thread_id, people = asyncio.run(rated(langgraph_server, 120))
    output = io.StringIO()
    main(["--url", langgraph_server], output)
    found = [json.loads(line) for line in output.getvalue().splitlines()]
    ours = [one for one in found if one["thread_id"] == thread_id]
    assert len(ours) == 240
    assert {one["person"] for one in ours} == set(people)
    assert ours[0].keys() == {
        *("person", "thread_id", "message_id", "run_id", "score", "note", "at")
    }
    assert len({(one["person"], one["message_id"]) for one in ours}) == 240
    assert {one["note"] for one in ours} == {"line\nbreak “é”"}


def test_it_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", "")
    with pytest.raises(SystemExit) as ended:
        main([])
    assert "LANGGRAPH_API_URL" in str(ended.value)
    with pytest.raises(SystemExit) as ended:
        main(["--url", "http://127.0.0.1:9"])
    assert ended.value.code
