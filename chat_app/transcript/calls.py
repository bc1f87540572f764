"""Which streamed chunks are of one model call, whatever message ids they carry.

LangChain gives a chunk without an id that of the model's run (``lc_run--<uuid>``; ``run-<uuid>`` in
2024). A provider may send an id of its own with the first chunk only, with a later one, or a new
one with each. So several ids may stand for one call, and the message is saved under one of them or
under another. What the chunks of a call share is their task, ``langgraph_checkpoint_ns``: one
execution of one node, which may call models one after the other, in parallel, or again after a
failure.

The rules, for a chunk whose id is new in its task:

- two ids of model runs are two calls;
- the id of a model run belongs to the open call of that task that has none yet;
- a provider's id belongs to the open call, if the chunk says something: calls begin with an empty
  chunk. If an id that was taken to be replaced is received again, the two were calls in parallel;
- otherwise a call begins. One that was open before is given up, as a failed attempt is, unless it
  ran at the same time: the model's run began before the last chunk of the other, or chunks of it
  come later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.transcript import merge
from chat_app.transcript.read import is_complete
from chat_app.transcript.uuid7_time import written_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chat_app.client.events import Json

MOST_IDS = 8
"""Ids of one call after which its provider is known to send a new one with each chunk."""
AT_ONCE = 20
"""Milliseconds between two model runs that count as begun at the same time."""

_RUN = re.compile(r"(lc_)?run-")
_TIME = re.compile(r"(\d{13})-\d+")


class Call(NamedTuple):
    """One model call. It is named by its key: the id it is shown under."""

    task: str
    """The task it belongs to; empty where the server does not say, and then nothing is joined."""
    node: str = ""
    place: str = ""
    """The node by its full name, with that of its graph: no two graphs share one."""
    is_internal: bool = False
    """LangChain calls it one of its middleware's own, such as a summary."""
    step: int = 0
    """The superstep of the graph in which the task runs."""
    run: str = ""
    """The id of the model's run, if it was received."""
    provider: str = ""
    """The last id of the provider."""
    heard: int = 0
    """When the last chunk was sent, in milliseconds since 1970; 0 where unknown."""
    is_apart: bool = False
    """Known to run beside another one: nothing is joined with it, nothing gives it up."""
    segments: tuple[tuple[str, Json], ...] = ()
    """What came under each id, oldest first; empty while there was only one."""

    def under(self, id: str, at: int) -> Call:
        """This call, with `id` received for it."""
        if is_run(id):
            return self._replace(run=id, heard=at or self.heard)
        return self._replace(provider=id, heard=at or self.heard)


class Known(NamedTuple):
    """What is known of the model calls of a run, by their keys, oldest first."""

    calls: Mapping[str, Call]
    drafts: Mapping[str, Json]
    given_up: frozenset[str]
    """Failed attempts: not shown, unless more of them comes."""
    aliases: Mapping[str, str]
    """Further ids, with the keys of their calls."""
    key: str = ""
    """The call that the last chunk is of."""
    parted: str = ""
    """The key of another call, which that chunk shows to be none of the same."""


def begun(metadata: Json, id: str, at: int) -> Call:
    """The call that begins with a chunk."""
    node, step = metadata.get("langgraph_node"), metadata.get("langgraph_step")
    node, step = node if isinstance(node, str) else "", step if isinstance(step, int) else 0
    path = metadata.get("langgraph_checkpoint_ns") or metadata.get("checkpoint_ns")
    task = path if isinstance(path, str) else f"{node}:{step}" if step else ""
    internal = bool(metadata.get("lc_source") or metadata.get("lc_internal_call"))
    place = f"{metadata.get('graph_id') or ''}/{node}"
    return Call(task, node, place, internal, step).under(id, at)


def is_run(id: str) -> bool:
    """Whether this is the id of a model's run, not one of a provider."""
    return bool(_RUN.match(id))


def sent_at(event_id: str | None) -> int:
    """Milliseconds since 1970, UTC, from the id of an event; 0 where it does not tell."""
    found = _TIME.fullmatch(event_id or "")
    return int(found[1]) if found else 0


def joined(known: Known, id: str, metadata: Json, chunk: Json, at: int) -> Known:
    """What is known once `chunk`, under this `id`, was sent `at` (see `sent_at`)."""
    if key := known.aliases.get(id) or (id if id in known.calls else ""):
        return _again(known, key, id, at)
    call = begun(metadata, id, at)
    for key in reversed(list(_open(known, call.task))):
        if _continues(known, key, id, chunk):
            return _continued(known, _first_fit(known, key, id, chunk), id, at)
    given_up = {
        key
        for key in _open(known, call.task)
        if not is_complete(known.drafts[key]) and not _beside(known.calls[key], id)
    }
    return known._replace(
        key=id, calls={**known.calls, id: call}, given_up=known.given_up | given_up
    )


