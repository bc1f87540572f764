"""The sign-in page, and the account of a person in the sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chat_app import text
from tests.screenshots.state import LAPTOP, PHONE, States

if TYPE_CHECKING:
    from tests.screenshots.state import Visit

states = States()

PASSWORD = "correct horse battery"
PEOPLE = (
    "Ada",
    "Bo",
    "maria.magdalena.wolfeschlegelsteinhausenbergerdorff@an-organisation.example.org",
)
LOCKED = "Locked"


def _fill_in(visit: Visit, name: str, password: str = PASSWORD) -> None:
    page = visit.tab.page
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def _sign_in(visit: Visit, name: str) -> None:
    visit.tab.page.goto(visit.tab.url)
    _fill_in(visit, name)
    visit.tab.awake()
    expect(visit.tab.page.get_by_text("Your chats appear here")).to_be_attached()
    if visit.device is PHONE:
        visit.test_id("sidebar-button").click()


def _says(name: str, reason: str, sentence: str, **options: int) -> None:
    def reach(visit: Visit) -> None:
        visit.tab.page.goto(f"{visit.tab.url}/sign-in?reason={reason}")
        expect(visit.tab.page.get_by_text(sentence)).to_be_visible()

    reach.__name__ = f"sign_in_{name}"
    states("password", **options)(reach)


@states("password")
def sign_in(visit: Visit) -> None:
    visit.tab.page.goto(visit.tab.url)
    expect(visit.tab.page.get_by_role("button", name="Sign in")).to_be_visible()


_says("expired", "expired", text.SIGN_IN_EXPIRED)
_says("signed_out", "signed-out", text.YOU_SIGNED_OUT)
_says("at_twice_the_text_size", "ended", text.SIGNED_OUT_ELSEWHERE, text_size=200)


@states("password")
def sign_in_with_a_wrong_password(visit: Visit) -> None:
    visit.tab.page.goto(visit.tab.url)
    _fill_in(visit, "someone", "wrong")
    expect(visit.tab.page.get_by_role("alert")).to_have_text(text.WRONG_PASSWORD)


@states("password")
def sign_in_delayed(visit: Visit) -> None:
    visit.tab.page.goto(visit.tab.url)
    said = visit.tab.page.get_by_role("alert")
    for _ in range(6):
        _fill_in(visit, "guessed", "wrong")
        expect(said).to_be_visible()
        if said.inner_text() != text.WRONG_PASSWORD:
            break
    expect(said).to_contain_text(text.TOO_MANY_TRIES.partition("{")[0])


@states("password")
def sign_in_to_a_locked_account(visit: Visit) -> None:
    visit.tab.page.goto(visit.tab.url)
    _fill_in(visit, LOCKED)
    expect(visit.tab.page.get_by_role("alert")).to_have_text(text.ACCOUNT_LOCKED)


@states("password")
def account_of_a_person(visit: Visit) -> None:
    _sign_in(visit, PEOPLE[0])
    expect(visit.test_id("account")).to_be_visible()


@states("password")
def account_of_an_admin(visit: Visit) -> None:
    _sign_in(visit, PEOPLE[1])
    visit.tab.page.get_by_title(text.ACCOUNT).click()
    expect(visit.tab.page.get_by_role("button", name=text.SIGN_OUT_EVERYWHERE)).to_be_visible()


@states("password", devices=(LAPTOP, PHONE))
def account_with_a_long_name(visit: Visit) -> None:
    _sign_in(visit, PEOPLE[2])
    visit.tab.page.get_by_title(text.ACCOUNT).click()
    expect(visit.tab.page.get_by_role("button", name=text.SIGN_OUT_EVERYWHERE)).to_be_visible()


@states("oidc")
def sign_in_at_a_provider(visit: Visit) -> None:
    visit.tab.page.goto(visit.tab.url)
    expect(visit.tab.page.get_by_role("link", name="Sign in")).to_be_visible()


@states("oidc")
def sign_in_without_the_provider(visit: Visit) -> None:
    visit.tab.page.goto(visit.tab.url)
    visit.tab.page.get_by_role("link", name="Sign in").click()
    expect(visit.tab.page.get_by_role("alert")).to_have_text(text.OIDC_DOWN)
