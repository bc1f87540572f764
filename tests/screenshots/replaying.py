"""A file before it becomes a chat, and the replay of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text
from tests.screenshots.content import TEXT, said
from tests.screenshots.start_pages import started
from tests.screenshots.state import LAPTOP, PHONE, SMALL, States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()

_SCREENS = (LAPTOP, PHONE, SMALL)


@states("demo", devices=_SCREENS)
def import_preview(visit: Visit) -> None:
    started(visit)
    turns = (said("What should I read first?", TEXT), said("And then?", "The rest of it."))
    messages = [
        {**message, "id": f"m{place}"}
        for place, message in enumerate(message for turn in turns for message in turn)
    ]
    file = {"title": "What to read", "messages": messages}
    visit.test_id("import-file").set_input_files(
        {
            "name": "chat.json",
            "mimeType": "application/json",
            "buffer": json.dumps(file).encode(),
        }
    )
    dialog = visit.tab.page.get_by_role("dialog", name=text.IMPORT_PREVIEW)
    expect(dialog).to_contain_text("And then?")


@states("demo", devices=_SCREENS, after=import_preview)
def replay(visit: Visit) -> None:
    visit.tab.page.get_by_role("button", name=text.IMPORT_REPLAY).click()
    bar = visit.test_id("replay")
    bar.get_by_text(text.REPLAY_MODES[2]).click()
    bar.get_by_role("slider").fill("1000")
    expect(visit.log.get_by_text("The rest of it.")).to_be_visible()