def _again(known: Known, key: str, id: str, at: int) -> Known:
    """A chunk under a known id: a cancelled call continues, merged calls are split."""
    call = known.calls.get(key)
    if call is None:
        return known._replace(key=key)
    calls = {**known.calls, key: call.under(id, at)}
    if key in known.given_up:
        calls[key] = calls[key]._replace(is_apart=True)
        return known._replace(key=key, calls=calls, given_up=known.given_up - {key})
    if call.segments and call.segments[-1][0] != id and not is_run(id):
        return _parted(known._replace(key=key, calls=calls), id)
    return known._replace(key=key, calls=calls)


def _parted(known: Known, id: str) -> Known:
    """Two calls in parallel that were taken for one: `id` came again after another one."""
    call = known.calls[known.key]
    other = call.segments[-1][0]
    mine = [draft for name, draft in call.segments if name == id]
    theirs = [draft for name, draft in call.segments if name != id]
    apart = call._replace(segments=(), is_apart=True)
    calls = {**known.calls, known.key: apart, other: apart._replace(provider=other, run="")}
    drafts = {**known.drafts, known.key: _whole(mine), other: _whole(theirs)}
    moved = {name: other for name, _ in call.segments if name not in {id, other}}
    aliases = {**{name: key for name, key in known.aliases.items() if name != other}, **moved}
    return known._replace(calls=calls, drafts=drafts, aliases=aliases, parted=other)


def _whole(segments: list[Json]) -> Json:
    draft: Json = {}
    for segment in segments:
        draft = merge.appended(draft, segment)
    return draft


def _continued(known: Known, key: str, id: str, at: int) -> Known:
    call = known.calls[key]
    segments = call.segments
    if not is_run(id) and call.provider:
        first = (call.provider, known.drafts.get(key, {}))
        segments = (*(segments or (first,)), (id, {}))
        segments = () if len(segments) > MOST_IDS else segments
    call = call._replace(segments=segments).under(id, at)
    return known._replace(key=key, calls={**known.calls, key: call})


def grown(call: Call, id: str, chunk: Json) -> Call:
    """`call` with a chunk more: what came under each id is kept while they may yet be parted."""
    if not call.segments:
        return call
    name, draft = call.segments[-1]
    if not is_run(id) and name != id:
        return call
    return call._replace(segments=(*call.segments[:-1], (name, merge.appended(draft, chunk))))


def _open(known: Known, task: str) -> Iterator[str]:
    """The calls of a task that may get more chunks, in the order they began."""
    for key, call in known.calls.items() if task else ():
        draft = known.drafts.get(key)
        is_open = draft is not None and draft.get("chunk_position") != "last"
        if is_open and call.task == task and key not in known.given_up:
            yield key


def _continues(known: Known, key: str, id: str, chunk: Json) -> bool:
    call = known.calls[key]
    if is_run(id):
        return not call.run
    return bool(chunk.get("content") or chunk.get("tool_call_chunks")) and not call.is_apart


def _first_fit(known: Known, key: str, id: str, chunk: Json) -> str:
    """Of several calls in parallel without a run's id the first one of the same kind of content."""
    if not is_run(id):
        return key
    fits = [other for other in _open(known, known.calls[key].task) if not known.calls[other].run]
    kind = type(chunk.get("content"))
    same = [other for other in fits if type(known.drafts[other].get("content", "")) is kind]
    return next(iter([*same, *fits]), key)


def _beside(call: Call, id: str) -> bool:
    """Whether a call that is open runs at the same time as the one that begins under `id`."""
    began = written_at(id)
    if call.is_apart:
        return True
    if began and call.heard:
        return began <= call.heard
    before = written_at(call.run)
    return bool(began and before and abs(began - before) <= AT_ONCE)


def later(known: Mapping[str, Call], key: str) -> set[str]:
    """The keys of the calls that began after this one in the same task."""
    keys = list(known) if key in known else [key]
    after = keys[keys.index(key) + 1 :]
    return {other for other in after if known[other].task == known[key].task}


def metadata_of(about: Any) -> Json:
    """The metadata in one entry of a ``messages/metadata`` event."""
    found = about.get("metadata") if isinstance(about, dict) else None
    return found if isinstance(found, dict) else {}
