"""Agents that are nodes, questions and components: the same live, at the end and after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.played import read, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.played import Played


def test_an_agent_that_is_a_node_stands_with_its_words_also_after_a_reload(
    play: Callable[..., Played],
) -> None:
    played = play("child", "go")
    reloaded = played.reload()
    assert [kind for kind, _ in reloaded] == ["human", "agent", "text", "text"]
    assert [kind for kind, _ in reloaded] == [kind for kind, _ in played.end]
    agent = played.tab.page.get_by_test_id("agent")
    expect(agent).to_contain_text("translator")
    agent.locator("summary").first.click()
    expect(agent.locator(".inner-log")).to_contain_text("Other words, by another node.")


def test_control_that_is_handed_over_is_a_quiet_line_and_nothing_runs_on(
    play: Callable[..., Played],
) -> None:
    played = play("desk", "go")
    reloaded = played.reload()
    for seen in (played.end, reloaded):
        kinds = [kind for kind, _ in seen if kind not in ("speaker", "steps")]
        assert kinds == ["human", "handoff", "agent", "text", "handoff", "text"]
        assert [text.strip() for text in texts(seen, "handoff")] == [
            "Handed over to sums",
            "Handed back to lead",
        ]
    for moment in played.moments:
        assert "Transferring back" not in "".join(texts(moment))
    expect(played.tab.page.locator('[data-testid="row"][data-status="running"]')).to_have_count(0)


def test_a_component_is_never_above_its_message(play: Callable[..., Played]) -> None:
    played = play("widget", "go")
    moments = [*played.moments, played.end, played.reload()]
    for seen in moments:
        kinds = [kind for kind, _ in seen]
        if "widget" in kinds:
            above = texts(seen[: kinds.index("widget")], "text")
            assert above[-1:] == ["Below this line stands a table."]
    assert [kind for kind, _ in moments[-1]] == ["human", "text", "text", "widget"]


def test_both_questions_and_both_answers_stay(play: Callable[..., Played]) -> None:
    played = play("ask", "go")
    page = played.tab.page
    for question, answer in (("Which size shall it be?", "large"), ("And which colour?", "red")):
        card = page.locator('[data-testid="row"][data-kind="ask"]')
        expect(card).to_contain_text(question)
        page.get_by_role("textbox", name=f"Answer: {question}").fill(answer)
        played.tab.composer.press("Enter")
        expect(
            page.locator('[data-kind="decision"]').filter(has_text=f"Answered: {answer}")
        ).to_be_visible()
    expect(page.get_by_role("log").get_by_text("Ordered: large, red.")).to_be_visible()
    expect(played.tab.stop).to_have_count(0)
    asked_and_answered = [
        "Which size shall it be?\nAnswered: large",
        "And which colour?\nAnswered: red",
    ]
    for seen in (read(played.tab), played.reload()):
        exchanges = [" ".join(text.split()) for text in texts(seen, "decision")]
        assert exchanges == [" ".join(text.split()) for text in asked_and_answered]
        assert [kind for kind, _ in seen] == ["human", "decision", "decision", "text"]
