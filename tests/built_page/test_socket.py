"""The edit of Reflex's script that lets one built page serve any address, and try again soon."""

from __future__ import annotations

from importlib.resources import files

import pytest

from chat_app.built_page.socket import with_own_origin, with_secret_token
from tests.helpers.node import each

REFLEX_SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text()


def test_the_installed_reflex_has_the_lines_that_are_with_own_origin() -> None:
    script = with_own_origin(REFLEX_SCRIPT)
    assert "endpoint.host = window.location.host;" in script
    assert "timeout: 6000," in script


@pytest.mark.parametrize(
    ("page", "served", "socket"),
    [
        ("http://localhost:3000/", "ws://localhost:8000/_event", "ws://localhost:3000/_event"),
        ("https://a.example/", "ws://localhost:8000/_event", "wss://a.example/_event"),
        ("https://a.example:8443/", "http://localhost:8000/ping", "https://a.example:8443/ping"),
        ("http://a.example/", "http://localhost:8000/ping", "http://a.example/ping"),
    ],
)
def test_the_socket_is_where_the_page_is_from(page: str, served: str, socket: str) -> None:
    inside = with_own_origin(REFLEX_SCRIPT).partition("getBackendURL = (url_str) => {")[2]
    function = inside.partition("\n};")[0]
    body = f"""
        const window = {{ location: new URL(given.page) }};
        const find = (url_str) => {{ {function} }};
        return find(given.served).href;
    """
    assert each("shared/base.js", body, [{"page": page, "served": served}]) == [socket]


def test_editing_twice_is_editing_once() -> None:
    once = with_own_origin(REFLEX_SCRIPT)
    assert with_own_origin(once) == once


def test_a_reflex_that_does_it_otherwise_is_reported() -> None:
    with pytest.raises(LookupError, match=r"utils/state\.js"):
        with_own_origin("export const getBackendURL = () => elsewhere;")


def test_the_token_of_a_tab_is_in_no_address_and_cannot_be_predicted() -> None:
    assert "Math.random" in REFLEX_SCRIPT
    script = with_secret_token(REFLEX_SCRIPT)
    assert "Math.random" not in script
    assert "query: {" not in script
    assert "opts.query" not in script
    assert "token: getToken()" in script
    assert with_secret_token(script) == script


@pytest.mark.parametrize("changed", ["query: { token },", "generateUUID = ()"])
def test_a_reflex_that_makes_its_token_otherwise_is_reported(changed: str) -> None:
    with pytest.raises(LookupError, match=r"utils/state\.js"):
        with_secret_token(REFLEX_SCRIPT.replace(changed, ""))


def test_a_script_of_an_earlier_build_gets_the_edits_that_are_newer() -> None:
    edited = with_secret_token(REFLEX_SCRIPT)
    earlier = "\n".join(line for line in edited.splitlines() if "appsocketclosed" not in line)
    assert "appsocketclosed" in with_secret_token(earlier + "\n")


def test_a_page_can_be_asked_to_reconnect_elsewhere() -> None:
    script = with_secret_token(REFLEX_SCRIPT)
    assert script.index('.on("drain"') < script.index('.on("new_token"')
    assert "io._close()" in script
