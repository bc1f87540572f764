"""The page to go to after signing in is one of this app, whatever an address asks for."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.auth.next_path import local_path

AT = "http://localhost:3000"

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/\t/evil.example",
    "/\n//evil.example",
    "/t/x\r\nSet-Cookie: a=b",
    "/%0d%0aSet-Cookie:a=b",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    " /t/x",
    "/ /evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/t/../..//evil.example",
    "/@evil.example",
    "evil.example",
    "?next=//evil.example",
    "/sign-in?next=/",
    "/sign-out",
    "/_event",
    "/_login",
    "/\u2215evil.example",
    "/\uff0fevil.example",
    "/t/\u0000",
    "/t//x",
    "",
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nothing_leads_elsewhere(wanted: str) -> None:
    assert local_path(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/", "/t/0b5c-9", "/t/0b5c?assistant=My%20agent&x=1", "/s/a_b"])
def test_pages_of_the_app_are_kept(wanted: str) -> None:
    assert local_path(wanted) == wanted


@given(st.text(max_size=30) | st.text(alphabet="/\\.:%2fF5cC@? \t\r\nabt-_", max_size=30))
def test_no_text_leads_elsewhere(wanted: str) -> None:
    path = local_path(wanted)
    assert httpx.URL(AT).join(path).host == "localhost"
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\", "/_"))
    assert path.isascii()
    assert path.isprintable()
