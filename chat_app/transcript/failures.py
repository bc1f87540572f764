"""What a failed run tells a person: one sentence of ours, and the server's own words.

A server names the error's type and quotes its text, both as the agent's libraries put them: those
of OpenAI, Anthropic, Google and others differ in their words for the same trouble.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat_app import text

if TYPE_CHECKING:
    from chat_app.transcript.message import Failure

MOST = 4000
"""Characters of the server's words: it may quote a request or a trace of any length."""


def explained(failure: Failure) -> tuple[str, str]:
    """A sentence, never empty, and the server's words, which may be."""
    if failure.error == "lost":
        return text.RUN_LOST, text.both_ends(failure.message, MOST)
    words = ": ".join(part for part in (failure.error, failure.message) if part)
    words = text.both_ends(words, MOST)
    sentence = next((said for said, signs in _SIGNS if signs.search(words)), text.RUN_FAILED)
    # Some say the same of a quota that is used up and of one that fills up again in a minute.
    if sentence in {text.ASKED_TOO_OFTEN, text.OUT_OF_CREDIT} and (pause := _pause(words)):
        sentence = text.ASKED_TOO_OFTEN_FOR.format(pause=text.pause(pause))
    return sentence, words


def may_help(failure: Failure | None) -> bool:
    """Whether running again may help, with nothing else changed."""
    return failure is not None and explained(failure)[0] not in _LASTING


def _signs(names: str, words: str) -> re.Pattern[str]:
    """Matches an exception's name as it is written, or words in any case."""
    return re.compile(rf"\b(?:{names})\b|(?i:{words})")


def _status(codes: str) -> str:
    """A status code, where it is said to be one."""
    return rf"\b(?:code|status|http(?:/[\d.]+)?)['\" :=(]{{1,4}}(?:{codes})\b"


_SIGNS = (
    (
        text.OUT_OF_CREDIT,
        _signs(
            "PaymentRequiredError",
            r"insufficient[_ ](?:quota|funds|credits?|balance)|exceeded your current quota"
            r"|credit balance is too low|out of credits?|payment required|billing hard limit"
            rf"|(?:usage|spending) limits? (?:reached|exceeded)|{_status('402')}",
        ),
    ),
    (
        text.TOO_LONG_FOR_MODEL,
        _signs(
            r"Context\w*(?:Overflow|Exceeded)Error",
            r"context[_ ]length|context window|(?:prompt|input|request) is too long"
            r"|exceeds? the (?:maximum|model's) (?:number of tokens|token limit)",
        ),
    ),
    (
        text.FILTERED,
        _signs(
            r"Content(?:Filter|Policy)\w*Error",
            r"content[_ ]filter|content[_ ](?:management )?policy|prohibited[_ ]content"
            r"|\bsafety (?:system|filter|setting|reason)|blocked by .{0,20}safety"
            r"|responsible[_ ]?ai",
        ),
    ),
    (
        text.ASKED_TOO_OFTEN,
        _signs(
            r"\w*RateLimit\w*|ResourceExhausted|TooManyRequests\w*|Throttling\w*",
            r"rate[_ ]?limit|too many (?:requests|tokens)|throttl|resource[_ ]exhausted"
            rf"|{_status('429')}",
        ),
    ),
    (
        text.TOO_MANY_STEPS,
        _signs(
            r"GraphRecursionError|(?:Model|Tool)CallLimitExceededError",
            r"recursion limit of \d+ reached|(?:model|tool) call limits? (?:reached|exceeded)",
        ),
    ),
    (
        text.KEY_REFUSED,
        _signs(
            r"Authentication\w*Error|PermissionDenied\w*|Unauthenticated|AccessDenied\w*",
            r"(?:invalid|incorrect|missing|expired) .{0,20}(?:api[-_ ]?key|credentials)"
            r"|api[-_ ]?key .{0,30}(?:not valid|invalid|missing|must be set|not set|not found)"
            r"|did not find .{0,30}api[-_ ]?key|could not resolve authentication"
            r"|unable to locate credentials|credentials were not found"
            rf"|401 unauthorized|403 forbidden|{_status('401|403')}",
        ),
    ),
    (
        text.OUT_OF_MEMORY,
        _signs(
            r"\w*MemoryError",
            r"out of memory|cannot allocate memory|oom[- ]?kill|\bsigkill\b|exceeded max attempts",
        ),
    ),
    (
        text.OVERLOADED,
        _signs(
            r"Overloaded\w*|InternalServerError|ServiceUnavailable\w*",
            r"overloaded|service (?:is )?(?:temporarily )?unavailable|bad gateway|at capacity"
            rf"|high demand|{_status('50[0234]|529')}",
        ),
    ),
    (
        text.NO_CONNECTION,
        _signs(
            r"\w*Connect(?:ion|or)?(?:\w*Error|Timeout)|RemoteProtocolError|SSL\w*Error|gaierror",
            r"connection (?:error|refused|reset|aborted)|connection attempts failed|getaddrinfo"
            r"|name or service not known|name resolution|network is unreachable",
        ),
    ),
    (
        text.TOOK_TOO_LONG,
        _signs(
            r"\w*Timeout(?:Error|Exception)?|DeadlineExceeded",
            r"\btimed[- ]?out\b|^timeout$|deadline exceeded",
        ),
    ),
    (
        text.ENDED_BY_SERVER,
        _signs(
            "CancelledError|UserInterrupt|UserRollback",
            r"interrupted the run|rollback of the run|run was cancelled",
        ),
    ),
    (
        text.NOT_ACCEPTED,
        _signs(
            r"InvalidUpdateError|EmptyInputError|\w*ValidationError|BadRequestError"
            r"|UnprocessableEntityError|InvalidArgument",
            rf"invalid[_ ](?:request|argument)|validation errors? for|{_status('400|422')}",
        ),
    ),
)
"""What the words of many libraries have in common; the first that fits counts."""

_LASTING = {
    text.OUT_OF_CREDIT,
    text.TOO_LONG_FOR_MODEL,
    text.FILTERED,
    text.KEY_REFUSED,
    text.NOT_ACCEPTED,
}
"""The same request would fail again: it, or the agent, has to be changed first."""

_PAUSES = (
    re.compile(
        r"(?:try again|retry|wait|resets?)\b\D{0,24}?(?=\d)"
        r"(?:(?P<h>\d{1,3}) ?h(?:ours?)?,? ?)?"
        r"(?:(?P<m>\d{1,4}) ?m(?:in(?:utes?)?)?(?![a-z]),? ?)?"
        r"(?:(?P<s>\d{1,6}(?:\.\d{1,9})?) ?s(?:ec(?:onds?)?)?(?![a-z]))?"
        r"(?:(?P<ms>\d{1,7}) ?ms\b)?",
        re.IGNORECASE,
    ),
    re.compile(r"retry[-_ ]?(?:after|delay)\D{0,16}(?P<s>\d{1,6}(?:\.\d{1,9})?)\b", re.IGNORECASE),
)
_SECONDS = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}
_LONGEST_PAUSE = 24 * 3600


def _pause(words: str) -> float:
    """The seconds that the words ask to wait before the next try; 0 where they name none."""
    for found in (found for form in _PAUSES for found in form.finditer(words)):
        amounts = {unit: float(amount) for unit, amount in found.groupdict().items() if amount}
        seconds = sum(amount * _SECONDS[unit] for unit, amount in amounts.items())
        if 0 < seconds <= _LONGEST_PAUSE:
            return seconds
    return 0
