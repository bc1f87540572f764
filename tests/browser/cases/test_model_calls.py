"""Model calls and messages on a real server: once at every moment, and the same after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.played import Played, record, texts

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWER = "These are the plain words of an answer."
SUMMARISED = "Earlier messages were summarised for the agent"


def test_a_call_whose_id_changes_stands_once_at_every_moment(play: Callable[..., Played]) -> None:
    played = play("shapes", "responses")
    for seen in played.moments:
        assert sum("I look into" in text for text in texts(seen, "text")) <= 1
        assert sum(kind == "tool" for kind, _ in seen) <= 1
    assert sum(kind == "reasoning" for kind, _ in played.end) == 1
    assert played.reload() == played.end


def test_a_message_saved_under_another_id_is_changed_in_its_place(
    play: Callable[..., Played],
) -> None:
    played = play("sameid", "go")
    assert all(len(texts(seen, "text")) <= 1 for seen in played.moments)
    assert texts(played.end, "text") == [f"{ANSWER[:-1]}. (checked)"]
    assert played.reload() == played.end


def test_the_structured_output_of_a_router_is_a_quiet_row(play: Callable[..., Played]) -> None:
    played = play("inner", "go")
    assert not any("{" in text for seen in played.moments for text in texts(seen, "text"))
    assert any("classify" in text for text in texts(played.end, "inner"))
    assert texts(played.end, "text") == [ANSWER]
    assert played.reload() == played.end


def test_hidden_calls_and_messages_are_never_seen(play: Callable[..., Played]) -> None:
    for graph, prompt in (("hidden", "go"), ("nodes", "unseen")):
        played = play(graph, prompt)
        said = [text for seen in played.moments for _, text in seen]
        assert not any("CLASSIFIER" in text or "NOT " in text for text in said)
        assert played.reload() == played.end


def test_a_further_attempt_takes_the_place_of_the_failed_one(play: Callable[..., Played]) -> None:
    played = play("retry", "go")
    for seen in played.moments:
        said = " ".join(texts(seen, "text"))
        assert not ("Half of" in said and "These" in said)
    assert played.reload() == played.end == [("human", "go"), ("text", ANSWER)]


def test_what_was_read_stays_when_the_agent_summarises(play: Callable[..., Played]) -> None:
    tab = play("nodes", "hello one").tab
    moments = record(tab)
    tab.ask("summarise")
    expect(tab.page.locator('[data-kind="memory"]')).to_contain_text(SUMMARISED)
    expect(tab.stop).to_have_count(0)
    played = Played(tab, moments)
    assert texts(played.end, "human") == ["hello one", "summarise"]
    assert texts(played.end, "text") == ["Node says: hello one", "Here I go on after the summary."]
    assert all("Summary so far" not in text for seen in played.moments for _, text in seen)
    assert played.reload() == played.end
