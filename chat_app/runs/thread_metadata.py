"""The app's own keys in a thread's metadata, and how the first version of the app named them.

Metadata is shared: LangGraph's authentication examples and Aegra write an ``owner`` of their own,
other programs a ``title``. So each key of this app has a prefix. The first version had none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.events import Json

OWNER, TITLE, PAUSED = "chat_owner", "chat_title", "chat_paused"
TITLE_FROM = "chat_title_from"
"""Who gave the title: ``person``, ``graph`` or ``assistant``; else it is a cut of the question."""
TEMPORARY = "chat_temporary"
PINNED, ARCHIVED, DELETED = "chat_pinned", "chat_archived", "chat_deleted"
"""The last one is set for the seconds in which a deletion can be undone, to its time."""
BRANCH = "chat_branch"
FORKED_FROM = "chat_forked_from"
SCHEDULE = "chat_schedule"
_OLD_OWNER, _OLD_TITLE = "owner", "title"


def made_for(owner: str, title: str, *, forked_from: str = "", is_temporary: bool = False) -> Json:
    """The metadata of a new thread, which may continue another one."""
    made: Json = {TITLE: title, OWNER: owner}
    if is_temporary:
        made[TEMPORARY] = True
    # A copy has the metadata of its origin, and stays all the same.
    return made | {FORKED_FROM: forked_from, TEMPORARY: False} if forked_from else made


def made_by_schedule(owner: str, title: str, schedule: str) -> Json:
    """The metadata of a cron, which the server gives to the threads of its runs."""
    return made_for(owner, title) | {SCHEDULE: schedule}


def schedule_in(metadata: Mapping[str, Any] | None) -> str:
    """The app's own id of a schedule, in its cron and in the threads that it made."""
    known = (metadata or {}).get(SCHEDULE)
    return known if isinstance(known, str) else ""


def owner_in(metadata: Mapping[str, Any] | None) -> str:
    """The id of the person whose thread it is; empty where this app did not make it."""
    return _own_text(metadata or {}, OWNER, _OLD_OWNER)


def title_of(metadata: Mapping[str, Any] | None) -> str:
    """The title that this app gave a thread; empty where it gave none."""
    return _own_text(metadata or {}, TITLE, _OLD_TITLE)


def title_source(metadata: Mapping[str, Any] | None) -> str:
    """Who gave the title: a value of `TITLE_FROM`, or empty."""
    source = (metadata or {}).get(TITLE_FROM)
    return source if source in ("person", "graph", "assistant") else ""


def paused_in(metadata: Mapping[str, Any] | None) -> list[str]:
    """The cancelled runs whose inputs are the paused messages of a thread, next one first."""
    known = (metadata or {}).get(PAUSED)
    return [one for one in known if isinstance(one, str)] if isinstance(known, list) else []


class Branch(NamedTuple):
    """The state that a thread shows: void once `head` is not its newest checkpoint any more."""

    checkpoint_id: str
    head: str
    run_id: str = ""
    """The run that the branch ends with, where that is not the newest one."""


def shown_branch(metadata: Mapping[str, Any] | None) -> Branch | None:
    """The branch that a person has chosen to see; None where the newest state is shown."""
    match (metadata or {}).get(BRANCH):
        case {"checkpoint_id": str(checkpoint_id), "head": str(head), **more} if checkpoint_id:
            run_id = more.get("run_id")
            return Branch(checkpoint_id, head, run_id if isinstance(run_id, str) else "")
    return None


def is_temporary(metadata: Mapping[str, Any] | None) -> bool:
    """Whether the thread is deleted when it is left, and cannot be shared."""
    return (metadata or {}).get(TEMPORARY) is True


def is_archived(metadata: Mapping[str, Any] | None) -> bool:
    """Whether the person has put the thread away."""
    return (metadata or {}).get(ARCHIVED) is True


def _own_text(metadata: Mapping[str, Any], key: str, old: str) -> str:
    """What this app wrote under a key, which its first version called `old`; else empty."""
    value = metadata.get(key)
    if value is None and _is_of_the_first_version(metadata):
        value = metadata[old]
    return value if isinstance(value, str) else ""


def _is_of_the_first_version(metadata: Mapping[str, Any]) -> bool:
    """Whether these keys are this app's: its owners are random UUIDs, beside a title."""
    owner, title = metadata.get(_OLD_OWNER), metadata.get(_OLD_TITLE)
    if not isinstance(owner, str) or not isinstance(title, str):
        return False
    try:
        return UUID(owner).version == 4
    except ValueError:
        return False


def deleted_at(metadata: Mapping[str, Any] | None) -> float:
    """When a person deleted the thread, in seconds since 1970; 0 where it is not deleted."""
    when = (metadata or {}).get(DELETED)
    return float(when) if isinstance(when, int | float) and not isinstance(when, bool) else 0.0


def is_hidden(metadata: Mapping[str, Any] | None) -> bool:
    """Whether the thread is in no list and found by no search."""
    return is_temporary(metadata) or deleted_at(metadata) > 0
