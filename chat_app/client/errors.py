"""The errors of requests, and the one place that reads status codes.

```
LangGraphError
├── UnreachableError      no answer: refused, unknown host, time-out, broken off
├── RunFailedError        a run that was waited for raised
├── NotLangGraphError     an answer, but not of a LangGraph server: a web page, a redirect
└── StatusError           the server answered with an error status
    ├── BadRequestError   400 and any 4xx not named below
    ├── AccessError       401 and 403: servers use both for a bad key
    │   └── PersonRefusedError  the request was a person's own, not the app's
    ├── NotFoundError     404 and 410
    ├── UnsupportedError  405 and 501
    ├── ConflictError     409: the thread is busy, or exists already
    ├── TooLargeError     413
    ├── InvalidError      422
    ├── RateLimitError    429
    └── ServerError       5xx
```
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from html import unescape
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from chat_app.masking import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

DETAIL_LIMIT = 600
"""Characters of `LangGraphError.detail`: a server may quote the whole request."""


class LangGraphError(Exception):
    """The root of the family. Its class says what is wrong; what a person reads is chosen above."""

    retryable: ClassVar[bool] = False
    """Whether the same request may succeed a little later."""

    def __init__(self, detail: str = "", *, status: int | None = None) -> None:
        self.detail = shorten(masked(detail))
        """The server's own words, or those of a library, without keys; may be empty."""
        self.status = status
        super().__init__(self.detail)

    def __str__(self) -> str:
        return ": ".join(filter(None, (type(self).__name__, self.detail)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status={self.status}, detail={self.detail!r})"


class Cause(StrEnum):
    """Why there was no answer, or only a part of one."""

    UNKNOWN_HOST = "unknown_host"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    """It was not accepted; `LangGraphError.detail` says why."""
    TLS = "tls"
    CONNECT_TIMEOUT = "connect_timeout"
    READ_TIMEOUT = "read_timeout"
    WRITE_TIMEOUT = "write_timeout"
    RESET = "reset"
    CLOSED_BEFORE = "closed_before"
    """The connection was closed before the first byte of an answer."""
    CLOSED_WITHIN = "closed_within"
    HEAD_TOO_LARGE = "head_too_large"
    NOT_HTTP = "not_http"
    BAD_COMPRESSION = "bad_compression"
    STREAM_ENDED = "stream_ended"
    """The stream of a run ended, and the run did not."""
    CLIENT_CLOSED = "client_closed"


class UnreachableError(LangGraphError):
    """No answer came, or it broke off: see `cause`, and `host` where one is known."""

    retryable = True

    def __init__(self, detail: str = "", *, cause: Cause | None = None, host: str = "") -> None:
        super().__init__(detail)
        self.cause = cause
        """None: only `detail` tells."""
        self.host = host

    def __str__(self) -> str:
        return ": ".join(filter(None, (super().__str__(), self.cause, self.host)))

    def __repr__(self) -> str:
        cause = self.cause.value if self.cause else None
        return f"UnreachableError(cause={cause!r}, host={self.host!r}, detail={self.detail!r})"


class NotLangGraphError(LangGraphError):
    """The answer is not of a LangGraph server."""

    def __init__(self, detail: str = "", *, status: int | None = None, location: str = "") -> None:
        super().__init__(detail, status=status)
        self.location = location
        """Where a redirect leads, without what may be secret in it."""


class RunFailedError(LangGraphError):
    """A run that was waited for raised; `detail` is the error's type and words."""


class StatusError(LangGraphError):
    """The server answered with an error status."""


class BadRequestError(StatusError):
    """The server cannot use the request as it is."""


class AccessError(StatusError):
    """The key is missing or wrong, or may not do this."""


class PersonRefusedError(AccessError):
    """The server does not know (401) the person whose request it was, or allows it not (403)."""


class NotFoundError(StatusError):
    """There is no such thread, run, assistant, item or route."""


class UnsupportedError(StatusError):
    """The route exists for other methods only, or is not built."""


class ConflictError(StatusError):
    """The thread is busy with a run, or exists already."""

    retryable = True


class TooLargeError(StatusError):
    """A server or a proxy takes no body of this size."""


class InvalidError(StatusError):
    """The request is well-formed, but a value in it is not: an unknown graph, a malformed id."""


class RateLimitError(StatusError):
    """Too many requests; `retry_after` is in seconds where the server named them."""

    retryable = True

    def __init__(
        self, detail: str = "", *, status: int | None = 429, retry_after: float | None = None
    ) -> None:
        super().__init__(detail, status=status)
        self.retry_after = retry_after


class ServerError(StatusError):
    """The server failed."""

    retryable = True


_BY_STATUS: dict[int, type[StatusError]] = {
    401: AccessError,
    403: AccessError,
    404: NotFoundError,
    405: UnsupportedError,
    409: ConflictError,
    410: NotFoundError,
    413: TooLargeError,
    422: InvalidError,
    501: UnsupportedError,
}


def refusal(status: int, headers: Mapping[str, str], body: str) -> LangGraphError:
    """The error for an answer whose status is not 2xx. `headers` are looked up in lower case."""
    detail = detail_of(body)
    page = looks_like_html(body)
    if 300 <= status < 400:
        location = without_secrets(headers.get("location", ""))
        return NotLangGraphError(detail, status=status, location=location)
    if page and status in {404, 405}:
        return NotLangGraphError(detail, status=status)
    if status == 429:
        return RateLimitError(detail, retry_after=_seconds(headers.get("retry-after", "")))
    if status >= 500 and status not in _BY_STATUS:
        return ServerError(detail, status=status)
    return _BY_STATUS.get(status, BadRequestError)(detail, status=status)


def detail_of(body: str) -> str:
    """The server's own words in a body of any shape.

    Accepts ``{detail}``, ``{message}`` and ``{error}``, each a string, an object of the same kind
    or FastAPI's list of ``{msg, loc}``; a page of HTML becomes its title; else the text itself.
    """
    if looks_like_html(body):
        return _title(body)
    try:
        return _words(json.loads(body))
    except (ValueError, RecursionError):
        return body


def looks_like_html(body: str) -> bool:
    """Whether a body is a web page rather than an answer."""
    return bool(re.match(r"\s*<(!doctype|html|head|body|\?xml)", body, re.IGNORECASE))


def shorten(text: str) -> str:
    """Collapse white space; keep both ends of a long text, for either may name the cause."""
    text = " ".join(text.split())
    if len(text) <= DETAIL_LIMIT:
        return text
    half = DETAIL_LIMIT // 2 - 2
    return f"{text[:half].rstrip()} … {text[-half:].lstrip()}"


def _words(value: Any) -> str:
    if isinstance(value, dict):
        for key in ("detail", "message", "error", "msg"):
            if words := _words(value.get(key)):
                where = value.get("loc")
                path = ".".join(map(str, where)) if isinstance(where, list) else ""
                return f"{path}: {words}" if path else words
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_words, value)))
    return "" if value is None or isinstance(value, bool) else str(value)


def without_secrets(location: str) -> str:
    """An address without its user, query and fragment."""
    try:
        parts = urlsplit(location)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = f"{parts.scheme}://{parts.hostname}{port}" if parts.scheme and parts.hostname else ""
    return host + parts.path


def _title(page: str) -> str:
    found = re.search(r"<title[^>]*>(.*?)</title>", page, re.IGNORECASE | re.DOTALL)
    if found and found[1].strip():
        return unescape(found[1])
    visible = re.sub(r"(?is)<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", " ", page)
    return unescape(visible)


def _seconds(value: str) -> float | None:
    """Seconds of a Retry-After; the form with a date is rare and not supported."""
    return float(value) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value.strip()) else None
