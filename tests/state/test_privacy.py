"""What a browser must never get, and what it must not be able to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.state.run import RunState
from chat_app.state.thread import ThreadState
from chat_app.state.transcript import TranscriptState
from tests.state.conftest import SECRET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import reflex as rx

    from tests.helpers.tab import Tab


async def test_no_secret_is_in_any_state_or_delta(
    start: Callable[..., Awaitable[Callable[[], Tab]]], langgraph_server: str
) -> None:
    header = "a-header-no-browser-may-see"
    new_tab = await start(langgraph_server, LANGGRAPH_API_HEADERS=f'{{"x-team": "{header}"}}')
    tab = new_tab()
    await tab.load("/")
    await tab.send("3")
    whole = await tab.state()
    assert tab.thread_id in whole
    for secret in SECRET, header, langgraph_server:
        assert secret not in whole
        assert not [delta for delta in tab.sent if secret in delta]


async def test_no_var_can_be_set_from_outside(tab: Tab) -> None:
    await tab.send("2")
    before = {state: dict(values) for state, values in tab.page.items()}
    states: list[tuple[type[rx.State], str]] = [
        (RunState, "can_retry"),
        (RunState, "thread_id"),
        (RunState, "_look"),
        (ThreadState, "trouble"),
        (TranscriptState, "is_empty"),
    ]
    for state, name in states:
        future = await tab.enqueue(state.event_handlers["setvar"], var_name=name, value="forged")
        await tab.until(future.done)
    assert tab.page == before
