"""Pictures inside panels: graphs choose the ids of messages, which two people may both have."""

from __future__ import annotations

from chat_app.auth.person import Person
from chat_app.auth.rights import rights_of
from chat_app.routes import media
from chat_app.runs.timings import Timings
from chat_app.state import media_cache
from chat_app.state.addresses import PREFIX, opened
from chat_app.state.agent_panels import Panels
from chat_app.transcript.message import (
    Media,
    Message,
    Role,
    SubAgent,
    ToolCall,
    ToolStatus,
    Transcript,
)

ADA, BOB = Person("password:ada"), Person("password:bob")


def address_in_panel(viewer: str, data: str) -> str:
    """The address of a picture in a panel, whose graph gives its message a fixed id."""
    picture = Media("image", "image/png", data=data)
    agent = SubAgent(
        "tools:1", "reader", Transcript((Message("report", Role.ASSISTANT, (picture,)),))
    )
    call = ToolCall("c", "task", "{}", ToolStatus.RUNNING, agent=agent)
    panels = Panels(Timings())
    panels.viewer = viewer
    panels.look(Transcript((Message("a", Role.ASSISTANT, (call,)),)), 1.0)
    return repr(panels.open(agent)).partition(PREFIX)[2].partition("'")[0]


async def test_of_two_people_whose_graphs_use_the_same_ids_each_sees_the_own_picture() -> None:
    media_cache.clear()
    hers, his = address_in_panel(rights_of(ADA), "QURB"), address_in_panel(rights_of(BOB), "Qk9C")
    for address, person, data in ((hers, ADA, "QURB"), (his, BOB, "Qk9C")):
        place = opened(address, rights_of(person))
        assert place
        found = await media._found(place, person)
        assert found
        assert found.data == data
