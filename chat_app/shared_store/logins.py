"""Logins in Redis: a hash for each, the ids of each person, and a stream that names each change.

A process keeps what it has read. It learns of changes from the stream, so what is asked for each
event of a socket is a look into memory, and during an outage what is known stands.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from chat_app.shared_store.redis import SharedStoreDownError, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.shared_store.redis import SharedStore

_log = logging.getLogger(__name__)

TOLD = 24 * 3600.0
"""Seconds for which a login that is over is told from one that was revoked."""
_REMEMBERED = 50_000
"""Logins that this process keeps in memory."""
_CHANGES = key("logins", "changes")
_MOST_CHANGES = 10_000
"""Of the stream, about. A process that has missed more reads all of its logins again."""
_PERSON_LASTS = 400 * 24 * 3600
"""Seconds: longer than any login."""
_AT_ONCE = 500
"""Logins that are read together."""
_CHANGE = f"""
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', {_MOST_CHANGES}, '*', 'id', ARGV[3])
return 1
"""
"""One that was deleted meanwhile does not come back."""
_DELETE_ALL = f"""
local ids = redis.call('SMEMBERS', KEYS[1])
for _, id in ipairs(ids) do
  redis.call('DEL', ARGV[1] .. id)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', {_MOST_CHANGES}, '*', 'id', id)
