import pytest

from chat_app import client as package
from chat_app.client import (
    AccessError,
    BadRequestError,
    ConflictError,
    InvalidError,
    LangGraphError,
    NotFoundError,
    NotLangGraphError,
    RateLimitError,
    ServerError,
    TooLargeError,
    UnsupportedError,
    events,
)
from chat_app.client.errors import DETAIL_LIMIT, detail_of, refusal

PAGE = "<!DOCTYPE html><html><head><title>502 Bad\n Gateway &amp; more</title></head><body>x</body>"


def family(root: type) -> list[type]:
    """The classes drawn in the client's own tree: other layers may grow branches of their own."""
    own = [child for child in root.__subclasses__() if child.__module__ == root.__module__]
    return [root, *(leaf for child in own for leaf in family(child))]


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, BadRequestError, False),
        (401, AccessError, False),
        (402, BadRequestError, False),
        (403, AccessError, False),
        (404, NotFoundError, False),
        (405, UnsupportedError, False),
        (409, ConflictError, True),
        (410, NotFoundError, False),
        (413, TooLargeError, False),
        (422, InvalidError, False),
        (429, RateLimitError, True),
        (500, ServerError, True),
        (501, UnsupportedError, False),
        (503, ServerError, True),
        (307, NotLangGraphError, False),
    ],
)
def test_a_status_means_one_error(status: int, kind: type[LangGraphError], retryable: bool):
    error = refusal(status, {}, '{"detail": "why"}')
    assert type(error) is kind
    assert (error.status, error.detail, error.retryable) == (status, "why", retryable)
    assert str(error) == f"{kind.__name__}: why"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"detail": "gone"}', "gone"),
        ('{"detail": [{"msg": "bad", "loc": ["body", "mode", 0]}]}', "body.mode.0: bad"),
        ('{"detail": [{"msg": "a"}, {"msg": "b"}]}', "a; b"),
        ('{"message": "no"}', "no"),
        ('{"error": "no"}', "no"),
        ('{"error": {"message": "deep"}}', "deep"),
        ('{"error": true, "message": "no"}', "no"),
        ("Internal Server Error", "Internal Server Error"),
        ('"text"', "text"),
        ("{}", ""),
        ("null", ""),
        ("", ""),
        (PAGE, "502 Bad Gateway & more"),
        ("<html><script>alert(1)</script><h1>No</h1> <p>sorry</html>", "No sorry"),
        ("[" * 100_000, "[" * 298 + " … " + "[" * 298),
    ],
)
def test_the_servers_own_words_are_found_in_any_body(body: str, detail: str):
    assert refusal(500, {}, body).detail == detail


def test_a_long_detail_keeps_both_ends():
    error = refusal(422, {}, f"first {'x' * 100_000} last")
    assert len(error.detail) <= DETAIL_LIMIT
    assert error.detail.startswith("first")
    assert error.detail.endswith("last")


def test_a_web_page_for_a_missing_route_is_no_langgraph_server():
    assert isinstance(refusal(404, {}, PAGE), NotLangGraphError)
    assert isinstance(refusal(502, {}, PAGE), ServerError)
    assert isinstance(refusal(404, {}, "Not Found"), NotFoundError)


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("0.5", 0.5), ("Wed, 21 Oct 2026", None), ("", None)]
)
def test_a_rate_limit_says_how_long_to_wait(header: str, seconds: float | None):
    error = refusal(429, {"retry-after": header}, "")
    assert isinstance(error, RateLimitError)
    assert error.retry_after == seconds


def test_every_error_and_event_is_exported_and_the_list_is_sorted():
    public = {kind.__name__ for kind in family(LangGraphError) + family(events.Event)}
    assert public <= set(package.__all__)
    assert package.__all__ == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_html_is_told_from_words():
    assert detail_of("1 < 2 html") == "1 < 2 html"
