"""A Chromium, and a page that remembers what went wrong in it."""

from __future__ import annotations

import os
import re
import time
from contextlib import contextmanager
from shutil import which
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HARMLESS = [
    # A reload cuts the socket while it is being opened.
    re.compile(r"WebSocket connection to .* failed: WebSocket is closed before"),
]
TIMEOUT = 60_000
_MOST_WORDS = 2_000
_TURN = 25  # ms

_MARK_LAST_QUESTION = """() => {
  const questions = document.querySelectorAll('[data-testid="row"][data-kind="human"]');
  [...questions].at(-1)?.setAttribute("data-before", "");
}"""
"""What is sent comes after it, a moment after the app has taken it."""
_IS_ANSWERED = """() => {
  const rows = [...document.querySelectorAll('[data-testid="row"]')];
  const asked = rows.findLastIndex(row => row.dataset.kind === "human");
  return !rows[asked]?.hasAttribute("data-before")
    && sessionStorage.getItem("chat_outbox") === null
    && !document.querySelector('[data-testid="stop"]')
    && rows.slice(asked + 1).some(row => row.dataset.kind === "text" && row.checkVisibility());
}"""

expect.set_options(timeout=TIMEOUT)


@contextmanager
def chromium() -> Generator[Browser]:
    """The browser that `scripts/chromium` found; the one on PATH or Playwright's own without it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM")
            or which("chromium-headless-shell")
            or which("chromium"),
            args=FLAGS,
        )
        yield browser
        browser.close()


def wait_for(
    page: Page,
    expression: str,
    arg: object = None,
    *,
    within: float = TIMEOUT / 1000,
    every: float = 0,
) -> None:
    """Wait until an expression of JavaScript, or a function of `arg`, gives what is true.

    It is asked `every` so many seconds, or as soon as may be, `within` so many.

    Playwright's `wait_for_function` has the page evaluate text, which its policy forbids.

    Raises:
        TimeoutError: it did not in time.
    """
    deadline = time.monotonic() + within
    while not page.evaluate(expression, arg):
        if time.monotonic() > deadline:
            raise TimeoutError(expression)
        page.wait_for_timeout(max(every * 1000, _TURN))


class Tab:
    """One page of the app in a browser of its own, by the words of the person using it."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        context.set_default_timeout(TIMEOUT)
        self.page: Page = context.new_page()
        self.url = url
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        self.page.on("console", lambda said: self._heard(said.type, said.text))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and not any(pattern.search(text) for pattern in HARMLESS):
            self.faults.append(f"console: {text}")

    def person_id(self) -> str:
        """The owner of this browser's threads, in the mode without sign-in."""
        (login,) = self.page.context.cookies(self.url)
        return str(login.get("value", "")).split(".")[1]

    def evidence(self, picture: Path) -> str:
        """Save how the page looks; return what it says, for who reads that a test failed."""
        picture.parent.mkdir(exist_ok=True)
        self.page.screenshot(path=picture)
        has_storage = self.page.url.startswith(self.url)
        kept = has_storage and self.page.evaluate("JSON.stringify(sessionStorage)")
        return f"{self.page.url}\n{self.page.inner_text('body')[-_MOST_WORDS:]}\n{kept}"

    def recording(self, test_id: str) -> Callable[[], list[str]]:
        """Note all that elements say from now on, however briefly; call the result to read it."""
        notes = self.page.evaluate_handle(
            """id => {
                const said = new Set();
                const note = () => document.querySelectorAll(`[data-testid="${id}"]`)
                    .forEach(element => said.add(element.innerText));
                const seen = { subtree: true, childList: true, characterData: true };
                new MutationObserver(note).observe(document.body, seen);
                return said;
            }""",
            test_id,
        )
        return lambda: notes.evaluate("said => [...said]")

    def open(self, path: str = "/") -> Tab:
        """Go to `path` and wait until the app answers in the page."""
        self.page.goto(self.url + path)
        return self.awake()

    def awake(self) -> Tab:
        """Wait until the page is connected: before that a click goes nowhere."""
        expect(self.composer).to_be_visible()
        wait_for(self.page, "window.sessionStorage.getItem('token') !== null")
        return self

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    @property
    def tail(self) -> Locator:
        return self.page.get_by_test_id("tail")

    @property
    def questions(self) -> Locator:
        """The words of the person."""
        return self.rows("human").locator(".bubble")

    @property
    def stop(self) -> Locator:
        return self.page.get_by_test_id("stop")

    @property
    def notice(self) -> Locator:
        return self.page.get_by_test_id("notice")

    @property
    def announced(self) -> Locator:
        """What the live region says now, a message each."""
        return self.page.get_by_test_id("announcer").locator("p")

    @property
    def thread_links(self) -> Locator:
        return self.page.get_by_test_id("thread-link")

    def rows(self, kind: str, **attributes: str) -> Locator:
        """The rows of one kind, e.g. `rows("tool", status="done")`."""
        more = "".join(f'[data-{name}="{value}"]' for name, value in attributes.items())
        return self.page.locator(f'[data-testid="row"][data-kind="{kind}"]{more}')

    def choose(self, graph: str) -> None:
        """Choose the assistant of a graph, which the page names for people."""
        label = graph.replace("_", " ")
        picker = self.page.get_by_test_id("assistant-picker")
        picker.select_option(label=label[:1].upper() + label[1:])

    def ask(self, text: str) -> None:
        """Write and send."""
        self.page.evaluate(_MARK_LAST_QUESTION)
        self.composer.fill(text)
        self.composer.press("Enter")

    def paste(self, text: str) -> None:
        """Put text into the composer by the clipboard, as a person does with much of it."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.composer.press("Control+V")

    def answered(self) -> None:
        """Wait until the answer stands: text after what was sent last, and nothing goes on.

        All is read at once, or the moment before a run and the text of an earlier one would do.
        """
        wait_for(self.page, _IS_ANSWERED)

    def unfold(self) -> None:
        """Open the steps of all finished turns."""
        folded = self.page.locator('[data-testid="steps"][aria-expanded="false"]')
        expect(folded.first).to_be_visible()
        while folded.count():
            folded.first.click()

    def answer(self) -> str:
        """All that is written in answer to the last question; a paragraph is a row of its own."""
        rows = self.conversation()
        asked = max(index for index, (kind, _) in enumerate(rows) if kind == "human")
        return "\n".join(text for kind, text in rows[asked:] if kind == "text")

    def thread_id(self) -> str:
        """The thread the address names, once it names one."""
        self.page.wait_for_url(re.compile(r"/t/[0-9a-f-]{36}$"))
        return self.page.url.rsplit("/", 1)[-1]

    def conversation(self) -> list[tuple[str | None, str]]:
        """Kind and text of every row, without the lines below answers."""
        rows = self.page.evaluate(
            """() => [...document.querySelectorAll('[data-testid="row"]')]
                .filter(row => row.dataset.kind !== "end")
                .map(row => [row, row.querySelector(".bubble") ?? row])
                .map(([row, words]) => [row.dataset.kind, words.innerText])"""
        )
        return [(kind, words) for kind, words in rows]
