"""The inbox as a person uses it: what waits, answered one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text
from tests.helpers.cards import cards

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.helpers.browser import Tab

MAILS = ("Email Ada about lunch on Thursday", "Email Bob about dinner on Friday")


def let_ask(tab: Tab, *messages: str) -> list[str]:
    """Chats that wait, by their ids."""
    made = []
    for message in messages:
        tab.page.get_by_test_id("new-chat").click()
        expect(tab.page).to_have_url(f"{tab.url}/")
        expect(tab.page.locator('.column[data-new="true"]')).to_be_visible()
        tab.ask(message)
        expect(cards(tab).first).to_be_visible()
        expect(tab.stop).to_have_count(0)
        made.append(tab.thread_id())
    return made


def rows(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("inbox-row")


def link(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("inbox-link")


def at(tab: Tab, thread_id: str) -> None:
    expect(tab.page).to_have_url(f"{tab.url}/inbox/{thread_id}")


def selected(tab: Tab) -> Locator:
    return tab.page.locator('[data-testid="inbox-row"][aria-current="true"]')


def test_what_waits_is_answered_one_after_the_other(tab: Tab) -> None:
    first, second = let_ask(tab, *MAILS)
    expect(link(tab)).to_have_accessible_name("Inbox, 2 waiting")
    link(tab).click()
    at(tab, first)
    expect(rows(tab)).to_have_count(2)
    expect(selected(tab)).to_have_attribute("data-thread", first)
    expect(tab.composer).to_have_count(0)
    expect(cards(tab)).to_have_count(1)
    expect(cards(tab)).to_be_focused()

    tab.page.keyboard.press("j")
    at(tab, second)
    expect(cards(tab)).to_contain_text("bob@example.com")
    tab.page.keyboard.press("k")
    at(tab, first)
    expect(cards(tab)).to_contain_text("ada@example.com")
    expect(cards(tab)).to_be_focused()

    tab.page.keyboard.press("a")
    at(tab, second)
    expect(rows(tab)).to_have_count(1)
    over = tab.page.get_by_test_id("inbox-over")
    expect(over).to_contain_text(text.WAS_ANSWERED.split("{", maxsplit=1)[0])
    expect(link(tab)).to_have_accessible_name("Inbox, 1 waiting")
    expect(cards(tab)).to_be_focused()

    tab.page.keyboard.press("r")
    tab.page.get_by_label(text.REASON_HERE).fill("Not today")
    tab.page.keyboard.press("Control+Enter")
    expect(tab.page.get_by_test_id("inbox-empty")).to_contain_text(text.INBOX_EMPTY)
    expect(tab.page).to_have_url(f"{tab.url}/inbox")
    expect(link(tab)).to_have_accessible_name("Inbox")
    over.get_by_role("link").click()
    expect(tab.page).to_have_url(f"{tab.url}/t/{second}")
    expect(tab.composer).to_be_visible()


def test_escape_leads_from_a_field_back_to_the_keys_of_the_inbox(tab: Tab) -> None:
    asked, mail = let_ask(tab, "Plan a weekend away", MAILS[0])
    link(tab).click()
    at(tab, asked)
    field = cards(tab).get_by_role("textbox")
    expect(field).to_be_focused()
    tab.page.keyboard.type("jjj")
    expect(field).to_have_value("jjj")
    tab.page.keyboard.press("Escape")
    expect(cards(tab)).to_be_focused()
    tab.page.keyboard.press("j")
    at(tab, mail)


def test_a_schedule_is_made_paused_and_deleted(tab: Tab) -> None:
    link(tab).click()
    expect(tab.page.get_by_test_id("inbox-empty")).to_be_visible()
    tab.page.get_by_test_id("tab-schedules").click()
    expect(tab.page).to_have_url(f"{tab.url}/schedules")
    new = tab.page.get_by_role("button", name=text.NEW_SCHEDULE)
    new.click()
    form, preview = tab.page.get_by_test_id("schedule-form"), "schedule-preview"
    message = form.get_by_label(text.SCHEDULE_MESSAGE)
    expect(message).to_be_focused()
    message.fill("Compare the weather in Paris and Tokyo")
    form.get_by_label(text.SCHEDULE_REPEATS).select_option(text.REPEATS["weekly"])
    form.get_by_label(text.SCHEDULE_DAY).select_option("Friday")
    form.get_by_label(text.SCHEDULE_TIME).fill("17:05")
    expect(tab.page.get_by_test_id(preview)).to_contain_text("Every Friday at 17:05")
    form.get_by_label(text.SCHEDULE_REPEATS).select_option(text.REPEATS["custom"])
    cron = form.get_by_label(text.SCHEDULE_CRON)
    cron.fill("5 17 * *")
    expect(tab.page.get_by_test_id(preview)).to_have_text(text.SCHEDULE_BAD_CRON)
    expect(form.get_by_role("button", name=text.CREATE_SCHEDULE)).to_be_disabled()
    cron.fill("5 17 * * 5")
    form.get_by_role("button", name=text.CREATE_SCHEDULE).click()
    schedule = tab.page.get_by_test_id("schedule")
    expect(schedule).to_contain_text("Every Friday at 17:05")
    expect(schedule).to_contain_text(text.NO_LAST_CHAT)
    expect(form).to_have_count(0)
    expect(new).to_be_focused()
    schedule.get_by_role("button", name=text.PAUSE_SCHEDULE).click()
    expect(schedule).to_contain_text(text.PAUSED)
    schedule.get_by_role("button", name=text.RESUME_SCHEDULE).click()
    expect(schedule.get_by_role("button", name=text.PAUSE_SCHEDULE)).to_be_visible()
    schedule.get_by_role("button", name=text.DELETE).click()
    schedule.get_by_role("button", name=text.DELETE).click()
    expect(schedule).to_have_count(0)
    expect(tab.page.get_by_text(text.SCHEDULES_EMPTY)).to_be_visible()


def test_on_a_phone_the_list_comes_first_then_one_question(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab().open()
    first, second = let_ask(tab, *MAILS)
    phone = new_tab(viewport={"width": 390, "height": 760}, has_touch=True, is_mobile=True)
    phone.page.goto(f"{phone.url}/inbox")
    expect(rows(phone)).to_have_count(2)
    expect(cards(phone)).to_have_count(0)
    rows(phone).first.tap()
    at(phone, first)
    expect(rows(phone).first).to_be_hidden()
    phone.page.get_by_role("link", name=text.NEXT).tap()
    at(phone, second)
    expect(cards(phone)).to_contain_text("bob@example.com")
    phone.page.reload()
    expect(cards(phone)).to_contain_text("bob@example.com")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390

    tab.page.goto(f"{tab.url}/t/{second}")
    cards(tab).get_by_role("button", name=text.APPROVE).click()
    at(phone, first)
    phone.page.get_by_role("link", name=text.INBOX_BACK).tap()
    over = phone.page.get_by_test_id("inbox-over")
    expect(over).to_contain_text(text.WAS_ANSWERED_ELSEWHERE.split("{", maxsplit=1)[0])
