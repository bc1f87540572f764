"""Files of a message: picked, on their way, refused, sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.helpers.files import PAGE, PDF, png, wav
from tests.screenshots.start_pages import started
from tests.screenshots.state import LAPTOP, States

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.screenshots.state import Visit

states = States()

_FILES = {
    "harbour.png": png(300, 200),
    "timetable of the whole winter.pdf": PDF,
    "notes.md": b"# Notes\n\nOne line.\n",
    "memo.wav": wav(2),
}
_DRAG = """() => {
    const files = new DataTransfer();
    files.items.add(new File(["x"], "x.png", { type: "image/png" }));
    const options = { dataTransfer: files, bubbles: true, cancelable: true };
    dispatchEvent(new DragEvent("dragover", options));
}"""


def pick(visit: Visit, **files: bytes) -> None:
    """Choose files with the button."""
    chosen: list[Any] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in files.items()
    ]
    visit.test_id("files").set_input_files(chosen)
    expect(visit.test_id("chip")).to_have_count(len(files))


def uploaded(visit: Visit, count: int) -> None:
    """Wait until so many files are there."""
    expect(visit.tab.page.locator("[data-testid=chip][data-done]")).to_have_count(count)


@states("demo")
def attachments_picked(visit: Visit) -> None:
    started(visit)
    pick(visit, **_FILES)
    uploaded(visit, len(_FILES))
    visit.tab.composer.fill("What is in these?")


@states("demo")
def attachments_uploading(visit: Visit) -> None:
    started(visit)
    held: list[Route] = []
    hold = lambda route: held.append(route)  # noqa: E731, PLW0108 - no built-in
    visit.tab.page.route("**/_attachments", hold)
    visit.at_the_end(lambda: [route.abort() for route in held])
    pick(visit, **{"harbour.png": png(300, 200)})
    expect(visit.tab.page.get_by_role("progressbar")).to_be_visible()


@states("demo")
def attachments_refused(visit: Visit) -> None:
    started(visit)
    unknown = b"\0\1\2\3" * 100
    pick(visit, **{"harbour.png": png(300, 200), "drawing.png": PAGE, "program.exe": unknown})
    uploaded(visit, 1)
    expect(visit.tab.page.locator("[data-testid=chip][data-problem]")).to_have_count(2)
    visit.tab.ask("What is in these?")


@states("demo")
def attachments_too_many(visit: Visit) -> None:
    started(visit)
    chosen: list[Any] = [
        {"name": f"{number}.png", "mimeType": "image/png", "buffer": png(40, 30)}
        for number in range(12)
    ]
    visit.test_id("files").set_input_files(chosen)
    uploaded(visit, 10)


@states("demo", devices=(LAPTOP,))
def attachments_dragged(visit: Visit) -> None:
    started(visit)
    visit.tab.page.evaluate(_DRAG)
    expect(visit.test_id("drop-hint")).to_be_visible()


@states("demo", whole=True)
def attachments_sent(visit: Visit) -> None:
    started(visit)
    pick(visit, **_FILES)
    uploaded(visit, len(_FILES))
    visit.tab.ask("What is in these?")
    visit.tab.answered()
    visit.tab.thread_id()
