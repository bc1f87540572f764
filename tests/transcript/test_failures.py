"""What a failed run tells a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app import text
from chat_app.transcript.failures import MOST, explained
from chat_app.transcript.message import Failure

OPENAI_QUOTA = (
    "Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your "
    "plan and billing details.', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}"
)
OPENAI_RATE = (
    "Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o in organization org-x "
    "on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 1.5s.', "
    "'type': 'tokens', 'code': 'rate_limit_exceeded'}}"
)
OPENAI_CONTEXT = (
    "Error code: 400 - {'error': {'message': \"This model's maximum context length is 8192 tokens. "
    "However, your messages resulted in 9000 tokens.\", 'code': 'context_length_exceeded'}}"
)
OPENAI_NO_KEY = (
    "The api_key client option must be set either by passing api_key to the client or by setting "
    "the OPENAI_API_KEY environment variable"
)
ANTHROPIC_CREDIT = (
    "Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', 'message': "
    "'Your credit balance is too low to access the Anthropic API.'}}"
)
ANTHROPIC_OVERLOADED = (
    "Error code: 529 - {'type': 'error', 'error': {'type': 'overloaded_error', 'message': "
    "'Overloaded'}}"
)
GOOGLE_RATE = (
    "429 You exceeded your current quota, please check your plan and billing details. Please "
    "retry in 34.07s. [violations { } , retry_delay {\n  seconds: 34\n}\n]"
)
AZURE_FILTER = (
    "Error code: 400 - {'error': {'message': \"The response was filtered due to the prompt "
    "triggering Azure OpenAI's content management policy.\", 'code': 'content_filter'}}"
)
TWENTY_FIVE_STEPS = (
    "Recursion limit of 25 reached without hitting a stop condition. You can increase the limit by "
    "setting the `recursion_limit` config key."
)
NO_RESULT = (
    "Found AIMessages with tool_calls that do not have a corresponding ToolMessage. "
    "INVALID_CHAT_HISTORY"
)
MAX_ATTEMPTS = (
    "Run 01 exceeded max attempts (3).\n\nThis usually means the pod processing the run became "
    "unhealthy. Check for OOM kills, pod restarts or other signs of pod instability."
)
TRACE = (
    "Traceback (most recent call last):\n"
    '  File "/srv/agent.py", line 7, in node\n'
    "    return 1 / 0\n"
    "ZeroDivisionError: division by zero"
)


def in_seconds(pause: str) -> str:
    return text.ASKED_TOO_OFTEN_FOR.format(pause=pause)


@pytest.mark.parametrize(
    ("error", "message", "sentence"),
    [
        ("RateLimitError", "An internal error occurred", text.ASKED_TOO_OFTEN),
        ("RateLimitError", OPENAI_RATE, in_seconds("2 seconds")),
        ("RateLimitError", OPENAI_QUOTA, text.OUT_OF_CREDIT),
        ("BadRequestError", ANTHROPIC_CREDIT, text.OUT_OF_CREDIT),
        ("ResourceExhausted", GOOGLE_RATE, in_seconds("35 seconds")),
        ("ResourceExhausted", "", text.ASKED_TOO_OFTEN),
        ("ThrottlingException", "Too many tokens, please wait", text.ASKED_TOO_OFTEN),
        ("", "HTTP 429, Retry-After: 20", in_seconds("20 seconds")),
        ("", "Error code: 429, try again in 6m0s", in_seconds("6 minutes")),
        ("", "rate limited; try again in 1m30.5s", in_seconds("2 minutes")),
        ("", "rate limited; try again in 1h 5m", in_seconds("65 minutes")),
        ("", "rate limited; try again in 250ms", in_seconds("1 second")),
        ("", "rate limited; please wait 15 seconds before", in_seconds("15 seconds")),
        ("", "rate limited after retry 3 of 3", text.ASKED_TOO_OFTEN),
        ("", "rate limited; try again in 99999 s", text.ASKED_TOO_OFTEN),
        ("GraphRecursionError", TWENTY_FIVE_STEPS, text.TOO_MANY_STEPS),
        ("", f'GraphRecursionError("{TWENTY_FIVE_STEPS}")', text.TOO_MANY_STEPS),
        ("AuthenticationError", "An internal error occurred", text.KEY_REFUSED),
        ("PermissionDeniedError", "Error code: 403 - no access to model", text.KEY_REFUSED),
        ("OpenAIError", OPENAI_NO_KEY, text.KEY_REFUSED),
        ("ValueError", "400 API key not valid. Please pass a valid API key.", text.KEY_REFUSED),
        ("HTTPStatusError", "Client error '401 Unauthorized' for url 'x'", text.KEY_REFUSED),
        ("APIStatusError", ANTHROPIC_OVERLOADED, text.OVERLOADED),
        ("InternalServerError", "An internal error occurred", text.OVERLOADED),
        ("APIStatusError", "Error code: 503", text.OVERLOADED),
        ("", "timeout", text.TOOK_TOO_LONG),
        ("TimeoutError", "", text.TOOK_TOO_LONG),
        ("APITimeoutError", "Request timed out.", text.TOOK_TOO_LONG),
        ("NodeTimeoutError", "An internal error occurred", text.TOOK_TOO_LONG),
        ("BadRequestError", OPENAI_CONTEXT, text.TOO_LONG_FOR_MODEL),
        ("BadRequestError", "prompt is too long: 210000 tokens", text.TOO_LONG_FOR_MODEL),
        ("BadRequestError", AZURE_FILTER, text.FILTERED),
        ("ContentFilterFinishReasonError", "", text.FILTERED),
        ("InvalidUpdateError", "Expected dict, got 1", text.NOT_ACCEPTED),
        ("ValidationError", "1 validation error for State", text.NOT_ACCEPTED),
        ("BadRequestError", "An internal error occurred", text.NOT_ACCEPTED),
        ("", "Error code: 400 - {'error': 'tools.0: unknown'}", text.NOT_ACCEPTED),
        ("MemoryError", "", text.OUT_OF_MEMORY),
        ("OutOfMemoryError", "CUDA out of memory", text.OUT_OF_MEMORY),
        ("RuntimeError", "worker was terminated by SIGKILL", text.OUT_OF_MEMORY),
        ("RuntimeError", MAX_ATTEMPTS, text.OUT_OF_MEMORY),
        ("APIConnectionError", "Connection error.", text.NO_CONNECTION),
        ("ConnectError", "All connection attempts failed", text.NO_CONNECTION),
        ("ConnectTimeout", "", text.NO_CONNECTION),
        ("ClientConnectorError", "Cannot connect to host", text.NO_CONNECTION),
        ("OSError", "[Errno 111] Connection refused", text.NO_CONNECTION),
        ("CancelledError", "", text.ENDED_BY_SERVER),
        ("UserInterrupt", "User interrupted the run", text.ENDED_BY_SERVER),
        ("lost", "", text.RUN_LOST),
        ("lost", "timeout", text.RUN_LOST),
        ("ValueError", "no such city", text.RUN_FAILED),
        ("ValueError", NO_RESULT, text.RUN_FAILED),
        ("RecursionError", "maximum recursion depth exceeded", text.RUN_FAILED),
        ("RuntimeError", "Memory of 401 birds in http form", text.RUN_FAILED),
        ("ValueError", "flight 429 has no seats", text.RUN_FAILED),
        ("", TRACE, text.RUN_FAILED),
        ("", "", text.RUN_FAILED),
    ],
)
def test_an_error_of_any_library_is_told_in_one_sentence_for_a_person(
    error: str, message: str, sentence: str
) -> None:
    assert explained(Failure(error, message))[0] == sentence


def test_the_servers_own_words_are_kept_with_the_errors_name() -> None:
    assert explained(Failure("ValueError", "no such city"))[1] == "ValueError: no such city"
    assert explained(Failure("", TRACE))[1] == TRACE
    assert explained(Failure("lost", "refused"))[1] == "refused"
    assert explained(Failure("", ""))[1] == ""


def test_of_a_very_long_text_both_ends_are_kept() -> None:
    _, detail = explained(Failure("ValueError", f"begins {'x' * 1_000_000} ends"))
    assert detail.startswith("ValueError: begins x")
    assert detail.endswith("x ends")
    assert len(detail) <= MOST


_BITS = st.sampled_from(
    [
        "RateLimitError",
        "try again in ",
        "retry_after=",
        "9" * 40,
        "1h",
        "2m",
        "3.5s",
        "ms",
        "\n",
        "(",
    ]
)


@given(st.text(max_size=30), st.text() | st.lists(_BITS | st.text(max_size=3)).map("".join))
def test_whatever_a_server_says_there_is_a_sentence_and_a_detail_of_bearable_length(
    error: str, message: str
) -> None:
    sentence, detail = explained(Failure(error, message))
    assert sentence.strip()
    assert "{" not in sentence
    assert "\n" not in sentence
    assert len(detail) <= MOST


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (1, "1 second"),
        (89.5, "90 seconds"),
        (91, "2 minutes"),
        (7200, "2 hours"),
    ],
)
def test_a_pause_is_rounded_up_to_words(seconds: float, words: str) -> None:
    assert text.pause(seconds) == words
