"""A process that is too busy begins no further answer, and loses no message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.runs.load import Load
from chat_app.state import run
from chat_app.state.draft import DraftState

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.helpers.tab import Tab


class Busy(Load):
    """Late for as long as the test says."""

    @property
    def is_too_much(self) -> bool:
        return True


async def test_a_message_is_given_back_and_can_be_sent_once_there_is_room(
    new_tab: Callable[[], Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = new_tab()
    await tab.load("/")
    with monkeypatch.context() as overloaded:
        overloaded.setattr(run, "load", Busy())
        await tab.do(run.RunState.send, message="Hello there")
    assert text.TOO_BUSY in json.dumps(tab.page)
    assert "Hello there" in (tab.var(DraftState, "edited"), tab.var(DraftState, "returned"))
    assert tab.thread_id == ""
    await tab.do(run.RunState.send, message="Hello there")
    assert tab.thread_id
    assert text.TOO_BUSY not in json.dumps(tab.page)
