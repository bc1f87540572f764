"""The edit of Reflex's script that takes the evaluation of text out of the page."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from chat_app.built_page.events import page_event, without_eval

REFLEX_SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text()


def test_nothing_is_evaluated_in_the_script_of_the_installed_reflex() -> None:
    assert "eval(" in REFLEX_SCRIPT
    script = without_eval(REFLEX_SCRIPT)
    assert not re.search(r"\beval\b|\bnew Function\b|\bFunction\(", script)


def test_editing_twice_is_editing_once() -> None:
    once = without_eval(REFLEX_SCRIPT)
    assert without_eval(once) == once


def test_an_event_for_the_document_carries_a_name_only() -> None:
    spec = page_event("appfailure")
    assert f'"{spec.handler.fn.__qualname__}"' in without_eval(REFLEX_SCRIPT)
    assert [str(name) for name, _ in spec.args] == ["event"]


@pytest.mark.parametrize(
    "script",
    [
        "export const applyEvent = async (event) => elsewhere;",
        REFLEX_SCRIPT.replace('"_redirect"', '"_go"'),
        REFLEX_SCRIPT + "\nnew Function(code)();",
        REFLEX_SCRIPT + "\n(0, eval)(code)",
    ],
)
def test_a_reflex_that_does_it_otherwise_is_reported(script: str) -> None:
    with pytest.raises(LookupError, match=r"utils/state\.js"):
        without_eval(script)
