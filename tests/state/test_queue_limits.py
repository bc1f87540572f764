"""What waits in queues is bounded: by number in a thread, by bytes for a person and in all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.state import pending_attachments, run, tab_session
from chat_app.state.draft import DraftState
from chat_app.state.media_row import size_of
from chat_app.state.queue import QueueState
from tests.helpers.queueing import id_of, submitted, waiting
from tests.helpers.waiting import until
from tests.state.test_attaching import PICTURE, attach

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab

FULL = text.QUEUE_FULL.format(most=2)


async def test_a_full_queue_takes_no_message_until_one_is_gone(
    busy: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MAX_QUEUED", 2)
    await submitted(busy, "1", "2")
    edits = busy.var(DraftState, "edits")
    for times, handler in enumerate((QueueState.submit, run.RunState.send), 1):
        await busy.do(handler, message="3")
        assert FULL in json.dumps(busy.page)
        assert waiting(busy) == ["1", "2"]
        assert busy.var(DraftState, "edits") == edits + times  # back in the composer
        assert busy.var(DraftState, "edited") == "3"
    await busy.do(QueueState.remove, id=id_of(busy, "1"))
    await submitted(busy, "3")
    assert FULL not in json.dumps(busy.page)
    assert waiting(busy) == ["2", "3"]


async def test_a_queue_is_full_for_all_tabs_of_the_thread(
    busy: Tab, new_tab: Callable[[], Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MAX_QUEUED", 1)
    await submitted(busy, "1")
    other = new_tab()
    await other.begin_load(f"/t/{busy.thread_id}")
    await other.until(lambda: QueueState.get_full_name() in other.page)
    await other.until(lambda: waiting(other) == ["1"])
    await other.do(QueueState.submit, message="2")
    assert waiting(other) == ["1"]


async def test_files_of_a_queued_message_count_until_it_is_sent_on(
    busy: Tab, long_answer: LongAnswer
) -> None:
    before = pending_attachments.queued_size()
    [file] = await attach(busy, PICTURE)
    with_file = before + len("1") + size_of(PICTURE)
    await busy.do(QueueState.submit, message="1", attached=[file])
    assert waiting(busy) == ["1"]
    assert pending_attachments.queued_size() == with_file
    busy.close()
    tab_session.close(busy.token)
    assert pending_attachments.queued_size() == with_file
    long_answer.end()
    await until(lambda: pending_attachments.queued_size() == before)


async def test_long_messages_of_one_person_do_not_fill_the_memory_by_many_queues(
    busy: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pending_attachments.MAX_QUEUED_PER, "person", 1500)
    await busy.do(QueueState.submit, message="1 " + "x" * 1000)
    await busy.do(QueueState.submit, message="2 " + "x" * 1000)
    assert [message[0] for message in waiting(busy)] == ["1"]
    assert text.QUEUES_FULL in json.dumps(busy.page)
    await submitted(busy, "3")
