"""A spool in Redis: for the processes of several hosts.

An owner is a hash of entries, and each content a key of its own, so that listing reads no content.
All keys of an owner end together, `KEPT` seconds after the last sign of its tab. One hash has the
sizes of all entries; those of entries that have ended are taken out when something is put.
"""

from __future__ import annotations

import json
import time
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from chat_app.shared_store.redis import SharedStoreDownError, key
from chat_app.spool.entry import KEPT, LEFT, Entry, Limits, SpoolDownError, SpoolFullError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from chat_app.shared_store.redis import SharedStore

_SIZES = key("spool", "sizes")
_CHECK = """
local now = tonumber(redis.call('TIME')[1])
local wanted = cjson.decode(ARGV[1])
local total, per = wanted.counts, {}
for kind, which in pairs(wanted.keys) do per[kind] = wanted.counts end
local all = redis.call('HGETALL', KEYS[1])
for n = 1, #all, 2 do
  local one = cjson.decode(all[n + 1])
  if redis.call('EXISTS', one.content) == 0 then
    redis.call('HDEL', KEYS[1], all[n])
  else
    total = total + one.counts
    for kind, which in pairs(one.keys) do
      if wanted.keys[kind] == which then per[kind] = per[kind] + one.counts end
    end
  end
end
if wanted.is_limited then
  if total > wanted.total then return 0 end
  for kind, size in pairs(per) do
    if wanted.per[kind] and size > wanted.per[kind] then return 0 end
  end
end
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[4])
redis.call('HSET', KEYS[3], wanted.id, ARGV[2])
redis.call('EXPIRE', KEYS[3], ARGV[4])
redis.call('HSET', KEYS[1], KEYS[2], cjson.encode(
  {size = wanted.size, counts = wanted.counts, keys = wanted.keys, content = KEYS[2]}))
return 1
"""
_REPLACE = """
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
"""
"""One that was removed meanwhile does not come back."""
_REMOVE = """
for n = 3, #ARGV do
  if redis.call('HEXISTS', KEYS[1], ARGV[n]) == 0 then return 0 end
end
for n = 3, #ARGV do
  redis.call('HDEL', KEYS[1], ARGV[n])
  redis.call('DEL', ARGV[2] .. ARGV[n])
  redis.call('HDEL', ARGV[1], ARGV[2] .. ARGV[n])
end
return 1
"""
"""All of some entries, or none."""


class SharedSpool:
    """Is a `chat_app.spool.entry.Spool`."""

    def __init__(
        self, store: SharedStore, limits: Limits, for_content: SharedStore | None = None
    ) -> None:
        """Keep entries in `store`; `for_content` is the same one, with more time for an answer.

        A slow link is then not an outage of all that is shared.
        """
        self._store, self._limits = store, limits
        self._for_content = for_content or store

    async def put(
        self, owner: str, entry: Entry, content: bytes, *, is_limited: bool = True
    ) -> Entry:
        entry = await self._moved_since(owner, replace(entry, size=len(content)))
        wanted = {
            "id": entry.id,
            "size": entry.size,
            "counts": max(entry.size, self._limits.least),
            "keys": dict(entry.keys),
            "is_limited": is_limited,
            "total": self._limits.total,
            "per": dict(self._limits.per),
        }
        keys = [_SIZES, _content(owner, entry.id), _entries(owner)]
        given = [json.dumps(wanted), json.dumps(asdict(entry)), content, int(KEPT)]
        async with self._client(self._for_content) as redis:
            if not await redis.eval(_CHECK, len(keys), *keys, *given):
                raise SpoolFullError
        moved = await self._moved_since(owner, entry)  # while it was on its way
        if moved != entry:
            await self._replace(owner, moved)
        return moved

    async def _moved_since(self, owner: str, entry: Entry) -> Entry:
        """The entry, in the thread that its new chat has become."""
        async with self._client() as redis:  # asked in any case: an outage shows soon here
            moved = await redis.get(_moved(owner))
        at, thread_id = json.loads(moved) if moved else (0, "")
        is_moved = not entry.thread_id and at >= entry.begun
        return replace(entry, thread_id=thread_id) if is_moved else entry

    async def _replace(self, owner: str, entry: Entry) -> None:
        async with self._client() as redis:
            about = json.dumps(asdict(entry))
            await redis.eval(_REPLACE, 1, _entries(owner), entry.id, about)

    async def list(self, owner: str) -> list[Entry]:
        async with self._client() as redis:
            found = await redis.hvals(_entries(owner))
        entries = [Entry(**json.loads(said)) for said in found]
        return sorted(entries, key=lambda entry: (entry.begun, entry.id))

    async def read(self, owner: str, id: str) -> bytes | None:
        async with self._client(self._for_content) as redis:
            return await redis.get(_content(owner, id))

    async def take(self, owner: str, ids: Sequence[str]) -> dict[str, tuple[Entry, bytes]] | None:
        wanted = list(dict.fromkeys(ids))
        entries = {entry.id: entry for entry in await self.list(owner)}
        taken: dict[str, tuple[Entry, bytes]] = {}
        for name in wanted:
            content = await self.read(owner, name) if name in entries else None
            if content is None:
                return None
            taken[name] = entries[name], content
        # Only what has arrived here is removed there: an answer can be lost.
        async with self._client() as redis:
            given = [_SIZES, _content(owner, ""), *wanted]
            is_ours = await redis.eval(_REMOVE, 1, _entries(owner), *given)
        return taken if is_ours else None

    async def drop(self, owner: str, id: str) -> None:
        async with self._client() as redis:
            await redis.hdel(_entries(owner), id)
            await redis.delete(_content(owner, id))
            await redis.hdel(_SIZES, _content(owner, id))

    async def move(self, owner: str, thread_id: str) -> None:
        async with self._client() as redis:
            await redis.set(_moved(owner), json.dumps([time.time(), thread_id]), ex=int(KEPT))
        for entry in await self.list(owner):
            if not entry.thread_id:
                await self._replace(owner, replace(entry, thread_id=thread_id))

    async def touch(self, owner: str) -> None:
        await self._expire(owner, KEPT)

    async def leave(self, owner: str) -> None:
        await self._expire(owner, LEFT)

    async def clean_up(self) -> int:
        return 0  # Redis does it

    async def used(self) -> int:
        async with self._client() as redis:
            sizes = [json.loads(said) for said in await redis.hvals(_SIZES)]
            return sum([one["size"] for one in sizes if await redis.exists(one["content"])])

    async def _expire(self, owner: str, seconds: float) -> None:
        async with self._client() as redis:
            for name in await redis.hkeys(_entries(owner)):
                await redis.expire(_content(owner, name.decode()), int(seconds))
            await redis.expire(_entries(owner), int(seconds))

    @asynccontextmanager
    async def _client(self, store: SharedStore | None = None) -> AsyncGenerator[Any]:
        """The client; `redis` types its answers for the synchronous one, too."""
        try:
            async with (store or self._store).async_client() as redis:
                yield redis
        except SharedStoreDownError as problem:
            raise SpoolDownError(str(problem)) from problem


def _entries(owner: str) -> str:
    return key("spool", "entries", owner)


def _content(owner: str, id: str) -> str:
    return key("spool", "content", owner, id)


def _moved(owner: str) -> str:
    return key("spool", "moved", owner)
