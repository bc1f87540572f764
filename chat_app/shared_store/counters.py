"""Failed sign-ins counted in Redis: a hash for each counter, and an index by time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from chat_app.shared_store.redis import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chat_app.shared_store.redis import SharedStore

_INDEX = key("attempts", "by-time")
_BEGIN = """
local now, forgotten, wait, found = tonumber(ARGV[1]), tonumber(ARGV[2]), 0, {}
for n = 2, #KEYS do
  local given = 3 * (n - 2) + 2
  local free, first, longest =
    tonumber(ARGV[given + 1]), tonumber(ARGV[given + 2]), tonumber(ARGV[given + 3])
  local kept = redis.call('HMGET', KEYS[n], 'failures', 'last')
  local failures, last = tonumber(kept[1] or 0), tonumber(kept[2] or now)
  if last <= now - forgotten then failures, last = 0, now end
  local delay = 0
  if failures >= free then
    delay = math.min(longest, first * 2 ^ math.min(failures - free, 30))
  end
  wait = math.max(wait, last + delay - now)
  found[n] = failures
end
if wait > 0 then return string.format('%.17g', wait) end
for n = 2, #KEYS do
  redis.call('HSET', KEYS[n], 'failures', found[n] + 1, 'last', ARGV[1])
  redis.call('EXPIRE', KEYS[n], math.ceil(forgotten))
  redis.call('ZADD', KEYS[1], ARGV[1], KEYS[n])
end
return '0'
"""
_UNDO = """
for _, name in ipairs(KEYS) do
  local failures = tonumber(redis.call('HGET', name, 'failures') or 0)
  if failures > 0 then redis.call('HSET', name, 'failures', failures - 1) end
end
"""


class Counted(NamedTuple):
    """A counter, and its delays as `chat_app.auth.throttle.Limit` has them."""

    key: bytes
    free: int
    first: float
    longest: float


class SharedCounters:
    """A `chat_app.auth.throttle.Counters`. Its methods raise `SharedStoreDownError`."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store

    def begin(self, counted: Sequence[Counted], now: float, forgotten_after: float) -> float:
        limits = [value for one in counted for value in one[1:]]
        keys = [_INDEX, *(_name(one.key) for one in counted)]
        with self._store.client() as client:
            wait = client.eval(_BEGIN, len(keys), *keys, repr(now), forgotten_after, *limits)
        return float(cast("bytes", wait))

    def undo(self, keys: Iterable[bytes]) -> None:
        names = [_name(one) for one in keys]
        if names:
            with self._store.client() as client:
                client.eval(_UNDO, len(names), *names)

    def forget(self, counter: bytes) -> None:
        with self._store.client() as client:
            client.delete(_name(counter))

    def clean_up(self, before: float, most: int) -> None:
        """Delete the oldest of too many; what is too old to count is deleted by Redis itself."""
        with self._store.client() as client:
            client.zremrangebyscore(_INDEX, "-inf", before)
            oldest = cast("list[bytes]", client.zrange(_INDEX, 0, -most - 1))
            for at in range(0, len(oldest), 1000):
                client.delete(*oldest[at : at + 1000])
            if oldest:
                client.zremrangebyrank(_INDEX, 0, len(oldest) - 1)

    def close(self) -> None:
        """Nothing: others use the connection, too."""


def _name(counter: bytes) -> str:
    return key("attempts", counter.hex())
