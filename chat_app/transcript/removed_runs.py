"""What is kept of runs that a person has deleted, so that the tree of versions stays what it was.

A server deletes with a run the checkpoints that it made, and nothing else: states that follow them
have all messages, and their branches go on. But a run tells how it hangs on others
(`chat_app.transcript.branch_runs`), and so do those that hang on it. So the thread keeps a note of
each, in its metadata under ``chat_removed:RUN``:

``{"link": {FIELD: VALUE}, "older": RUN, "is_last": true}``

with the fields of a `RunLink` that are not empty. `older` is the run that began before it, empty
for the first one; `is_last` says that none had begun after it: what begins later goes on from
another place.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from chat_app.transcript.branch_runs import RunLink

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chat_app.client.events import Json

REMOVED = "chat_removed:"
_LONGEST = 200
_KEPT = {
    "message_id": str,
    "has_input": bool,
    "edits": str,
    "regenerates": str,
    "asked_by": str,
    "from_run": str,
    "beside": str,
    "after": str,
    "is_retry": bool,
    "continues": bool,
    "resumes": bool,
}
"""The fields of a link that say where it hangs, and their types."""


@dataclass(frozen=True, slots=True)
class RemovedRun:
    """A run that the server has no more."""

    link: RunLink
    older: str = ""
    is_last: bool = False

    @property
    def run_id(self) -> str:
        """Its id."""
        return self.link.run_id


def note_of(removed: RemovedRun) -> Json:
    """The metadata of its thread that keeps it."""
    link = {name: value for name in _KEPT if (value := getattr(removed.link, name))}
    if removed.link.after == "":
        link["after"] = ""  # it is known that there was nothing
    return {
        f"{REMOVED}{removed.run_id}": {
            "link": link,
            "older": removed.older,
            "is_last": removed.is_last,
        }
    }


def no_note_of(run_id: str) -> Json:
    """The metadata that takes such a note back."""
    return {f"{REMOVED}{run_id}": None}


def removed_in(metadata: Mapping[str, Any] | None) -> tuple[RemovedRun, ...]:
    """Those that a thread has notes of; what is no such note is passed over."""
    found = []
    for key, value in (metadata or {}).items():
        if not key.startswith(REMOVED):
            continue
        match value:
            case {"link": dict(link), "older": str(older), "is_last": bool(is_last)}:
                run_id = key.removeprefix(REMOVED)
                known = {
                    name: link[name] for name, kind in _KEPT.items() if _is_a(link.get(name), kind)
                }
                found.append(RemovedRun(RunLink(run_id, **known), older, is_last))
    return tuple(found)


def removal_of(
    links: Sequence[RunLink], removed: Collection[RemovedRun], run_id: str
) -> RemovedRun | None:
    """What is to be kept of a run that will be removed; None where there is none of that id.

    Args:
        links: the runs of the thread, oldest first.
        removed: those that were removed before.
        run_id: the one to remove.
    """
    order = with_removed(links, removed)
    place = next((n for n, one in enumerate(order) if one.run_id == run_id), None)
    gone = {one.run_id for one in removed}
    if place is None or run_id in gone:
        return None
    is_last = all(one.run_id in gone for one in order[place + 1 :])
    return RemovedRun(order[place], order[place - 1].run_id if place else "", is_last)


def with_removed(links: Sequence[RunLink], removed: Collection[RemovedRun]) -> list[RunLink]:
    """The runs with those that were removed, each behind the one that began before it.

    One that is listed all the same was not removed.
    """
    order = list(links)
    listed = {one.run_id for one in links}
    left = [one for one in removed if one.run_id not in listed]
    while left:
        places = {one.run_id: n for n, one in enumerate(order)}
        put = [one for one in left if not one.older or one.older in places] or left[:1]
        for one in put:
            place = next((n for n, it in enumerate(order) if it.run_id == one.older), -1)
            order.insert(place + 1, one.link)
        left = [one for one in left if one not in put]
    return order


def _is_a(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not (isinstance(value, str) and len(value) > _LONGEST)


assert set(_KEPT) < {field.name for field in fields(RunLink)}  # noqa: S101 - of this module
