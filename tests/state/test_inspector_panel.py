"""The inspector without a browser: who gets it, and the address of its routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.auth.inspecting import may_inspect
from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.runs.inspector.breakpoints import BREAKPOINTS
from chat_app.state import addresses
from chat_app.state.inspector.addresses import PREFIX, address_of, opened
from chat_app.state.inspector.panel import TABS, InspectorState
from chat_app.state.inspector.places import PlacesState
from chat_app.state.replay import ReplayState
from chat_app.state.route import INSPECT, named
from tests.helpers.examples import examples

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

ADA, BOB = Person("ada"), Person("bob")
ADMIN = Person("ada", is_admin=True)
# Parts of names of tests, which have to be the same in each process.
THREAD = "7b0d9c1e-5a44-4f0b-9d52-3f6f3c1c2a10"
UNKNOWN = "c0ffee00-1111-4222-8333-444455556666"
HOUR = 3600
NOON = 1_800_000_000.0
NAMES = st.text(min_size=1, max_size=20)


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("given_settings", "person", "may"),
    [
        ({}, ADA, True),
        ({"CHAT_AUTH": "password"}, ADA, False),
        ({"CHAT_AUTH": "password"}, ADMIN, True),
        ({"CHAT_AUTH": "password", "CHAT_INSPECTOR": "everyone"}, ADA, True),
        ({"CHAT_AUTH": "password", "CHAT_ADMINS": '["ada"]'}, ADA, True),
        ({"CHAT_INSPECTOR": "admins"}, ADA, False),
        ({"CHAT_INSPECTOR": "off"}, ADMIN, False),
    ],
)
def test_the_settings_say_who_may_inspect(
    monkeypatch: pytest.MonkeyPatch, given_settings: dict[str, str], person: Person, may: bool
) -> None:
    for name, value in given_settings.items():
        monkeypatch.setenv(name, value)
    assert may_inspect(person) is may


def thread_in(address: str, person: Person, *, now: float = NOON) -> str | None:
    return opened(address.removeprefix(PREFIX), person, now=now)


def test_an_address_is_good_for_one_thread_and_one_persons_rights_for_some_hours() -> None:
    address = address_of(THREAD, ADA, now=NOON)
    assert thread_in(address, ADA) == THREAD
    assert thread_in(address, BOB) is None
    assert thread_in(address, ADMIN) is None
    assert thread_in(address, ADA, now=NOON + addresses.LASTS * HOUR) == THREAD
    assert thread_in(address, ADA, now=NOON + (addresses.LASTS + 1) * HOUR) is None


def test_the_address_of_a_picture_is_none_of_the_inspector_and_the_other_way_round() -> None:
    viewer = f"{ADA.id}\n"
    picture = addresses.address_of(addresses.MediaRef(THREAD, "m1", 0), viewer, now=NOON)
    assert addresses.opened(picture.removeprefix(addresses.PREFIX), viewer, now=NOON)
    assert opened(picture.removeprefix(addresses.PREFIX), ADA, now=NOON) is None
    mine = address_of(THREAD, ADA, now=NOON).removeprefix(PREFIX)
    assert addresses.opened(mine, viewer, now=NOON) is None


@examples(100)
@given(NAMES, st.text(max_size=60))
def test_no_text_but_the_address_opens_a_thread(thread: str, other: str) -> None:
    sealed = address_of(thread, ADA, now=NOON).removeprefix(PREFIX)
    assert opened(sealed, ADA, now=NOON) == thread
    assert opened(sealed + "A", ADA, now=NOON) is None
    assert opened(other, ADA, now=NOON) is None


@pytest.mark.parametrize(
    ("path", "thread_id", "is_odd", "view"),
    [
        (f"/t/{THREAD}/inspect", THREAD, False, INSPECT),
        (f"/t/{THREAD}", THREAD, False, ""),
        ("/t/inspect", "", True, ""),
        ("/t/none/inspect", "", True, ""),
        (f"/t/{THREAD}/inspect/inspect", "", True, ""),
        (f"/t/{THREAD}/else", "", True, ""),
        (f"/inbox/{THREAD}/inspect", "", True, ""),
    ],
)
def test_the_address_after_a_thread_names_its_inspector(
    path: str, thread_id: str, is_odd: bool, view: str
) -> None:
    place = named(path)
    assert (place.thread_id, place.is_odd, place.view) == (thread_id, is_odd, view)


def shown(tab: Tab, name: str) -> Any:
    return tab.var(InspectorState, name)


async def test_a_tab_is_told_where_the_routes_of_its_thread_are(tab: Tab) -> None:
    assert (shown(tab, "allowed"), shown(tab, "address"), shown(tab, "full")) == (True, "", False)
    await tab.send("1")
    first, thread_id = shown(tab, "address"), tab.thread_id
    assert opened(first.removeprefix(PREFIX), tab.person) == shown(tab, "thread") == thread_id
    await tab.go(f"/t/{thread_id}/inspect")
    assert (shown(tab, "full"), shown(tab, "address"), tab.thread_id) == (True, first, thread_id)
    await tab.go("/")
    assert (shown(tab, "address"), shown(tab, "full")) == ("", False)


async def test_of_a_thread_that_does_not_exist_there_is_no_address(tab: Tab) -> None:
    await tab.go(f"/t/{UNKNOWN}")
    assert (shown(tab, "gone"), shown(tab, "address")) == (True, "")
    await tab.go("/")
    assert (shown(tab, "gone"), shown(tab, "address")) == (False, "")
    await tab.send("1")
    assert (shown(tab, "gone"), shown(tab, "address") != "") == (False, True)


async def test_the_page_of_the_inspector_replays_nothing(tab: Tab) -> None:
    await tab.send("1")
    await tab.load(f"/t/{tab.thread_id}/inspect?replay")
    assert not tab.var(ReplayState, "active")
    assert tab.rows


async def test_what_a_browser_sends_of_the_panel_is_remembered_if_it_is_right(tab: Tab) -> None:
    await tab.do(InspectorState.show, is_open=True, tab="streams")
    assert (shown(tab, "open"), shown(tab, "tab")) == (True, "streams")
    await tab.do(InspectorState.show, is_open="yes", tab=["graph"])
    assert (shown(tab, "open"), shown(tab, "tab")) == (False, "streams")
    assert shown(tab, "tab") in TABS


async def test_the_chat_tells_where_messages_stand_and_nothing_of_unknown_ones(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    state = await client.threads.get_state(tab.thread_id)
    ids = [message["id"] for message in state["values"]["messages"]]
    await tab.do(PlacesState.find, ids=[*ids, "other", 7, None])
    places = tab.var(PlacesState, "places")
    assert places == {message_id: str(at) for at, message_id in enumerate(ids)}
    keys = {row["key"].partition(".")[0] for row in tab.rows}
    assert set(places.values()) <= keys
    await tab.do(PlacesState.find, ids="other")
    assert tab.var(PlacesState, "places") == places


@pytest.fixture
async def barred_tab(
    start: Callable[..., Awaitable[Callable[[], Tab]]], langgraph_server: str
) -> Tab:
    """A tab of an app without inspector."""
    tab = (await start(langgraph_server, CHAT_INSPECTOR="off", CHAT_TRACE_URL=TRACES))()
    await tab.load("/")
    return tab


TRACES = "https://smith.example.com/r/{run_id}"


async def test_who_may_not_inspect_is_told_nothing(barred_tab: Tab) -> None:
    tab = barred_tab
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}/inspect")
    await tab.do(InspectorState.show, is_open=True, tab="state")
    await tab.do(PlacesState.find, ids=["1"])
    names = ("allowed", "open", "full", "address", "thread", "trace_url", "tab")
    assert [shown(tab, name) for name in names] == [False, False, False, "", "", "", "timeline"]
    assert tab.var(PlacesState, "places") == {}


async def test_without_an_inspector_a_run_stops_nowhere_because_of_what_was_chosen_there(
    barred_tab: Tab, client: LangGraphClient
) -> None:
    await barred_tab.send("1")
    chosen = {BREAKPOINTS: {"before": ["*"], "after": []}}
    await client.threads.update(barred_tab.thread_id, metadata=chosen)
    await barred_tab.load(f"/t/{barred_tab.thread_id}")
    await barred_tab.send("1")
    assert len(barred_tab.texts("text")) == 2
