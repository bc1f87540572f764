"""The edit of Reflex's script that lets one built page serve any address, and try again soon."""

from __future__ import annotations

from importlib.resources import files

import pytest

from chat_app.page_socket import with_own_origin, with_secret_token

REFLEX_SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text()


def test_the_installed_reflex_has_the_lines_that_are_with_own_origin() -> None:
    script = with_own_origin(REFLEX_SCRIPT)
    assert "endpoint.host = window.location.host;" in script
    assert "timeout: 6000," in script


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
