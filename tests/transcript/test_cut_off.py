"""Whether an answer was cut, by what its provider says of its end."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app.transcript.load import conversation
from chat_app.transcript.message import CutOff
from tests.helpers import events as ev


@pytest.mark.parametrize(
    ("about", "cut"),
    [
        ({"finish_reason": "length"}, CutOff.LENGTH),
        ({"finish_reason": "lengthlength"}, CutOff.LENGTH),
        ({"finish_reason": "MAX_TOKENS"}, CutOff.LENGTH),
        ({"finish_reason": "FinishReason.MAX_TOKENS"}, CutOff.LENGTH),
        ({"stop_reason": "max_tokens"}, CutOff.LENGTH),
        ({"stopReason": "max_tokens"}, CutOff.LENGTH),
        ({"done_reason": "length"}, CutOff.LENGTH),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            CutOff.LENGTH,
        ),
        ({"incomplete_details": {"reason": "content_filter"}}, CutOff.FILTER),
        ({"finish_reason": "content_filter"}, CutOff.FILTER),
        ({"finish_reason": "SAFETY"}, CutOff.FILTER),
        ({"finish_reason": "RECITATION"}, CutOff.FILTER),
        ({"prompt_feedback": {"block_reason": "PROHIBITED_CONTENT"}}, CutOff.FILTER),
        ({"stop_reason": "refusal"}, CutOff.REFUSAL),
        ({"stop_reason": "model_context_window_exceeded"}, CutOff.WINDOW),
        ({"stop_reason": "pause_turn"}, CutOff.PAUSE),
        ({"finish_reason": "MALFORMED_FUNCTION_CALL"}, CutOff.FAULT),
        ({"finish_reason": "stop"}, None),
        ({"finish_reason": "STOP", "prompt_feedback": {"block_reason": 0}}, None),
        ({"stop_reason": "end_turn"}, None),
        ({"stop_reason": "tool_use"}, None),
        ({"finish_reason": "stopstop"}, None),
        ({"finish_reason": None, "incomplete_details": None}, None),
        ({"finish_reason": ["odd", 7], "stop_reason": {"reason": 3}}, None),
        ({}, None),
    ],
)
def test_why_an_answer_was_cut_is_told_in_the_words_of_any_provider(
    about: dict[str, Any], cut: CutOff | None
):
    (message,) = conversation([ev.ai("a", response_metadata=about)])
    assert message.cut is cut
