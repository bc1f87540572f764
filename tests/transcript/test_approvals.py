"""A call that a person reviewed reads as what became of it, not as what the model wanted."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.message import ToolCall, ToolStatus, Transcript
from tests.helpers import captures
from tests.helpers import events as ev
from tests.helpers.folding import calls, shown

NOTICE = "Note: a human reviewer replaced this tool call. Executed instead: "
REJECTED = "User rejected the tool call for `weather` with reason: no thanks"


def edited(content: str) -> str:
    return f'{NOTICE}forecast with arguments {{"city": "Ann Arbor"}}.{content}'


def last_call(*results: str, status: str = "success") -> ToolCall:
    """A call for the weather in Bonn, answered by these results in turn."""
    answers = [ev.message(ev.tool(result, status=status)) for result in results]
    asked = ev.values(ev.human("?"), ev.ai(tool_calls=[ev.call(city="Bonn")]))
    return calls(shown(asked, *answers))[-1]


@pytest.mark.parametrize(
    ("question", "answered", "expected"),
    [
        (
            "hitl_c1",
            "hitl_c2_resume_reject",
            (ToolStatus.REJECTED, {"to": "bob at example.com", "body": "Hi Bob"}, False),
        ),
        (
            "hitl_b1",
            "hitl_b2_resume_edit_by_id",
            (ToolStatus.DONE, {"to": "eve at example.com", "body": "edited"}, True),
        ),
    ],
)
def test_it_is_told_in_the_words_of_a_real_server(
    question: str, answered: str, expected: tuple[ToolStatus, dict[str, str], bool]
) -> None:
    call = calls(shown(*captures.events(question), *captures.events(answered)))[-1]
    assert (call.status, json.loads(call.args), call.edited) == expected
    assert call.result
    assert "human reviewer" not in call.result.content


def test_what_a_person_rejected_did_not_fail() -> None:
    call = last_call(REJECTED, status="error")
    assert call.status is ToolStatus.REJECTED
    assert call.result
    assert call.result.content == REJECTED
    assert last_call(REJECTED).status is ToolStatus.DONE
    assert last_call("User rejected.", status="error").status is ToolStatus.ERROR


@pytest.mark.parametrize(
    ("content", "said"),
    [("\n\nTool response:\nsunny", "sunny"), ("", ""), ("\n\nTool response:sunny", "sunny")],
)
def test_what_a_person_edited_is_what_ran(content: str, said: str) -> None:
    call = last_call(edited(content))
    assert (call.name, call.args, call.edited) == ("forecast", '{"city": "Ann Arbor"}', True)
    assert call.status is ToolStatus.DONE
    assert call.result
    assert call.result.content == said


def test_it_stays_edited_when_its_message_comes_again() -> None:
    asked = ev.ai(tool_calls=[ev.call(city="Bonn")])
    told = ev.message(ev.tool(edited("\n\nTool response:\nsunny")))
    once = shown(ev.values(ev.human("?"), asked), told)
    again = shown(ev.values(ev.human("?"), asked), told, ev.message(asked), told)
    assert calls(again) == calls(once)


@pytest.mark.parametrize(
    "content",
    [
        "Executed instead: forecast with arguments {nonsense}.",
        'Executed instead: forecast with arguments {"city": "Ann Arbor"}',
        "x" * 3_000 + edited(""),
        "Executed instead: forecast with arguments " + "{" * 100_000,
    ],
)
def test_what_only_looks_alike_is_an_ordinary_result(content: str) -> None:
    call = last_call(content)
    assert (call.name, json.loads(call.args), call.edited) == ("weather", {"city": "Bonn"}, False)
    assert call.result
    assert call.result.content == content


@given(st.text(), st.booleans())
def test_no_result_breaks_the_transcript(content: str, is_error: bool) -> None:
    status = "error" if is_error else "success"
    told = ev.message(ev.tool(NOTICE + content, status=status))
    asked = ev.values(ev.human("?"), ev.ai(tool_calls=[ev.call(city="Bonn")]))
    assert isinstance(shown(asked, told), Transcript)
