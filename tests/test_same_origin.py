"""The edit of Reflex's script that lets one built page serve any address."""

from __future__ import annotations

from importlib.resources import files

import pytest

from chat_app.same_origin import with_own_origin

REFLEX_SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text()


def test_the_installed_reflex_has_the_line_that_is_edited() -> None:
    assert "endpoint.host = window.location.host;" in with_own_origin(REFLEX_SCRIPT)


def test_editing_twice_is_editing_once() -> None:
    once = with_own_origin(REFLEX_SCRIPT)
    assert with_own_origin(once) == once


def test_a_reflex_that_does_it_otherwise_is_reported() -> None:
    with pytest.raises(LookupError, match=r"utils/state\.js"):
        with_own_origin("export const getBackendURL = () => elsewhere;")
