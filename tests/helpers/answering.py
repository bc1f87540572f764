"""A tab's open questions, and answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.state.asking import AskState

if TYPE_CHECKING:
    from tests.helpers.tab import Tab


def cards(tab: Tab) -> list[dict[str, Any]]:
    """The rows of what is asked."""
    return [row for row in tab.rows if row["kind"] == "ask"]


async def answer(tab: Tab, *, at: int = 0, **given: Any) -> None:
    """Answer a question and wait for all that follows."""
    await tab.do(AskState.answer, key=cards(tab)[at]["key"], given=given)


async def decide(tab: Tab, *decisions: dict[str, Any], at: int = 0) -> None:
    """Decide about the actions of a question."""
    await answer(tab, at=at, decisions=list(decisions))
