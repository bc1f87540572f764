"""The checkpoints of a thread as rows: which step, by which nodes, when, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Json = dict[str, Any]
    State = Mapping[str, Any]

_MOST_NODES = 20


def checkpoint_row(state: State, before: State | None = None) -> Json:
    """One checkpoint.

    Args:
        state: as ``GET /threads/T/state`` has it.
        before: the one before it, whose tasks have led to it, where that is known.

    Returns:
        ``id``, ``parent``, ``step`` (None where it is not told), ``source`` (``input``, ``loop``,
        ``update``, ``fork``), the ``nodes`` that have written it, those that are ``next``, ``at``
        (as the server writes the time), ``run``, and whether it ``asks`` a person something.
    """
    about = _object(state.get("metadata"))
    step, source = about.get("step"), about.get("source")
    tasks = _tasks(before) if before and source != "update" else ()
    return {
        "id": id_in(state),
        "parent": parent_in(state),
        "step": step if isinstance(step, int) else None,
        "source": source if isinstance(source, str) else "",
        "nodes": _names(task.get("name") for task in tasks),
        "next": _names(state.get("next") or ()),
        "at": str(state.get("created_at") or ""),
        "run": str(about.get("run_id") or ""),
        "asks": any(task.get("interrupts") for task in _tasks(state)),
        "failed": next((str(one["error"]) for one in _tasks(state) if one.get("error")), "")[:300],
    }


def rows_of(states: Sequence[State], *, most: int) -> list[Json]:
    """The first `most` of states, newest first; those beyond tell what has led to them."""
    known = {id_in(state): state for state in states}
    return [checkpoint_row(state, known.get(parent_in(state))) for state in states[:most]]


def id_in(state: State) -> str:
    """The id of a checkpoint; empty where it has none."""
    checkpoint = _object(state.get("checkpoint"))
    return str(checkpoint.get("checkpoint_id") or state.get("checkpoint_id") or "")


def parent_in(state: State) -> str:
    """The id of the one before it; empty at the beginning."""
    parent = _object(state.get("parent_checkpoint"))
    return str(parent.get("checkpoint_id") or state.get("parent_checkpoint_id") or "")


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _tasks(state: State) -> list[Json]:
    tasks = state.get("tasks")
    return [task for task in tasks if isinstance(task, dict)] if isinstance(tasks, list) else []


def _names(names: Any) -> list[str]:
    listed = dict.fromkeys(str(name)[:200] for name in names if isinstance(name, str))
    return list(listed)[:_MOST_NODES]
