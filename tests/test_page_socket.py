"""The edit of Reflex's script that lets one built page serve any address, and try again soon."""

from __future__ import annotations

from importlib.resources import files

import pytest

from chat_app.page_socket import edited

REFLEX_SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text()


def test_the_installed_reflex_has_the_lines_that_are_edited() -> None:
    script = edited(REFLEX_SCRIPT)
    assert "endpoint.host = window.location.host;" in script
    assert "timeout: 6000," in script


def test_editing_twice_is_editing_once() -> None:
    once = edited(REFLEX_SCRIPT)
    assert edited(once) == once


def test_a_reflex_that_does_it_otherwise_is_reported() -> None:
    with pytest.raises(LookupError, match=r"utils/state\.js"):
        edited("export const getBackendURL = () => elsewhere;")
