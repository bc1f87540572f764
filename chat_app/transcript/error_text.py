"""What an error of the agent server's client says to a person."""

from __future__ import annotations

from chat_app import text
from chat_app.client.errors import (
    AccessError,
    BadRequestError,
    ConflictError,
    InvalidError,
    LangGraphError,
    NotFoundError,
    NotLangGraphError,
    PersonRefusedError,
    RateLimitError,
    RunFailedError,
    ServerError,
    TooLargeError,
    UnreachableError,
    UnsupportedError,
)

_SENTENCES: dict[type[LangGraphError], str] = {
    AccessError: text.ACCESS_REFUSED,
    BadRequestError: text.BAD_REQUEST,
    ConflictError: text.THREAD_CONFLICT,
    InvalidError: text.INVALID_REQUEST,
    LangGraphError: text.REQUEST_FAILED,
    NotFoundError: text.NOT_FOUND,
    NotLangGraphError: text.NOT_LANGGRAPH,
    PersonRefusedError: text.PERSON_REFUSED,
    RateLimitError: text.RATE_LIMITED,
    RunFailedError: text.RUN_RAISED,
    ServerError: text.SERVER_FAILED,
    TooLargeError: text.REQUEST_TOO_LARGE,
    UnreachableError: text.UNREACHABLE,
    UnsupportedError: text.UNSUPPORTED,
}
_UNKNOWN = 401


class AppError(LangGraphError):
    """A failure that the app itself finds; `sentence` is for a person."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(detail)
        self.sentence = sentence


def describe(error: LangGraphError) -> tuple[str, str]:
    """One sentence, never empty, and the details, which may be: `chat_app.text.DETAILS`."""
    return _sentence(error), _details(error)


def cause_of(error: LangGraphError) -> str:
    """The details, or the sentence where there are none."""
    sentence, details = describe(error)
    return details or sentence


def in_full(error: LangGraphError | None) -> str:
    """The sentence and the details in one line; empty without an error."""
    return " ".join(describe(error)).strip() if error else ""


def _sentence(error: LangGraphError) -> str:
    if isinstance(error, AppError):
        return error.sentence
    if isinstance(error, PersonRefusedError) and error.status == _UNKNOWN:
        return text.PERSON_UNKNOWN
    if isinstance(error, RateLimitError) and error.retry_after:
        return text.RATE_LIMITED_FOR.format(pause=text.pause(error.retry_after))
    return next(_SENTENCES[kind] for kind in type(error).__mro__ if kind in _SENTENCES)


def _details(error: LangGraphError) -> str:
    if isinstance(error, NotLangGraphError) and error.location:
        return text.REDIRECTS_TO.format(address=error.location)
    if isinstance(error, UnreachableError) and error.cause:
        said = text.UNREACHABLE_CAUSES[error.cause.value]
        return said.format(host=error.host, why=error.detail).rstrip(" :")
    return error.detail
