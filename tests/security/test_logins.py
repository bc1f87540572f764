"""Logins of people who signed in: made, found, revoked, over."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from chat_app.auth.logins import Logins
from chat_app.auth.person import Person
from chat_app.shared_store.logins import SharedLogins
from chat_app.shared_store.redis import SharedStore
from tests.helpers.redis_server import running_redis, shared_redis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.helpers.clock import Clock

__all__ = ["running_redis", "shared_redis"]

HOUR = 3600.0
SECRET = b"s" * 32
ANNA = Person("password:anna", "Anna")
BEN = Person("password:ben", "Ben", is_admin=True)


@pytest.fixture(params=["file", "redis"])
def opened(
    tmp_path: Path, clock: Clock, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Logins]]:
    """Opens the same file, or the same Redis, again, as another process does."""
    stores = []
    redis = request.getfixturevalue("shared_redis") if request.param == "redis" else None

    def open_it(*, secret: bytes = SECRET, lasts: float = 12 * HOUR, idle: float = HOUR) -> Logins:
        kept = SharedLogins(SharedStore(redis.url)) if redis else tmp_path / "logins.sqlite"
        stores.append(Logins(kept, secret=secret, lasts=lasts, idle=idle, now=clock))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


def test_a_login_is_found_by_its_secret_alone(opened: Callable[..., Logins]) -> None:
    store = opened()
    secret, login = store.make(ANNA)
    other, _ = store.make(BEN)
    assert store.presented(secret) == login
    assert login.person == ANNA
    assert store.presented(other).person == BEN  # type: ignore[union-attr]
    assert len({secret, other}) == 2
    for wrong in ("", login.id, secret[:-1], f"{secret}=", secret.swapcase()):
        assert store.presented(wrong) is None


@pytest.mark.parametrize("opened", ["file"], indirect=True)
def test_the_file_holds_no_secret_and_is_its_owners(
    opened: Callable[..., Logins], tmp_path: Path
) -> None:
    store = opened()
    secret, _ = store.make(ANNA, b"a-token-of-a-provider")
    files = list(tmp_path.glob("logins.sqlite*"))
    content = b"".join(file.read_bytes() for file in files)
    assert len(files) == 3  # the file, its log, and the index of that
    assert secret.encode() not in content
    assert b"a-token-of-a-provider" not in content
    assert b"password:anna" in content
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_data_of_a_mode_are_kept_changed_and_useless_with_another_secret(
    opened: Callable[..., Logins],
) -> None:
    store = opened()
    _, login = store.make(ANNA, b"first")
    assert store.data_of(login.id) == b"first"
    store.keep_data(login.id, b"second")
    assert store.data_of(login.id) == b"second"
    assert opened().data_of(login.id) == b"second"
    assert opened(secret=b"t" * 32).data_of(login.id) == b""
    assert store.data_of("unknown") == b""


def test_a_login_ends_after_its_time_however_busy(
    opened: Callable[..., Logins], clock: Clock
) -> None:
    store = opened(lasts=3 * HOUR)
    secret, login = store.make(ANNA)
    for _ in range(11):
        clock.now += HOUR / 4
        store.note_use(login.id)
        assert store.presented(secret)
    clock.now += HOUR / 4
    store.note_use(login.id)
    assert store.presented(secret) is None


def test_a_mode_may_end_a_login_sooner_but_not_later(
    opened: Callable[..., Logins], clock: Clock
) -> None:
    store = opened(lasts=2 * HOUR, idle=9 * HOUR)
    sooner, _ = store.make(ANNA, lasts=HOUR)
    later, _ = store.make(ANNA, lasts=5 * HOUR)
    clock.now += HOUR
    assert store.presented(sooner) is None
    assert store.presented(later)
    clock.now += HOUR
    assert store.presented(later) is None


def test_a_login_ends_without_activity_and_reading_it_is_none(
    opened: Callable[..., Logins], clock: Clock
) -> None:
    store = opened(idle=HOUR)
    secret, login = store.make(ANNA)
    for _ in range(59):
        clock.now += 60
        assert store.presented(secret)
    clock.now += 60
    assert store.presented(secret) is None
    store.note_use(login.id)  # too late
    assert store.presented(secret) is None


def test_activity_is_written_seldom(opened: Callable[..., Logins], clock: Clock) -> None:
    store = opened()
    _, login = store.make(ANNA)
    assert store.is_noted(login.id)
    clock.now += 31
    assert not store.is_noted(login.id)
    store.note_use(login.id)
    assert store.is_noted(login.id)


async def test_what_one_process_revokes_is_gone_for_the_next_request_at_all(
    opened: Callable[..., Logins],
) -> None:
    here, there = opened(), opened()
    secret, login = here.make(ANNA)
    kept, _ = here.make(ANNA)
    assert there.presented(secret)
    assert there.presented(kept)
    here.revoke(login.id)
    assert here.presented(secret) is None
    for one in (secret, kept):
        await there.look_up(one)
    assert there.presented(secret) is None
    assert there.presented(kept)


async def test_all_logins_of_a_person_end_together_and_no_others(
    opened: Callable[..., Logins],
) -> None:
    here, there = opened(), opened()
    annas = [here.make(ANNA), there.make(ANNA), here.make(ANNA)]
    bens, _ = there.make(BEN)
    assert set(here.of_person(ANNA.id)) == {login.id for _, login in annas}
    assert set(there.revoke_all(ANNA.id)) == {login.id for _, login in annas}
    await here.catch_up()
    assert [here.presented(secret) for secret, _ in annas] == [None] * 3
    assert here.presented(bens)
    assert here.of_person(ANNA.id) == []


def test_logins_outlive_a_restart(opened: Callable[..., Logins]) -> None:
    secret, login = opened().make(BEN)
    assert opened().presented(secret) == login


def test_what_is_over_is_deleted(opened: Callable[..., Logins], clock: Clock) -> None:
    store = opened(idle=HOUR)
    store.make(ANNA)
    clock.now += HOUR / 2
    secret, _ = store.make(BEN)
    assert store.remove_ended() == 0
    assert store.presented(secret)
    clock.now += 24 * HOUR + HOUR / 2
    assert store.remove_ended() == 1
    assert store.remove_ended() == 0
    clock.now += HOUR / 2
    assert store.remove_ended() == 1


def test_a_login_that_is_over_is_told_from_one_that_was_revoked(
    opened: Callable[..., Logins], clock: Clock
) -> None:
    store = opened(idle=HOUR)
    secret, _ = store.make(ANNA)
    revoked, login = store.make(ANNA)
    assert not store.is_over(secret)
    clock.now += HOUR
    store.revoke(login.id)
    assert store.is_over(secret)
    assert not store.is_over(revoked)
    assert not store.is_over("unknown")


@pytest.mark.parametrize("opened", ["file"], indirect=True)
def test_another_program_that_writes_does_not_make_readers_wait(
    opened: Callable[..., Logins], tmp_path: Path
) -> None:
    store = opened()
    secret, _ = store.make(ANNA)
    other = sqlite3.connect(tmp_path / "logins.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert opened().presented(secret)
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.parametrize("opened", ["file"], indirect=True)
def test_a_program_of_its_own_revokes_too(opened: Callable[..., Logins], tmp_path: Path) -> None:
    store = opened()
    secret, login = store.make(ANNA)
    assert store.presented(secret)
    revoking = (
        "import sys; from pathlib import Path; from chat_app.auth.logins import Logins;"
        "Logins(Path(sys.argv[1]), secret=b's' * 32, lasts=9e9, idle=9e9).revoke(sys.argv[2])"
    )
    path = str(tmp_path / "logins.sqlite")
    subprocess.run([sys.executable, "-c", revoking, path, login.id], check=True)
    assert store.presented(secret) is None
