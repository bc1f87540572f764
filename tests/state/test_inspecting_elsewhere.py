"""An inspector asks a process that has not the socket of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.auth.gate import Gate
from chat_app.auth.rights import rights_of
from chat_app.runs.inspector import visits
from chat_app.state import server
from tests.helpers.waiting import until
from tests.state.test_inspecting import inspect, recorder_of, rows_of

if TYPE_CHECKING:
    import pytest

    from tests.helpers.tab import Tab
    from tests.state.conftest import Ask


async def test_an_inspector_whose_page_is_at_another_process_is_told_the_same(
    tab: Tab, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    await inspect(tab)
    await tab.send("5")
    rows = await rows_of(ask, tab)
    spans = (await ask(tab, "spans")).json()
    gate = Gate(server._backend(), server.ready_for)
    with monkeypatch.context() as other:
        other.setattr(server._server, "gate", gate)
        assert not gate.has_session(tab.thread_id, rights_of(tab.person))
        assert [row[:3] for row in await rows_of(ask, tab)] == [row[:3] for row in rows]
        there = (await ask(tab, "spans")).json()
        assert [row["id"] for row in there["rows"]] == [row["id"] for row in spans["rows"]]
        assert gate.has_session(tab.thread_id, rights_of(tab.person))
    await gate.aclose()


async def test_a_thread_is_recorded_for_another_process_as_long_as_requests_come(
    tab: Tab, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "LASTS", 0)
    await tab.send("3")
    await ask(tab, "events")
    recorder = recorder_of(tab)
    await until(lambda: not recorder.is_watched)