end
redis.call('DEL', KEYS[1])
return ids
"""


class Row(NamedTuple):
    """A login; times are in seconds since 1970."""

    id: str
    person: str
    name: str
    is_admin: int
    made: float
    used: float
    ends: float
    data: bytes


class SharedLogins:
    """A `chat_app.auth.logins.Kept`. Its methods raise `SharedStoreDownError`."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._read: OrderedDict[str, Row | None] = OrderedDict()
        self._seen = b""
        """The last change that was read; empty where all has to be read."""
        self._changed = 0
        """Goes up with each change that this process learns of."""

    def insert(self, row: Row) -> None:
        fields = {name: _sent(value) for name, value in row._asdict().items() if name != "id"}
        lasts = max(1, int(row.ends - row.made + TOLD))
        with self._store.client() as client:
            pipe = client.pipeline()
            pipe.hset(_login(row.id), mapping=cast("dict[Any, Any]", fields))
            pipe.expire(_login(row.id), lasts)
            pipe.sadd(_person(row.person), row.id)
            pipe.expire(_person(row.person), _PERSON_LASTS)
            pipe.execute()
        self._keep({row.id: row})

    def get(self, login_id: str) -> Row | None:
        with self._lock:
            if login_id in self._read:
                self._read.move_to_end(login_id)
                return self._read[login_id]
        return self._read_now(login_id)

    def set_data(self, login_id: str, data: bytes) -> None:
        self._change(login_id, "data", data)

    def set_used(self, login_id: str, used: float) -> None:
        self._change(login_id, "used", _sent(used))

    def delete(self, login_id: str) -> None:
        with self._store.client() as client:
            person = cast("bytes | None", client.hget(_login(login_id), "person"))
            pipe = client.pipeline()
            pipe.delete(_login(login_id))
            if person:
                pipe.srem(_person(person.decode()), login_id)
            pipe.xadd(_CHANGES, {"id": login_id}, maxlen=_MOST_CHANGES)
            pipe.execute()
        self._keep({login_id: None})

    def delete_all(self, person_id: str) -> list[str]:
        with self._store.client() as client:
            ended = client.eval(_DELETE_ALL, 2, _person(person_id), _CHANGES, _login(""))
        ids = [one.decode() for one in cast("list[bytes]", ended)]
        self._keep(dict.fromkeys(ids))
        return ids

    def ids_of(self, person_id: str) -> list[str]:
        with self._store.client() as client:
            found = cast("set[bytes]", client.smembers(_person(person_id)))
        return [one.decode() for one in found]

    def delete_before(self, ends: float, used: float) -> int:
        """Nothing but what is kept here: Redis deletes what is over by itself."""
        with self._lock:
            over = [
                one
                for one, row in self._read.items()
                if row is None or row.ends <= ends or row.used <= used
            ]
            for login_id in over:
                del self._read[login_id]
        return len(over)

    async def look_up(self, login_id: str) -> None:
        """Read one; during an outage what is known of it stands."""
        is_kept = False
        while not is_kept:
            changed = self._changed
            try:
                async with self._store.async_client() as client:
                    found = await client.hgetall(_login(login_id))  # type: ignore[misc]
            except SharedStoreDownError:
                if login_id not in self._read:
                    raise
                return
            is_kept = self._keep_read(login_id, _row(login_id, found), changed)

    async def catch_up(self) -> None:
        try:
            async with self._store.async_client() as client:
                changed = await self._changes(client)
                for at in range(0, len(changed), _AT_ONCE):
                    ids = changed[at : at + _AT_ONCE]
                    pipe = client.pipeline(transaction=False)
                    for login_id in ids:
                        pipe.hgetall(_login(login_id))
                    found = await pipe.execute()
                    self._keep({one: _row(one, row) for one, row in zip(ids, found, strict=True)})
        except SharedStoreDownError:
            self._seen = b""
            raise

    def close(self) -> None:
        """Nothing: others use the connection, too."""

    async def _changes(self, client: Any) -> list[str]:
        """The ids of logins known here that were changed, or of all."""
        seen, self._seen = self._seen, b""
        if not seen:
            last = await client.xrevrange(_CHANGES, count=1)
            self._seen = last[0][0] if last else b"0-1"
            self._note_change()
            return self._known(None)
        entries = await client.xread({_CHANGES: seen}, count=_MOST_CHANGES)
        changes = entries[0][1] if entries else []
        if changes:
            self._note_change()
        if len(changes) >= _MOST_CHANGES // 2:  # the stream may have lost some
            return self._known(None)
        self._seen = changes[-1][0] if changes else seen
        return self._known({change.get(b"id", b"").decode() for _, change in changes})

    def _note_change(self) -> None:
        with self._lock:
            self._changed += 1

    def _known(self, ids: Iterable[str] | None) -> list[str]:
        with self._lock:
            return [one for one in (self._read if ids is None else ids) if one in self._read]

    def _change(self, login_id: str, field: str, value: bytes) -> None:
        with self._store.client() as client:
            client.eval(_CHANGE, 2, _login(login_id), _CHANGES, field, value, login_id)
        self._read_now(login_id)

    def _read_now(self, login_id: str) -> Row | None:
        while True:
            changed = self._changed
            with self._store.client() as client:
                row = _row(login_id, cast("dict[bytes, bytes]", client.hgetall(_login(login_id))))
            if self._keep_read(login_id, row, changed):
                return row

    def _keep_read(self, login_id: str, row: Row | None, changed: int) -> bool:
        """Keep what was read, unless it may have changed on its way; returns whether.

        What is not kept here yet is looked for in no change: a login that was revoked in that
        moment would be kept as valid.
        """
        with self._lock:
            if changed != self._changed:
                return False
            self._store_rows({login_id: row})
        return True

    def _keep(self, rows: Mapping[str, Row | None]) -> None:
        with self._lock:
            self._changed += 1
            self._store_rows(rows)

    def _store_rows(self, rows: Mapping[str, Row | None]) -> None:
        """Needs the lock."""
        self._read.update(rows)
        while len(self._read) > _REMEMBERED:
            self._read.popitem(last=False)


def _login(login_id: str) -> str:
    return key("login", login_id)


def _person(person_id: str) -> str:
    return key("logins", "of", person_id)


def _sent(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _row(login_id: str, found: Mapping[bytes, bytes]) -> Row | None:
    """What Redis has of a login; None where that is nothing, or was not written by this app."""
    if not found:
        return None
    try:
        person, name = found[b"person"].decode(), found[b"name"].decode()
        made, used, ends = (float(found[one]) for one in (b"made", b"used", b"ends"))
        is_admin, data = int(found[b"is_admin"]), found[b"data"]
    except (KeyError, ValueError):
        _log.error("A login in Redis is no login: do other programs write there?")
        return None
    return Row(login_id, person, name, is_admin, made, used, ends, data)
