"""Files that go with a message: how they come to it, how it shows them, where they end up."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from chat_app import text
from chat_app.transcript.media import block_of, text_file
from chat_app.transcript.message import Media
from tests.helpers.browser import wait_for
from tests.helpers.files import PAGE, PDF, png, wav

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.app import RunningApp
    from tests.helpers.browser import Tab

PHONE = {"width": 390, "height": 844}
HAND_OVER = """([kind, name, type, letters]) => {
  const files = new DataTransfer();
  const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  files.items.add(new File([bytes], name, { type }));
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent(kind, { ...options, clipboardData: files })
    : new DragEvent(kind, { ...options, dataTransfer: files });
  document.querySelector("[data-testid=composer]").dispatchEvent(event);
}"""
ARE_DRAWN = "pictures => pictures.every((picture) => picture.complete && picture.naturalWidth > 0)"


def choose(tab: Tab, *files: tuple[str, bytes]) -> None:
    """Choose files with the button."""
    chosen: list[Any] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in files
    ]
    tab.page.get_by_test_id("files").set_input_files(chosen)


def hand_over(tab: Tab, kind: str, name: str, data: bytes) -> None:
    """Paste or drop a file, or hold it over the page."""
    tab.page.evaluate(HAND_OVER, [kind, name, "image/png", b64encode(data).decode()])


def chips(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("chip")


def uploaded(tab: Tab, *names: str) -> None:
    """Wait until these files, and no others, are attached."""
    expect(chips(tab).locator(".name")).to_have_text(names)
    expect(tab.page.locator("[data-testid=chip][data-done]")).to_have_count(len(names))


def left_out(tab: Tab) -> Locator:
    """The sentence that says which files keep a message from being sent."""
    return tab.page.get_by_test_id("left-out")


def media(data: bytes, kind: Any, mime_type: str, name: str) -> Media:
    return Media(kind, mime_type, name, data=b64encode(data).decode())


def test_files_are_attached_sent_as_standard_blocks_and_shown_for_good(
    tab: Tab, app: RunningApp
) -> None:
    choose(tab, ("a.png", png(40, 30)), ("b.png", png(30, 40)), ("no.png", PAGE))
    problem = text.FILE_NAMED_WRONG.format(named="PNG")
    expect(tab.page.get_by_role("alert")).to_have_text(problem)
    tab.composer.fill("hello")
    tab.composer.press("Enter")
    expect(left_out(tab)).to_have_text(text.FILES_LEFT_OUT[0].format(name="no.png"))
    tab.page.get_by_role("button", name="Remove no.png").click()
    expect(left_out(tab)).to_have_count(0)
    expect(tab.page.get_by_role("button", name="Remove b.png")).to_be_focused()
    choose(tab, ("c.pdf", PDF), ("d.md", b"# Notes\n"), ("e.wav", wav()))
    uploaded(tab, "a.png", "b.png", "c.pdf", "d.md", "e.wav")
    expect(tab.questions).to_have_count(0)  # what was refused kept it from being sent
    tab.composer.press("Enter")
    expect(chips(tab)).to_have_count(0)
    for _ in ("as it was sent", "as the thread has it"):
        expect(tab.questions).to_have_text("hello")
        shown = tab.page.get_by_test_id("media")
        expect(shown.locator(".picture img")).to_have_count(2)
        shown.locator(".picture img").last.scroll_into_view_if_needed()
        wait_for(tab.page, f"({ARE_DRAWN})([...document.querySelectorAll('.picture img')])")
        expect(shown.locator(".file-chip .name")).to_have_text(["c.pdf", "d.md"])
        assert shown.locator("audio").evaluate(
            "sound => new Promise(heard => "
            "sound.readyState ? heard(true) : sound.onloadedmetadata = () => heard(true))"
        )
        tab.answered()
        tab.thread_id()
        tab.page.reload()
    with app.agent().client() as agent:
        state = agent.get(f"/threads/{tab.thread_id()}/state").json()
    assert state["values"]["messages"][0]["content"] == [
        {"type": "text", "text": "hello"},
        block_of(media(png(40, 30), "image", "image/png", "a.png")),
        block_of(media(png(30, 40), "image", "image/png", "b.png")),
        block_of(media(PDF, "file", "application/pdf", "c.pdf")),
        block_of(text_file("d.md", "# Notes\n")),
        block_of(media(wav(), "audio", "audio/wav", "e.wav")),
    ]
    box = tab.page.get_by_role("dialog")
    tab.page.get_by_role("button", name="Open a.png").click()
    expect(box).to_have_accessible_name("a.png")
    tab.page.keyboard.press("ArrowRight")
    expect(box).to_have_accessible_name("b.png")
    tab.page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(tab.page.get_by_role("button", name="Open a.png")).to_be_focused()
    address = tab.page.locator(".file-chip a").first.get_attribute("href")
    opened = tab.page.request.get(f"{tab.url}{address}")
    assert (opened.headers["content-type"], opened.body()) == ("application/pdf", PDF)


def test_a_picture_can_be_pasted_or_dropped_and_outlasts_a_reload(tab: Tab) -> None:
    hand_over(tab, "paste", "pasted.png", png())
    uploaded(tab, "pasted.png")
    hint = tab.page.get_by_test_id("drop-hint")
    hand_over(tab, "dragover", "dropped.png", png())
    expect(hint).to_have_text(text.ATTACH_BY_DROP)
    hand_over(tab, "drop", "dropped.png", png())
    expect(hint).to_have_count(0)
    uploaded(tab, "pasted.png", "dropped.png")
    tab.page.reload()
    uploaded(tab, "pasted.png", "dropped.png")
    expect(chips(tab).locator("img")).to_have_count(2)
    tab.awake()
    tab.composer.press("Enter")
    expect(tab.page.get_by_test_id("media").locator("img")).to_have_count(2)
    expect(chips(tab)).to_have_count(0)
    tab.answered()


def test_enter_waits_for_an_upload_and_then_sends(tab: Tab) -> None:
    held: list[Any] = []
    tab.page.route("**/_attachments", lambda route: held.append(route))  # noqa: PLW0108 - no built-in
    with tab.page.expect_request("**/_attachments"):
        choose(tab, ("a.png", png()))
    expect(tab.page.get_by_role("progressbar", name="Uploading a.png")).to_be_visible()
    tab.ask("hello")
    expect(tab.composer).to_have_value("hello")
    expect(tab.questions).to_have_count(0)
    held[0].continue_()
    expect(tab.questions).to_have_text("hello")
    expect(tab.page.get_by_test_id("media").locator("img")).to_have_count(1)
    tab.answered()


def test_what_is_refused_is_left_out_when_the_message_is_sent_again(tab: Tab) -> None:
    choose(tab, ("bad.pdf", PAGE), ("empty.txt", b""))
    expect(tab.page.get_by_role("alert")).to_have_count(2)
    tab.composer.press("Enter")
    expect(left_out(tab)).to_have_text(text.FILES_NOTHING_LEFT[1].format(count=2))
    tab.composer.press("Enter")
    tab.ask("hello")
    expect(left_out(tab)).to_have_text(text.FILES_LEFT_OUT[1].format(count=2))
    choose(tab, ("a.png", png()))
    expect(tab.page.locator("[data-testid=chip][data-done]")).to_have_count(1)
    tab.page.get_by_test_id("send").click()
    expect(tab.questions).to_have_text("hello")
    expect(tab.page.get_by_test_id("media").locator("img")).to_have_count(1)
    expect(chips(tab)).to_have_count(0)
    tab.answered()


def test_a_failed_upload_is_named_once_the_others_are_there(tab: Tab) -> None:
    held: list[Any] = []
    hold = lambda route: held.append(route)  # noqa: E731, PLW0108 - no built-in
    tab.page.route("**/_attachments", hold)
    choose(tab, ("a.png", png()), ("b.png", png()))
    expect(chips(tab)).to_have_count(2)
    tab.ask("hello")
    expect(tab.page.get_by_role("progressbar")).to_have_count(2)
    held[0].continue_()
    held[1].fulfill(status=200, json={})
    expect(left_out(tab)).to_have_text(text.FILES_LEFT_OUT[0].format(name="b.png"))
    expect(tab.questions).to_have_count(0)
    expect(tab.composer).to_have_value("hello")
    tab.page.unroute("**/_attachments")
    tab.page.get_by_role("button", name=text.RETRY).click()
    uploaded(tab, "a.png", "b.png")
    expect(left_out(tab)).to_have_count(0)


def test_a_starter_takes_along_what_is_attached_and_leaves_the_draft(tab: Tab) -> None:
    held: list[Any] = []
    hold = lambda route: held.append(route)  # noqa: E731, PLW0108 - no built-in
    tab.page.route("**/_attachments", hold, times=1)
    with tab.page.expect_request("**/_attachments"):
        choose(tab, ("a.png", png(40, 30)))
    starter = tab.page.get_by_test_id("starter").filter(has_text="Describe a picture")
    starter.click()  # it waits for the upload
    expect(tab.composer).to_have_value("Describe a picture")
    expect(tab.questions).to_have_count(0)
    held[0].continue_()
    expect(tab.questions).to_have_text("Describe a picture")
    expect(tab.page.get_by_test_id("media").locator("img")).to_have_count(1)
    expect(tab.composer).to_have_value("")
    tab.answered()
    assert "PNG picture of 40 by 30" in tab.answer()

    tab.page.get_by_test_id("new-chat").click()
    expect(starter).to_be_visible()  # until then files are for the thread that is left
    choose(tab, ("no.png", PAGE), ("b.png", png(30, 40)))
    expect(tab.page.locator("[data-testid=chip][data-done]")).to_have_count(1)
    tab.composer.fill("a draft")
    starter.click()
    expect(left_out(tab)).to_have_text(text.FILES_LEFT_OUT[0].format(name="no.png"))
    expect(tab.composer).to_have_value("Describe a picture\n\na draft")
    tab.page.get_by_role("button", name="Remove no.png").click()
    tab.composer.fill("a draft")
    starter.click()
    expect(tab.questions).to_have_text("Describe a picture")
    expect(tab.composer).to_have_value("a draft")
    tab.answered()
    assert "30 by 40" in tab.answer()


def test_attachments_stay_with_their_thread_as_the_draft_does(tab: Tab) -> None:
    tab.ask("hello")
    tab.answered()
    first = f"/t/{tab.thread_id()}"
    held: list[Any] = []
    choose(tab, ("a.png", png()))
    uploaded(tab, "a.png")
    hold = lambda route: held.append(route)  # noqa: E731, PLW0108 - no built-in
    tab.page.route("**/_attachments", hold, times=1)
    choose(tab, ("b.png", png()))
    expect(chips(tab)).to_have_count(2)
    tab.composer.fill("with pictures")
    tab.composer.press("Enter")  # to be sent once all is there; but the person goes elsewhere
    tab.page.get_by_test_id("new-chat").click()
    expect(chips(tab)).to_have_count(0)
    expect(tab.composer).to_have_value("")
    held[0].continue_()
    choose(tab, ("c.png", png()))
    uploaded(tab, "c.png")
    tab.thread_links.first.click()
    uploaded(tab, "a.png", "b.png")
    expect(tab.composer).to_have_value("with pictures")
    expect(tab.questions).to_have_text("hello")
    tab.page.get_by_test_id("new-chat").click()
    uploaded(tab, "c.png")
    tab.ask("hi")
    expect(tab.page.get_by_test_id("media").locator("img")).to_have_count(1)
    tab.answered()
    tab.thread_id()
    expect(chips(tab)).to_have_count(0)
    tab.open(first)
    uploaded(tab, "a.png", "b.png")


def test_an_upload_that_breaks_off_can_be_tried_again(tab: Tab) -> None:
    tab.page.route("**/_attachments", lambda route: route.fulfill(status=200, json={}))
    choose(tab, ("a.png", png()))
    expect(tab.page.get_by_role("alert")).to_have_text(text.UPLOAD_FAILED)
    tab.page.unroute("**/_attachments")
    tab.page.get_by_role("button", name=text.RETRY).click()
    uploaded(tab, "a.png")


def test_more_files_than_a_message_may_carry_are_left_out_with_a_sentence(tab: Tab) -> None:
    most = 10
    choose(tab, *((f"{number}.png", png()) for number in range(most + 2)))
    expect(tab.page.get_by_role("alert")).to_have_text(text.FILES_TOO_MANY.format(most=most))
    uploaded(tab, *(f"{number}.png" for number in range(most)))


def test_on_a_phone_the_buttons_are_as_large_as_a_thumb(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport=PHONE, has_touch=True, is_mobile=True).open()
    choose(tab, ("a.png", png()), ("a rather long name of a file.pdf", PDF))
    uploaded(tab, "a.png", "a rather long name of a file.pdf")
    for button in (tab.page.get_by_test_id("attach"), chips(tab).get_by_role("button").last):
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] + box["width"] <= PHONE["width"]


def test_a_picture_at_another_host_is_not_fetched_unasked(tab: Tab, app: RunningApp) -> None:
    tab.ask("hello")
    tab.answered()
    linked = {"type": "image_url", "image_url": {"url": "https://pictures.example/a.png"}}
    said = {"messages": [{"type": "ai", "content": [linked]}]}
    with app.agent().client() as agent:
        thread = f"/threads/{tab.thread_id()}/state"
        agent.post(thread, json={"values": said}).raise_for_status()
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.reload()
    expect(tab.rows("media")).to_contain_text("Image from pictures.example")
    assert asked
    assert not [url for url in asked if "pictures.example" in url]
