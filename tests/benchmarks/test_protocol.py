"""What keeps the newer protocol of LangGraph's servers out: it is to be thought over when it ends.

The reasons and the figures are in the README beside this file.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from chat_app.client import get_client
from tests.benchmarks.protocol_features import (
    Servers,
    custom_events,
    node_and_tags_of_a_token,
    two_models_at_once,
)
from tests.helpers import captures
from tests.helpers.event_protocol import streamed
from tests.helpers.server import QUICK

if TYPE_CHECKING:
    from tests.helpers.event_protocol import Json

_WORDS = {"".join(f"{name}{n} " for n in range(12)) for name in ("left", "right")}


def recorded(name: str) -> list[Json]:
    """The envelopes of a run that was recorded with all channels."""
    return [event.data for event in captures.events(f"event_protocol/{name}")]


def test_the_answer_of_one_model_is_put_together_from_its_deltas():
    assert streamed(recorded("agent")) == ["", "It is sunny."]


def test_the_words_of_two_models_at_once_cannot_be_told_apart():
    assert not _WORDS & {*streamed(recorded("duet"))}
    whole = str(recorded("duet")[-2])
    assert all(words in whole for words in _WORDS)


def test_a_custom_event_and_the_update_of_a_node_are_not_told():
    """Though both were asked for, and the node wrote one."""
    told = {event["method"] for event in recorded("tells")}
    assert told == {"lifecycle", "messages", "values"}


def test_a_question_and_the_call_that_a_subgraph_belongs_to_are_told():
    assert [event["method"] for event in recorded("asks")][-2:] == ["input.requested", "lifecycle"]
    subgraphs = [
        event["params"] for event in recorded("delegates") if event["method"] == "lifecycle"
    ]
    causes = [about["data"]["cause"] for about in subgraphs if "cause" in about["data"]]
    assert [cause["type"] for cause in causes] == ["toolCall", "toolCall"]


@pytest.mark.slow
async def test_the_newer_protocol_still_lacks_what_the_app_needs(
    langgraph_server: str, request: pytest.FixtureRequest
):
    if request.config.getoption("--server") != "dev":
        pytest.skip("only the development server has it")
    async with (
        get_client(url=langgraph_server, retry=QUICK) as client,
        httpx.AsyncClient(base_url=langgraph_server, timeout=60) as http,
    ):
        servers = Servers(client, http)
        asked = (custom_events, node_and_tags_of_a_token, two_models_at_once)
        found = await asyncio.gather(*(feature(servers) for feature in asked))
    has = {feature.__name__: both for feature, both in zip(asked, found, strict=True)}
    assert has == dict.fromkeys(has, (True, False)), "measure again: scripts/bench protocol"
