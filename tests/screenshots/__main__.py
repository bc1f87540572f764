"""Draw the states of the page; see ``scripts/shots --help``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.helpers.browser import chromium
from tests.screenshots import LAPTOP, SCHEMES, STATES, Apps, Device, State, reached, show_in
from tests.screenshots.beside import report_beside_the_conversation
from tests.screenshots.inspecting import inspector_timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / ".artifacts" / "shots"
README_PICTURES = {
    ROOT / "assets" / "screenshot.png": report_beside_the_conversation,
    ROOT / "assets" / "inspector.png": inspector_timeline,
}
_COLOURS = 256
_LINES_OF_A_PROBLEM = 6
PAGE = """<!doctype html><meta charset="utf-8"><title>States of the page</title>
<style>
  body { font: 14px system-ui; margin: 2rem; background: #888; color: #fff }
  section { display: flex; gap: 1rem; align-items: flex-start; margin-bottom: 3rem }
  h2 { font-size: 1rem } img { max-height: 70vh; max-width: 44vw }
</style>
"""


def chosen(names: list[str]) -> list[State]:
    """The states whose names are these or begin with one of them; all for no name.

    Raises:
        SystemExit: a name fits none.
    """
    for name in names:
        if not any(state.name.startswith(name) for state in STATES):
            sys.exit(f"No state is called {name!r}. There are:\n{listed()}")
    return [state for state in STATES if not names or state.name.startswith(tuple(names))]


def listed() -> str:
    """The names of all states, one per line."""
    return "\n".join(state.name for state in STATES)


def draw(states: list[State], folder: Path, jobs: int) -> list[str]:
    """Draw each state on each of its devices in each scheme; returns a line per failure."""
    visits = [(state, device) for state in states for device in state.devices]
    # Each app is started when it is needed, and then used for all that is in it.
    visits.sort(key=lambda visit: visit[0].app)
    failures: list[str] = []
    left = iter(visits)
    lock = threading.Lock()
    with tempfile.TemporaryDirectory() as scratch, Apps(Path(scratch)) as apps:

        def work() -> None:
            with chromium() as browser:
                for state, device in _shared(left, lock):
                    try:
                        _draw_one(state, device, browser, apps, folder)
                    except Exception as missed:  # noqa: BLE001 - one state is no reason to draw no other
                        failures.append(f"{state.name} on {device.name}: {_short(missed)}")
                        print(f"FAILED {state.name} on {device.name}", flush=True)

        with ThreadPoolExecutor(jobs) as pool:
            for worker in [pool.submit(work) for _ in range(jobs)]:
                worker.result()
    return failures


def _short(problem: Exception) -> str:
    """The first lines: after them Playwright lists all of the page."""
    return "\n  ".join(str(problem).splitlines()[:_LINES_OF_A_PROBLEM])


def _shared(
    visits: Iterator[tuple[State, Device]], lock: threading.Lock
) -> Iterator[tuple[State, Device]]:
    """What is left to do, for several threads."""
    while True:
        with lock:
            visit = next(visits, None)
        if visit is None:
            return
        yield visit


def _draw_one(state: State, device: Device, browser: Browser, apps: Apps, folder: Path) -> None:
    with reached(state, device, browser, apps) as tab:
        for scheme in SCHEMES:
            show_in(tab, scheme)
            picture = folder / f"{state.name}.{device.name}.{scheme}.png"
            tab.page.screenshot(path=picture, animations="disabled")
    print(f"{state.name} on {device.name}", flush=True)


def _save_small(drawn: Path, picture: Path) -> None:
    """Save a picture with fewer colours, for it is in the repository."""
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
            picture, optimize=True
        )


def write_page(folder: Path) -> Path:
    """Write a page that shows all pictures of the folder, a row for each state."""
    pictures = sorted(folder.glob("*.png"), key=_place)
    rows = [
        f"<h2>{escape(name)}</h2><section>"
        + "".join(f'<img loading="lazy" src="{escape(picture.name)}" alt="">' for picture in row)
        + "</section>"
        for name, row in groupby(pictures, lambda picture: picture.name.split(".")[0])
    ]
    page = folder / "index.html"
    page.write_text(PAGE + "\n".join(rows))
    return page


def _place(picture: Path) -> tuple[int, str]:
    name = picture.name.split(".")[0]
    names = [state.name for state in STATES]
    return (names.index(name) if name in names else len(names)), picture.name


def main(arguments: list[str]) -> None:
    """Draw what is asked for, and fail if a state was not reached."""
    parser = argparse.ArgumentParser(
        prog="scripts/shots",
        description="Draw the states of the page on a laptop and a phone, in light and dark.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a state, or how names begin")
    parser.add_argument("--to", type=Path, default=FOLDER, metavar="FOLDER", help="where to")
    parser.add_argument("--list", action="store_true", help="print the names of all states")
    parser.add_argument("--readme", action="store_true", help="draw the pictures of the README")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="browsers at a time")
    given = parser.parse_args(arguments)
    if given.list:
        print(listed())
        return
    names = [state.name for state in README_PICTURES.values()] if given.readme else given.names
    given.to.mkdir(parents=True, exist_ok=True)
    failures = draw(chosen(names), given.to, given.jobs)
    if given.readme and not failures:
        for picture, state in README_PICTURES.items():
            _save_small(given.to / f"{state.name}.{LAPTOP.name}.light.png", picture)
            print(f"{picture.relative_to(ROOT)} is drawn anew")
    print(f"Open {write_page(given.to).as_uri()}")
    if failures:
        sys.exit("\n".join(["", "Not reached:", *failures]))


if __name__ == "__main__":
    main(sys.argv[1:])
