"""Every state that the page can be in, for eyes and for checks of all of them.

A state has a name and a function that drives a fresh tab of the real app into it. ``scripts/shots``
draws them; a test that has to hold in every state goes through the same list:

    with Apps(folder) as apps, chromium() as browser:
        for state in STATES:
            for device in state.devices:
                with reached(state, device, browser, apps) as tab:
                    for scheme in SCHEMES:
                        show_in(tab, scheme)
                        ...
"""

from tests.screenshots import (
    answers,
    attachments,
    beside,
    cards,
    chats,
    commands,
    inbox,
    inspecting,
    replaying,
    running,
    sharing,
    signing_in,
    start_pages,
    trouble,
    versions,
    waiting,
)
from tests.screenshots.apps import Apps
from tests.screenshots.reaching import SCHEMES, go_on, reached, show_in, visiting
from tests.screenshots.state import LAPTOP, PHONE, Device, State, Visit

__all__ = [
    "LAPTOP",
    "PHONE",
    "SCHEMES",
    "STATES",
    "Apps",
    "Device",
    "State",
    "Visit",
    "go_on",
    "reached",
    "show_in",
    "visiting",
]

STATES: list[State] = [
    state
    for module in (
        start_pages,
        chats,
        answers,
        versions,
        running,
        cards,
        commands,
        inbox,
        sharing,
        replaying,
        waiting,
        attachments,
        beside,
        inspecting,
        trouble,
        signing_in,
    )
    for state in module.states.all
]
