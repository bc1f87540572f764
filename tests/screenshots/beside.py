"""The panel beside the conversation: files of the agent, by their kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.screenshots.content import DRAWING, PAGE, PROGRAM, REPORT, call, said
from tests.screenshots.state import States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()

_FILES = {
    "notes/rivers.md": REPORT,
    "words.py": PROGRAM,
    "page.html": PAGE,
    "drawing.svg": DRAWING,
}
_TODOS = [
    {"content": "Read the sources", "status": "completed"},
    {"content": "Write the report", "status": "completed"},
]


def with_files(visit: Visit) -> None:
    """Open a thread whose agent has written files."""
    answer = "The report is in `notes/rivers.md`, the program in `words.py`."
    visit.open_thread(said("Write about rivers.", answer), files=_FILES, todos=_TODOS)
    expect(visit.test_id("file")).to_have_count(len(_FILES))


def _panel(name: str, file: str, shown: str) -> None:
    def reach(visit: Visit) -> None:
        with_files(visit)
        visit.test_id("file").filter(has_text=file).click()
        expect(visit.test_id("panel").locator(shown).first).to_be_visible()

    reach.__name__ = f"panel_with_{name}"
    states("demo")(reach)


@states("demo")
def files_and_plan_of_a_thread(visit: Visit) -> None:
    with_files(visit)


_panel("markdown", "rivers.md", ".panel-body h1")
_panel("code", "words.py", "pre")
_panel("a_page", "page.html", "iframe")
_panel("a_drawing", "drawing.svg", "img")


@states("several")
def panel_with_changes(visit: Visit) -> None:
    visit.ask("Write it.", "works")
    visit.finished()
    visit.tab.ask("Change it.")
    expect(visit.tab.rows("text").last).to_have_text("Changed.")
    visit.finished()
    visit.test_id("file").filter(has_text="report.md").first.click()
    expect(visit.test_id("panel")).to_be_visible()


@states("demo")
def panel_with_a_result(visit: Visit) -> None:
    result = "\n".join(f"Line {number} of what was found." for number in range(400))
    visit.open_thread(said("Look it up.", *call("lookup", {"at": "the archive"}, result), "There."))
    visit.tab.rows("tool").locator("summary").first.click()
    visit.tab.page.get_by_role("button", name="Open beside").click()
    expect(visit.test_id("panel").locator("pre")).to_be_visible()


@states("demo")
def report_beside_the_conversation(visit: Visit) -> None:
    """What the README shows."""
    visit.ask("Research Lisbon and Tokyo")
    visit.tab.answered()
    visit.tab.thread_id()
    visit.test_id("file").filter(has_text="report.md").first.click()
    expect(visit.test_id("panel").get_by_role("heading", name="Lisbon or Tokyo?")).to_be_visible()
