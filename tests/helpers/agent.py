"""A LangGraph server asked directly: what a page shows has to be what it holds."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from playwright.sync_api import expect

from chat_app.text import STOPPED
from tests.helpers.waiting import soon

if TYPE_CHECKING:
    from tests.helpers.browser import Tab

_DRAWN_WITHIN = 2.0
"""Seconds in which a busy browser draws what it knows."""
_KINDS = {"human": "human", "ai": "text"}
_OPEN = (
    """() => document.querySelector('[data-testid="tail"]')?.closest(".row")?.textContent ?? "" """
)
"""What is being written: of a long block all of it, for its open end is inside."""


@dataclass(frozen=True)
class Agent:
    """The server at `url`, by way of nothing that could harm the connection."""

    url: str

    def said(self, thread_id: str) -> list[tuple[str, str]]:
        """Who said what on a thread, in the words of `shown`."""
        messages = self._get(f"/threads/{thread_id}/state")["values"]["messages"]
        return [(_KINDS[message["type"]], _line(message["content"])) for message in messages]

    def statuses(self, thread_id: str) -> list[str]:
        """Of all runs on a thread, the first one first."""
        return [run["status"] for run in reversed(self._get(f"/threads/{thread_id}/runs"))]

    def runs(self, thread_id: str) -> bool:
        """Whether a run goes on a thread right now."""
        return "running" in self.statuses(thread_id)

    def ask(self, thread_id: str, text: str) -> None:
        """Start a run as a schedule or a script would."""
        asked = {"messages": [{"type": "human", "content": text}]}
        modes = ["messages-tuple", "values"]
        body = {"assistant_id": "slow", "input": asked, "stream_mode": modes}
        self._ask("POST", f"/threads/{thread_id}/runs", json=body)

    def _get(self, path: str) -> Any:
        return self._ask("GET", path).json()

    def _ask(self, method: str, path: str, **body: Any) -> httpx.Response:
        answer = httpx.request(method, self.url + path, trust_env=False, timeout=30, **body)
        return answer.raise_for_status()


def shown(tab: Tab) -> list[tuple[str, str]]:
    """Who said what in a tab: kind and words, where the paragraphs of an answer are one line."""
    said: list[tuple[str, str]] = []
    for kind, text in tab.conversation():
        if kind == "text" and said and said[-1][0] == "text":
            said[-1] = ("text", f"{said[-1][1]} {_line(text)}")
        elif kind in _KINDS.values():
            said.append((str(kind), _line(text)))
    return said


def expect_live(tab: Tab, agent: Agent, word: str, *, patience: float = 60) -> None:
    """See a word of the answer in the tab while the run that writes it still goes.

    None before it is missing or there twice; only the beginning may have been before our time.
    """
    soon(lambda: _is_gapless(tab.page.evaluate(_OPEN), word), patience=patience)
    assert agent.runs(tab.thread_id())


def _is_gapless(text: str, word: str) -> bool:
    """Whether `word` is there, and each one before it once: pieces may be drawn a frame later."""
    words = text.split()
    if word not in words[:-1]:  # the last one may be half there
        return False
    first = int(words[0].removeprefix("word"))
    return words[:-1] == [f"word{first + n}" for n in range(len(words) - 1)]


def expect_whole(tab: Tab, agent: Agent) -> None:
    """Wait for the end of the answer and see just what the server holds; then one more works."""
    for question in (None, "2"):
        if question:
            tab.ask(question)
            expect(tab.questions.last).to_have_text(question)
            expect(tab.rows("text").last).to_have_text("word0 word1")
        tab.answered()
        expect(tab.rows("error")).to_have_count(0)
        expect_same(tab, agent)


def expect_same(tab: Tab, agent: Agent) -> None:
    """The tab shows just what the server holds."""
    said = agent.said(tab.thread_id())
    with suppress(TimeoutError):  # the assertion shows the difference
        soon(lambda: shown(tab) == said, patience=_DRAWN_WITHIN)
    assert shown(tab) == said


def expect_stopped(tab: Tab, agent: Agent) -> None:
    """The tab says so, and the run is over; what was written is saved, and shown just so."""
    expect(tab.stop).to_have_count(0)
    expect(tab.page.get_by_text(STOPPED, exact=True)).to_be_visible()
    thread_id = tab.thread_id()
    soon(lambda: agent.statuses(thread_id)[-1] == "interrupted")
    soon(lambda: agent.said(thread_id) == shown(tab))
    words = shown(tab)[-1][1].split()
    assert words == [f"word{n}" for n in range(len(words))]
    assert words


def _line(text: str) -> str:
    return " ".join(text.split())
