"""What an error of the agent server's client says to a person."""

from __future__ import annotations

import re

import pytest

from chat_app import client, text
from chat_app.client.errors import (
    Cause,
    LangGraphError,
    NotFoundError,
    NotLangGraphError,
    RateLimitError,
    StatusError,
    UnreachableError,
    refusal,
)
from chat_app.transcript.error_text import AppError, cause_of, describe, in_full

JARGON = re.compile(r"errno|_ssl\.c|bytearray|illegal|peer|chunk|h11|buffer|\[|b'", re.IGNORECASE)
KINDS = [
    kind
    for name in client.__all__
    if isinstance(kind := getattr(client, name), type) and issubclass(kind, LangGraphError)
]


def test_every_error_has_a_sentence_of_its_own() -> None:
    # A status is always one of those below `StatusError`, whose sentence is that of the root.
    sentences = [describe(kind())[0] for kind in KINDS if kind is not StatusError]
    assert len(set(sentences)) == len(sentences) == len(KINDS) - 1
    assert all(sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_told_without_jargon(cause: Cause) -> None:
    sentence, details = describe(UnreachableError("why", cause=cause, host="127.0.0.1:9"))
    assert sentence == text.UNREACHABLE
    assert details
    assert not JARGON.search(details)
    assert not re.search(r"[{}]", details)


def test_no_cause_has_a_sentence_that_no_error_has() -> None:
    assert set(text.UNREACHABLE_CAUSES) == {cause.value for cause in Cause}


def test_the_host_and_the_reason_are_named_where_they_are_known() -> None:
    refused = UnreachableError(cause=Cause.REFUSED, host="127.0.0.1:9")
    assert describe(refused)[1].endswith("127.0.0.1:9")
    nameless = describe(UnreachableError(cause=Cause.REFUSED))[1]
    assert re.fullmatch(r"[\w ]+", nameless)
    untrusted = UnreachableError("self-signed certificate", cause=Cause.CERTIFICATE)
    assert describe(untrusted)[1].endswith("self-signed certificate")


def test_without_a_cause_the_details_are_the_librarys_own_words() -> None:
    assert describe(UnreachableError("odd {0}")) == (text.UNREACHABLE, "odd {0}")


def test_a_redirect_is_named_or_else_the_page() -> None:
    assert describe(NotLangGraphError("Moved", location="/login"))[1] == (
        text.REDIRECTS_TO.format(address="/login")
    )
    assert describe(NotLangGraphError("Moved"))[1] == "Moved"


def test_a_server_that_asks_to_slow_down_says_for_how_long() -> None:
    asked = describe(refusal(429, {"retry-after": "12"}, ""))[0]
    assert asked == text.RATE_LIMITED_FOR.format(pause=text.pause(12))
    assert describe(RateLimitError())[0] == text.RATE_LIMITED


def test_an_error_of_the_app_itself_has_its_own_sentence() -> None:
    assert describe(AppError("No agent.", "its log")) == ("No agent.", "its log")


def test_an_error_of_a_kind_made_elsewhere_has_the_sentence_of_the_kind_above_it() -> None:
    class OddError(NotFoundError):
        pass

    assert describe(OddError("x")) == (text.NOT_FOUND, "x")


def test_the_cause_is_the_details_or_else_the_sentence() -> None:
    assert cause_of(NotFoundError("gone")) == "gone"
    assert cause_of(NotFoundError()) == text.NOT_FOUND


def test_in_full_is_the_sentence_and_the_details() -> None:
    assert in_full(NotFoundError("gone")) == f"{text.NOT_FOUND} gone"
    assert in_full(NotFoundError()) == text.NOT_FOUND
    assert in_full(None) == ""
