"""What is sent so that the state of a thread becomes another one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import message_to_dict
from langgraph.graph.message import add_messages

from chat_app.timeline.state_update import CannotRemoveError, not_as_asked, update_of
from tests.helpers.examples import examples
from tests.helpers.values import OBJECTS


def said(content: str, id: str) -> dict[str, Any]:
    return {"type": "ai", "content": content, "id": id}


_LISTS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5).flatmap(
    lambda ids: st.tuples(
        *(st.builds(said, st.sampled_from("xyz"), st.just(name)) for name in ids)
    ).map(list)
)


@examples(200)
@given(_LISTS, _LISTS)
def test_a_graph_that_adds_messages_has_the_new_ones_after_it(
    before: list[Any], after: list[Any]
) -> None:
    sent = update_of({"messages": before}, {"messages": after})
    got = add_messages(before, sent.get("messages", []))
    told = [message_to_dict(one)["data"] for one in got]  # type: ignore[arg-type,union-attr]
    assert [(one["id"], one["content"]) for one in told] == [
        (one["id"], one["content"]) for one in after
    ]


@examples(100)
@given(OBJECTS, OBJECTS)
def test_what_takes_the_place_of_what_was_there_is_as_it_was_asked(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    after = {**before, **after}
    sent = update_of(before, after)
    assert not_as_asked(after, {**before, **sent}, sent) == ()
    assert sent.keys() <= after.keys()
    assert update_of(after, after) == {}


def test_a_key_cannot_be_removed() -> None:
    with pytest.raises(CannotRemoveError) as refused:
        update_of({"a": 1, "b": 2}, {"a": 1})
    assert refused.value.key == "b"


def test_a_key_that_the_graph_combines_is_told() -> None:
    before, after = {"log": ["a"], "n": 1}, {"log": ["a", "b"], "n": 2}
    sent = update_of(before, after)
    assert sent == {"log": ["a", "b"], "n": 2}
    assert not_as_asked(after, {"log": ["a", "a", "b"], "n": 2}, sent) == ("log",)


def test_one_message_that_changed_is_sent_alone() -> None:
    before = [said("x", name) for name in "abc"]
    after = [*before[:2], said("y", "c"), {"type": "human", "content": "new"}]
    assert update_of({"messages": before}, {"messages": after})["messages"] == after[2:]
