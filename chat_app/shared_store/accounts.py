"""Accounts in Redis: one hash, which has each account's row as JSON under its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from chat_app.shared_store.redis import key

if TYPE_CHECKING:
    from chat_app.shared_store.redis import SharedStore

_ALL = key("accounts")
_CHANGE = """
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row then return 0 end
row = cjson.decode(row)
if ARGV[4] ~= '' and row[ARGV[2]] ~= ARGV[4] then return 0 end
row[ARGV[2]] = cjson.decode(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(row))
return 1
"""
"""Change a field of an account that is there, and has what is expected of it."""


class Row(NamedTuple):
    """An account; times are in seconds since 1970."""

    name: str
    shown: str
    hash: str
    is_locked: int
    made: float
    signed_in: float | None


class SharedAccounts:
    """A `chat_app.auth.accounts.Table`. Its methods raise `SharedStoreDownError`."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store

    def insert(self, row: Row) -> bool:
        with self._store.client() as client:
            return bool(client.hsetnx(_ALL, row.name, json.dumps(row._asdict())))

    def get(self, name: str) -> Row | None:
        with self._store.client() as client:
            found = cast("bytes | None", client.hget(_ALL, name))
        return _row(found) if found else None

    def all(self) -> list[Row]:
        with self._store.client() as client:
            found = cast("list[bytes]", client.hvals(_ALL))
        return sorted(map(_row, found))

    def change_hash(self, name: str, new: str, *, old: str | None = None) -> bool:
        return self._change(name, "hash", new, old or "")

    def lock(self, name: str, *, is_locked: bool) -> None:
        self._change(name, "is_locked", int(is_locked))

    def note_sign_in(self, name: str, at: float) -> None:
        self._change(name, "signed_in", at)

    def remove(self, name: str) -> None:
        with self._store.client() as client:
            client.hdel(_ALL, name)

    def close(self) -> None:
        """Nothing: others use the connection, too."""

    def _change(self, name: str, field: str, value: Any, expected: str = "") -> bool:
        with self._store.client() as client:
            given = name, field, json.dumps(value), expected
            return bool(client.eval(_CHANGE, 1, _ALL, *given))


def _row(found: bytes) -> Row:
    said = json.loads(found)
    return Row(*(said.get(field) for field in Row._fields))
