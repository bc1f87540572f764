"""What the app knows of a tab is gone soon after the tab is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.state import presence, tab_session
from chat_app.state.attachments import AttachmentsState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


@pytest.fixture(autouse=True)
def short_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "GRACE", 0.05)


async def test_who_does_something_without_a_page_is_forgotten_soon(tab: Tab) -> None:
    tab.close()
    await until(lambda: tab.token not in tab_session._tabs)
    await tab.do(AttachmentsState.look)
    await until(lambda: tab.token not in tab_session._tabs)


async def test_a_page_that_is_open_is_remembered(tab: Tab) -> None:
    await tab.do(AttachmentsState.look)
    its = tab_session._tabs[tab.token]
    other = tab.token + "-other"
    tab_session._tabs[other] = tab_session.TabSession()
    presence.expire_later(other, gone=tab_session.close)  # later than that of the tab was
    await until(lambda: other not in tab_session._tabs)
    assert tab_session._tabs[tab.token] is its


async def test_who_comes_back_after_a_while_writes_into_the_thread_that_is_open(tab: Tab) -> None:
    await tab.send("1")
    thread_id = tab.thread_id
    await tab.go(f"/t/{thread_id}")
    for come_back in (True, False):
        tab.close()
        await until(lambda: tab.token not in tab_session._tabs)
        if come_back:
            await tab.load(f"/t/{thread_id}")
        await tab.do(QueueState.submit, message="2")
        assert tab.thread_id == thread_id
    await tab.load(f"/t/{thread_id}")  # without a page nothing was painted
    await tab.until(lambda: not tab.running)
    assert tab.texts("human") == ["1", "2", "2"]


async def test_a_run_does_not_go_for_ever_on_the_page_of_who_was_away_at_its_end(
    tab: Tab, long_answer: LongAnswer
) -> None:
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: tab.texts("text"))
    tab.close()
    await until(lambda: tab.token not in tab_session._tabs)
    long_answer.end()
    await over(sending)
    await tab.load(f"/t/{tab.thread_id}")
    assert not tab.running
