"""What the page says of a server's assistants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from chat_app.state.assistants import AssistantsState
from chat_app.state.profiles import Starter, profiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Assistant
    from tests.helpers.tab import Tab


def names(*rows: dict[str, Any]) -> list[str]:
    numbered = [{"assistant_id": f"{number:04}-id", **row} for number, row in enumerate(rows)]
    return [one.name for one in profiles(cast("list[Assistant]", numbered))]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"graph_id": "my_research_agent"}, "My research agent"),
        ({"graph_id": "my_research_agent", "name": "my_research_agent"}, "My research agent"),
        ({"graph_id": "agent", "name": "Untitled"}, "Agent"),
        ({"graph_id": "agent", "name": None}, "Agent"),
        ({"graph_id": "agent", "name": "  Ada's\n helper "}, "Ada's helper"),
        ({"graph_id": "agent", "name": "snake_case_by_a_person"}, "snake_case_by_a_person"),
        ({"graph_id": "agent", "name": "مساعد البحث"}, "مساعد البحث"),
        ({"graph_id": "agent", "name": "n" * 5000}, "n" * 200),
        ({"graph_id": 7, "name": {"not": "a name"}}, "0000-id"),
        ({}, "0000-id"),
    ],
)
def test_an_assistant_has_the_name_that_a_person_gave_or_its_graphs_in_words(
    row: dict[str, Any], name: str
) -> None:
    assert names(row) == [name]


def test_assistants_of_the_same_name_are_told_apart_and_the_graphs_own_keeps_it() -> None:
    agent = {"graph_id": "agent", "name": "agent"}
    assert names(agent, {"graph_id": "agent", "name": "Untitled"}) == ["Agent", "Agent (0001)"]
    helper = {"graph_id": "agent", "name": "Helper"}
    other = {"graph_id": "my_research_agent", "name": "Helper"}
    assert names(helper, other) == ["Helper (Agent)", "Helper (My research agent)"]
    many = names(*[helper] * 3, *[agent] * 3, {"graph_id": "agent", "name": "Agent (0004)"})
    assert len(set(many)) == 7


def test_description_and_starters_are_bounded_and_anything_else_is_left_out() -> None:
    def of(**row: Any) -> Any:
        return profiles([cast("Assistant", {"assistant_id": "a", "graph_id": "g", **row})])[0]

    starters = ["Hello|a greeting", "", 7, None, {"prompt": "x"}, "Only a prompt", *["more"] * 20]
    full = of(description=" What it does ", metadata={"starters": starters})
    assert full.description == "What it does"
    assert full.starters[:2] == [Starter("Hello", "a greeting"), Starter("Only a prompt", "")]
    assert len(full.starters) <= 8
    assert of(metadata={"description": "from its metadata"}).description == "from its metadata"
    assert len(of(description="d" * 10**6).description) < 1100
    assert of(description="half a pair \ud800").description == "half a pair"
    for odd in (None, [], "starters", 7, {"starters": "Hello"}, {"starters": {"a": 1}}):
        assert of(description=odd, metadata=odd).starters == []


async def test_the_profile_is_that_of_the_chosen_assistant(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    await tab.load("/")
    await tab.until(lambda: tab.var(AssistantsState, "options"))
    profile = tab.var(AssistantsState, "profile")
    assert (profile["name"], profile["graph"]) == ("Slow", "slow")
    options = {option["name"]: option["id"] for option in tab.var(AssistantsState, "options")}
    await tab.do(AssistantsState.choose, assistant_id=options["agent"])
    assert tab.var(AssistantsState, "profile")["name"] == "Agent"
    await tab.do(AssistantsState.choose, assistant_id="no such one")
    assert tab.var(AssistantsState, "profile")["name"] == "Agent"
