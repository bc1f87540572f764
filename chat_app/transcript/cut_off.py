"""Whether a message ended before the model had finished it: by what its provider says of the end.

Providers name the reason in their own words and places: ``finish_reason``, ``stop_reason``,
``done_reason``, ``incomplete_details``, ``prompt_feedback``. An end in unknown words is regular.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chat_app.transcript.message import CutOff

if TYPE_CHECKING:
    from chat_app.client.events import Json

_PLACES = (
    "finish_reason",
    "stop_reason",
    "finishReason",
    "stopReason",
    "done_reason",
    "incomplete_details",
    "incompleteDetails",
    "prompt_feedback",
    "promptFeedback",
)
_INSIDE = ("reason", "block_reason", "blockReason")

_LENGTH = "length max_tokens max_output_tokens max_length max_new_tokens token_limit model_length"
_WINDOW = "model_context_window_exceeded context_window_exceeded context_length_exceeded"
_FILTER = (
    "content_filter content_filtered content_filter_error safety recitation blocklist spii"
    " prohibited_content image_safety image_prohibited_content image_recitation image_other"
    " guardrail_intervened error_toxic sensitive content_policy_violation model_armor jailbreak"
)
_FAULT = (
    "error error_limit malformed_function_call unexpected_tool_call too_many_tool_calls"
    " malformed_response missing_thought_signature malformed_model_output malformed_tool_use"
    " insufficient_system_resource network_error timeout other language no_image"
)
_MEANINGS = {
    word: cut
    for words, cut in (
        (_LENGTH, CutOff.LENGTH),
        (_WINDOW, CutOff.WINDOW),
        (_FILTER, CutOff.FILTER),
        ("refusal refused", CutOff.REFUSAL),
        ("pause_turn", CutOff.PAUSE),
        (_FAULT, CutOff.FAULT),
    )
    for word in words.split()
}
_REPEATED = re.compile(r"(.+?)\1+")
"""A server adds up a reason that came with two chunks: ``lengthlength``."""


def cut_off(about: Json) -> CutOff | None:
    """Why a message with this ``response_metadata`` was cut; None where it was not.

    >>> cut_off({"finish_reason": "length"})
    <CutOff.LENGTH: 'length'>
    """
    for place in _PLACES:
        for said in _reasons(about.get(place)):
            if found := _meaning(said):
                return found
    return None


def _reasons(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = [value.get(name) for name in _INSIDE]
    listed = value if isinstance(value, list) else [value]
    return [said for said in listed if isinstance(said, str) and len(said) < 200]


def _meaning(said: str) -> CutOff | None:
    # An enum may come with its name before it: `FinishReason.MAX_TOKENS`.
    word = said.rpartition(".")[2].strip().lower().replace("-", "_")
    if word not in _MEANINGS and (repeated := _REPEATED.fullmatch(word)):
        word = repeated[1]
    return _MEANINGS.get(word.removeprefix("finish_reason_"))
