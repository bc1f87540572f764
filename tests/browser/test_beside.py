"""What stands beside the answers: agents inside the agent, its plan and files, the side panel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.helpers.threads import conversation, thread_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

SAID = [{"type": "human", "content": "Write.", "id": "h"}, {"type": "ai", "content": "Done."}]
ELSEWHERE = "https://elsewhere.example"
PAGE = f"""<h1>Rivers</h1><a href="{ELSEWHERE}/link">away</a><img src="{ELSEWHERE}/image">
<script>
  const say = (words) => document.body.append(words);
  fetch("{ELSEWHERE}/fetch").catch(() => say("no network, "));
  try {{ parent.parent.document.title; say("the app"); }} catch {{ say("nobody around") }}
</script>"""
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
<script>alert(1)</script><rect width="40" height="20"/></svg>"""
CODE = "\n".join(f"line_{number} = {number}" for number in range(30))


def panel_of(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("panel")


def agents_of(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("agent")


def file_of(tab: Tab, name: str) -> Locator:
    return tab.page.get_by_test_id("file").filter(has_text=name)


def test_research_is_followed_looked_into_and_still_there_after_a_reload(tab: Tab) -> None:
    plans, last_lines = tab.recording("plan"), tab.recording("last-line")
    tab.ask("Research Lisbon and Tokyo")
    expect(agents_of(tab)).to_have_count(2)
    tab.answered()
    tab.unfold()
    first = agents_of(tab).first
    first.locator("summary").first.click()
    inner = first.locator(".inner-log")
    expect(inner).to_contain_text("In Lisbon, Portugal it is")
    assert any("0 of 4" in said for said in plans())
    assert any(last_lines())
    expect(tab.page.get_by_test_id("last-line")).to_have_count(0)
    plan = tab.page.get_by_test_id("plan")
    expect(plan).to_contain_text("4 of 4")
    plan.locator("summary").click()
    expect(plan.get_by_role("listitem").first).to_have_text("doneLook into Lisbon")
    expect(plan.get_by_role("listitem")).to_have_count(4)
    expect(inner).to_contain_text("And now the same in Fahrenheit.")
    main = tab.page.locator('.turn > [data-kind="text"]').all_inner_texts()
    assert main
    assert not [words for words in main if "Fahrenheit" in words]

    tab.page.reload()
    tab.awake()
    expect(agents_of(tab)).to_have_count(2)
    tab.unfold()
    agents_of(tab).first.locator("summary").first.click()
    expect(inner).to_contain_text("In Lisbon, Portugal it is")
    for step in ("weather", "clock", "calculator"):
        expect(inner.locator(f'[data-name="{step}"]')).to_have_count(1)

    tab.page.get_by_test_id("steps-toggle").click()
    expect(agents_of(tab).first).to_be_hidden()
    expect(plan).to_be_hidden()
    expect(tab.page.get_by_test_id("file").first).to_be_visible()


def test_a_file_is_read_beside_the_conversation_and_the_focus_finds_back(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    files = {"docs/report.md": "# Report\n\n**bold** <b>raw</b>", "run.py": CODE}
    path = thread_of(app, SAID, files=files)
    tab = new_tab(permissions=["clipboard-read", "clipboard-write"]).open(path)
    chip = file_of(tab, "report.md")
    chip.click()
    panel = panel_of(tab)
    expect(panel).to_be_focused()
    expect(panel.get_by_role("heading", name="Report", exact=True)).to_be_visible()
    expect(panel.locator(".panel-body strong")).to_have_text("bold")
    expect(panel.locator(".panel-body")).to_contain_text("<b>raw</b>")
    panel.get_by_role("button", name="Copy").click()
    expect(tab.announced).to_have_text("Copied")
    assert tab.page.evaluate("navigator.clipboard.readText()") == files["docs/report.md"]
    with tab.page.expect_download() as download:
        panel.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "report.md"
    assert download.value.path().read_text() == files["docs/report.md"]
    tab.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(chip).to_be_focused()

    file_of(tab, "run.py").click()
    expect(panel.locator("pre")).to_contain_text("line_29 = 29")
    expect(panel.locator(".hljs-number").first).to_have_text("0")
    wide = panel.bounding_box()
    panel.get_by_role("separator").press("ArrowLeft")
    grown = panel.bounding_box()
    assert wide
    assert grown
    assert grown["width"] > wide["width"]
    tab.page.set_viewport_size({"width": 390, "height": 844})
    expect(panel).to_have_css("width", "390px")
    tab.page.get_by_test_id("new-chat").evaluate("link => link.click()")
    expect(panel).to_have_count(0)


def test_a_page_that_an_agent_made_runs_alone(new_tab: Callable[..., Tab], app: RunningApp) -> None:
    path = thread_of(app, SAID, files={"page.html": PAGE, "drawing.svg": DRAWING})
    tab = new_tab()
    asked: list[str] = []
    tab.page.context.route(f"{ELSEWHERE}/**", lambda route: asked.append(route.request.url))
    tab.open(path)
    file_of(tab, "page.html").click()
    page = panel_of(tab).frame_locator("iframe").frame_locator("iframe")
    expect(page.get_by_role("heading", name="Rivers")).to_be_visible()
    panel_of(tab).get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("body")).to_contain_text("nobody around")
    expect(page.locator("body")).to_contain_text("no network")
    page.get_by_role("link", name="away").click()  # it ends at the policy of the frame around it
    expect(page.get_by_role("heading", name="Rivers")).to_have_count(0)
    panel_of(tab).get_by_role("button", name="Code").click()
    expect(panel_of(tab).locator("pre")).to_contain_text("<h1>Rivers</h1>")

    file_of(tab, "drawing.svg").click()
    drawing = panel_of(tab).get_by_role("img")
    expect(drawing).to_be_visible()
    assert drawing.evaluate("image => image.naturalWidth") == 40
    assert asked == []
    blocked = re.compile("Content Security Policy")
    assert [fault for fault in tab.faults if blocked.search(fault)], "it tried"
    tab.faults = [fault for fault in tab.faults if not blocked.search(fault)]


def test_long_code_and_long_results_open_beside(
    new_tab: Callable[..., Tab], app: RunningApp
) -> None:
    tab = new_tab().open(conversation(app, f"```py\n{CODE}\n```\n\n```py\nshort = 1\n```"))
    opener = tab.page.get_by_role("button", name="Open beside")
    expect(opener).to_have_count(1)
    opener.click()
    expect(panel_of(tab).get_by_role("heading")).to_have_text("code.py")
    expect(panel_of(tab).locator("pre")).to_contain_text("line_29 = 29")

    call = {"id": "c1", "name": "lookup", "args": {}, "type": "tool_call"}
    long = "word " * 8000 + "the end"
    messages = [
        {"type": "human", "content": "Look it up."},
        {"type": "ai", "content": "", "tool_calls": [call]},
        {"type": "tool", "tool_call_id": "c1", "name": "lookup", "content": long},
        {"type": "ai", "content": "There."},
    ]
    tab.open(thread_of(app, messages))
    expect(panel_of(tab)).to_have_count(0)
    tab.rows("tool").locator("summary").first.click()
    opener.click()
    expect(panel_of(tab).get_by_role("heading")).to_have_text("lookup")
    expect(panel_of(tab).locator("pre")).to_contain_text("the end")
