"""What a message may carry beside plain text: live, at the end, and after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chat_app import text
from tests.helpers.browser import wait_for
from tests.helpers.played import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.played import Played, Seen

    Play = Callable[..., Played]


def everything(seen: Seen) -> str:
    return "\n".join(text for _, text in seen)


@pytest.mark.parametrize(
    ("prompt", "kinds", "words"),
    [
        ("refused", ["human", "notice", "text"], [text.REFUSED, "Sorry, with that I must not"]),
        ("spoken", ["human", "text", "media"], ["Good morning from the loudspeaker."]),
        ("painted", ["human", "media", "text"], ["Here it is, as you wished."]),
        ("summed", ["human", "reasoning", "text"], ["The second option is the better one."]),
        ("think", ["human", "reasoning", "text"], ["A very good evening!"]),
        ("thinkend", ["human", "reasoning", "text"], ["The library opens at nine."]),
        (
            "servertool",
            ["human", "tool", "text", "sources"],
            ["web_search", "length of the Danube", "https://example.com/danube"],
        ),
        ("artifact", ["human", "tool", "text"], ["fetch_rows", "fruit"]),
        ("filtered", ["human", "text", "notice"], ["two cups of", text.CUT_OFF["filter"]]),
        ("ansi", ["human", "text", "text"], ["3 passed, 1 failed"]),
    ],
)
def test_every_shape_is_seen_for_what_it_is(
    play: Play, prompt: str, kinds: list[str], words: list[str]
) -> None:
    played = play("shapes", prompt)
    assert [kind for kind, _ in played.end] == kinds
    for word in words:
        assert word in everything(played.end)
    for seen in played.moments:
        assert not any(sign in everything(seen) for sign in ("think>", "<thi", "iVBOR", "UklGR"))
    assert played.reload() == played.end


def test_sound_has_a_player_and_a_picture_is_drawn(play: Play) -> None:
    spoken = play("shapes", "spoken").tab.page
    assert spoken.locator("audio").evaluate("player => player.src").count("/_media/") == 1
    drawn = play("shapes", "painted").tab.page.locator(".picture img")
    expect(drawn).to_be_visible()
    wait_for(drawn.page, "document.querySelector('.picture img').naturalWidth === 60")


@pytest.mark.parametrize("prompt", ["toolong", "maxtokens"])
def test_an_answer_cut_at_its_limit_can_be_continued(play: Play, prompt: str) -> None:
    played = play("shapes", prompt)
    kind, said = played.end[-1]
    assert (kind, said.split("\n\n")) == ("notice", [text.CUT_OFF["length"], text.CONTINUE])
    assert played.reload() == played.end
    page = played.tab.page
    page.get_by_test_id("continue").click()
    reason = text.CUT_OFF["length"].rstrip(".")
    expect(page.get_by_text(f"{reason}. {text.CONTINUED}")).to_be_visible()
    expect(page.locator(".bubble")).to_have_count(1)
    expect(page.get_by_text(text.GO_ON_MESSAGE)).to_have_count(0)


def test_an_artifact_is_opened_with_its_call(play: Play) -> None:
    page = play("shapes", "artifact").tab.page
    page.locator(".tool summary").first.click()
    expect(page.locator(".card")).to_contain_text("quince")


def test_speakers_are_named_and_only_the_person_has_bubbles(play: Play) -> None:
    played = play("nodes", "named")
    assert texts(played.end, "human") == ["named"]
    assert texts(played.end, "speaker") == ["researcher", "writer", "coordinator", "writer"]
    assert "Please go on with page two." in texts(played.end, "text")
    assert played.reload() == played.end


def test_instructions_are_folded_and_a_functions_result_is_a_tools(play: Play) -> None:
    played = play("nodes", "roles")
    assert [kind for kind, _ in played.end] == ["human", "system", "tool", "system", "text"]
    assert "house rules" not in everything(played.end)
    played.tab.page.locator(".tool summary").click()
    expect(played.tab.page.locator(".card")).to_contain_text("lookup gave 42")
    folded = played.reload()
    assert [kind for kind, _ in folded] == ["human", "system", "tool", "system", "text"]


def test_calls_and_results_that_do_not_come_in_pairs_are_joined(play: Play) -> None:
    twice = play("nodes", "twocalls")
    shown = texts(twice.end, "tool")
    assert [city in row for city, row in zip(["Oslo", "Bern"], shown, strict=True)] == [True] * 2
    assert texts(twice.end, "text") == ["Both have many."]
    assert twice.reload() == twice.end
    early = play("nodes", "early")
    (forecast,) = texts(early.end, "tool")
    assert "done" in forecast
    assert "Bonn" in forecast
    assert early.reload() == early.end


def test_a_run_without_an_answer_says_so(play: Play) -> None:
    played = play("nodes", "silent")
    assert played.end == [("human", "silent"), ("notice", text.UNANSWERED)]
    assert all("notice" not in dict(seen) for seen in played.moments[:-1])
    assert played.reload() == played.end
