"""Accounts with passwords, and how often one may guess."""

from __future__ import annotations

import asyncio
import os
import pty
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from chat_app.auth import throttle as throttles
from chat_app.auth.accounts import FILE, AccountError, Accounts
from chat_app.auth.logins import Logins
from chat_app.auth.person import Person
from chat_app.auth.throttle import ACCOUNT, ADDRESS, BROWSER, Throttle
from chat_app.shared_store.accounts import SharedAccounts
from chat_app.shared_store.counters import SharedCounters
from chat_app.shared_store.logins import SharedLogins
from chat_app.shared_store.redis import SharedStore
from tests.helpers.redis_server import running_redis, shared_redis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.clock import Clock
    from tests.helpers.redis_server import RedisServer

__all__ = ["running_redis", "shared_redis"]

ROOT = Path(__file__).resolve().parents[2]
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "correct horse battery"


@pytest.fixture(params=["file", "redis"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Path | SharedStore:
    """Where accounts and counters are kept."""
    if request.param == "file":
        return tmp_path / "accounts.sqlite"
    return SharedStore(request.getfixturevalue("shared_redis").url, timeout=10)


def accounts_in(table: Path | SharedStore, hasher: PasswordHasher = QUICK) -> Accounts:
    return Accounts(table if isinstance(table, Path) else SharedAccounts(table), hasher)


def throttle_in(table: Path | SharedStore, clock: Clock) -> Throttle:
    return Throttle(table if isinstance(table, Path) else SharedCounters(table), clock)


@pytest.fixture
def accounts(table: Path | SharedStore) -> Iterator[Accounts]:
    store = accounts_in(table)
    yield store
    store.close()


@pytest.fixture
def throttle(table: Path | SharedStore, clock: Clock) -> Iterator[Throttle]:
    store = throttle_in(table, clock)
    yield store
    store.close()


def test_the_right_password_opens_the_account_and_its_person_is_stable(accounts: Accounts) -> None:
    accounts.add("Anna", PASSWORD)
    found = accounts.verify("anna", PASSWORD)
    assert found
    assert found.person == Person("password:anna", "Anna")
    for wrong in ("", PASSWORD[:-1], f"{PASSWORD} ", PASSWORD.upper(), "nobody"):
        assert accounts.verify("anna", wrong) is None
    assert accounts.verify("ben", PASSWORD) is None
    assert accounts.verify("ben", "the password of no account") is None


@pytest.mark.parametrize("typed", ["anna", "ANNA", " Anna ", "\uff41\uff4e\uff4e\uff41"])
def test_a_name_is_the_same_however_it_is_written(accounts: Accounts, typed: str) -> None:
    accounts.add("aNNa", PASSWORD)
    assert accounts.verify(typed, PASSWORD)
    with pytest.raises(AccountError, match="TAKEN"):
        accounts.add(typed, PASSWORD)


def test_a_password_is_the_same_however_a_keyboard_composes_it(accounts: Accounts) -> None:
    accounts.add("anna", "stra\u00dfenb\u00e4hn")
    assert accounts.verify("anna", "stra\u00dfenba\u0308hn")
    assert accounts.verify("anna", "strassenb\u00e4hn") is None


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a:b", "a/b", "a\nb", "a\0b", "<b>", "-a", ".a", "a" * 101, "a\u202eb"]
)
def test_what_cannot_be_a_name_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError):
        accounts.add(name, PASSWORD)
    assert accounts.all() == []


@pytest.mark.parametrize("password", ["", "seven77", "anna-anna", "ANNA-anna", "x" * 1001])
def test_a_weak_password_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError):
        accounts.add("anna-anna", password)


def test_hashes_are_argon2id_and_made_anew_when_the_parameters_change(
    accounts: Accounts, table: Path | SharedStore
) -> None:
    accounts.add("anna", PASSWORD)
    stronger = accounts_in(table, PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))

    def hashed() -> str:
        return accounts.get("anna").hash

    assert extract_parameters(hashed()).type is Type.ID
    assert extract_parameters(hashed()).time_cost == 1
    assert stronger.verify("anna", "wrong-password") is None
    assert extract_parameters(hashed()).time_cost == 1
    assert stronger.verify("anna", PASSWORD)
    assert extract_parameters(hashed()).time_cost == 2
    assert stronger.verify("anna", PASSWORD)
    stronger.close()


def test_an_unknown_name_takes_as_long_as_a_wrong_password(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "a.sqlite", PasswordHasher(4, 16_384, 1))
    accounts.add("anna", PASSWORD)

    def took(name: str) -> float:
        begun = time.thread_time()
        accounts.verify(name, "wrong-password")
        return time.thread_time() - begun

    known = min(took("anna") for _ in range(7))
    unknown = min(took("ben") for _ in range(7))
    accounts.close()
    assert 0.5 < unknown / known < 2


def test_changing_locking_and_removing(accounts: Accounts) -> None:
    accounts.add("anna", PASSWORD)
    accounts.change_password("ANNA", "another password")
    assert accounts.verify("anna", PASSWORD) is None
    accounts.lock("anna")
    assert accounts.verify("anna", "another password").is_locked  # type: ignore[union-attr]
    accounts.lock("anna", is_locked=False)
    assert not accounts.get("anna").is_locked
    accounts.remove("anna")
    assert accounts.verify("anna", "another password") is None
    for change in (accounts.get, accounts.lock, accounts.remove):
        with pytest.raises(AccountError, match="UNKNOWN"):
            change("anna")


@pytest.mark.parametrize("table", ["file"], indirect=True)
def test_the_file_is_its_owners(accounts: Accounts, tmp_path: Path) -> None:
    accounts.add("anna", PASSWORD)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("accounts.sqlite*")}
    assert modes == {0o600}


def fail(throttle: Throttle, clock: Clock, times: int, *counted: tuple) -> None:
    """So many attempts that fail, each as soon as it may begin."""
    for _ in range(times):
        if wait := throttle.begin(*counted):
            clock.now += wait
            assert throttle.begin(*counted) == 0


def test_the_delay_grows_with_each_failure_up_to_a_limit(throttle: Throttle, clock: Clock) -> None:
    waits = []
    for _ in range(18):
        wait = throttle.begin((ACCOUNT, "anna"))
        waits.append(wait)
        if wait:
            clock.now += wait
            assert throttle.begin((ACCOUNT, "anna")) == 0
    assert waits[:5] == [0] * 5
    assert waits[5:9] == [5, 10, 20, 40]
    assert waits[-1] == 900


def test_an_attempt_that_has_to_wait_does_not_make_the_wait_longer(
    throttle: Throttle, clock: Clock
) -> None:
    fail(throttle, clock, 7, (ACCOUNT, "anna"))
    first = throttle.begin((ACCOUNT, "anna"))
    assert [throttle.begin((ACCOUNT, "anna")) for _ in range(50)] == [first] * 50


def test_accounts_and_addresses_are_counted_apart(throttle: Throttle, clock: Clock) -> None:
    fail(throttle, clock, 8, (ACCOUNT, "anna"), (ADDRESS, "192.0.2.1"))
    assert throttle.begin((ACCOUNT, "anna"), (ADDRESS, "192.0.2.9")) > 0
    assert throttle.begin((ACCOUNT, "ben"), (ADDRESS, "192.0.2.9")) == 0
    for number in range(12):  # one password for many accounts
        assert throttle.begin((ACCOUNT, f"person{number}"), (ADDRESS, "192.0.2.1")) == 0
    assert throttle.begin((ACCOUNT, "carla"), (ADDRESS, "192.0.2.1")) > 0
    assert throttle.begin((ACCOUNT, "carla"), (ADDRESS, "192.0.2.2")) == 0


def test_a_known_browser_does_not_wait_for_what_others_do(throttle: Throttle, clock: Clock) -> None:
    fail(throttle, clock, 12, (ACCOUNT, "anna"), (ADDRESS, "192.0.2.1"))
    assert throttle.begin((BROWSER, "her-browser\nanna")) == 0
    fail(throttle, clock, 8, (BROWSER, "her-browser\nanna"))
    assert throttle.begin((BROWSER, "her-browser\nanna")) > 0


def test_attempts_that_come_at_once_are_all_counted(throttle: Throttle) -> None:
    async def at_once() -> list[float]:
        tries = [asyncio.to_thread(throttle.begin, (ACCOUNT, "anna")) for _ in range(40)]
        return await asyncio.gather(*tries)

    assert asyncio.run(at_once()).count(0) == 5


def test_a_success_clears_the_account_but_not_what_the_address_did_before(
    throttle: Throttle, clock: Clock
) -> None:
    both = (ACCOUNT, "mallory"), (ADDRESS, "192.0.2.1")
    for number in range(19):
        assert throttle.begin((ACCOUNT, f"victim{number}"), (ADDRESS, "192.0.2.1")) == 0
    assert throttle.begin(*both) == 0
    throttle.succeeded(*both)
    assert throttle.begin((ACCOUNT, "victim"), (ADDRESS, "192.0.2.1")) == 0
    assert throttle.begin((ACCOUNT, "victim"), (ADDRESS, "192.0.2.1")) > 0


def test_counters_outlive_a_restart_and_are_forgotten_after_a_day(
    throttle: Throttle, clock: Clock, table: Path | SharedStore
) -> None:
    fail(throttle, clock, 10, (ACCOUNT, "anna"))
    again = throttle_in(table, clock)
    assert again.begin((ACCOUNT, "anna")) > 0
    again.clean_up()
    assert again.begin((ACCOUNT, "anna")) > 0
    clock.now += 24 * 3600
    assert again.begin((ACCOUNT, "anna")) == 0
    again.close()


@pytest.mark.parametrize("table", ["file"], indirect=True)
def test_no_name_is_written_where_failures_are_counted(throttle: Throttle, tmp_path: Path) -> None:
    throttle.begin((ACCOUNT, "my-password-in-the-wrong-field"))
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"wrong-field" not in content


def command(
    folder: Path, *arguments: str, typed: str = "", redis: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CHAT_DATA_DIR": str(folder), "REDIS_URL": redis}
    return subprocess.run(
        [sys.executable, "-m", "scripts.accounts", *arguments],
        cwd=ROOT,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_makes_lists_and_removes_accounts(tmp_path: Path) -> None:
    made = command(tmp_path, "add", "Anna", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (made.returncode, made.stdout) == (0, "Made the account anna.\n")
    assert command(tmp_path, "add", "anna", typed=PASSWORD).returncode == 1
    assert "differ" in command(tmp_path, "password", "anna", typed=f"{PASSWORD}\nx\n").stderr
    assert "8 to 1000" in command(tmp_path, "add", "ben", typed="").stderr
    assert command(tmp_path, "add", "ben", PASSWORD, typed=PASSWORD).returncode == 2  # no argument
    assert "anna  made" in command(tmp_path, "list").stdout
    assert PASSWORD not in command(tmp_path, "list").stdout
    assert command(tmp_path, "remove", "anna").returncode == 0
    assert command(tmp_path, "list").stdout == ""


@pytest.mark.parametrize("change", ["lock", "remove", "password"])
def test_what_the_command_takes_away_ends_the_logins_of_a_running_app(
    tmp_path: Path, change: str
) -> None:
    assert command(tmp_path, "add", "anna", typed=PASSWORD).returncode == 0
    running = Logins(tmp_path / "logins.sqlite", secret=b"s" * 32, lasts=9e9, idle=9e9)
    annas, _ = running.make(Person("password:anna"))
    bens, _ = running.make(Person("password:ben"))
    assert running.presented(annas)
    assert "Ended 1 sign-ins" in command(tmp_path, change, "anna", typed="another one").stdout
    assert running.presented(annas) is None
    assert running.presented(bens)
    running.close()


def test_accounts_of_a_host_that_was_alone_are_copied_to_redis_and_managed_there(
    tmp_path: Path, shared_redis: RedisServer
) -> None:
    alone, shared = Accounts(tmp_path / FILE, QUICK), SharedStore(shared_redis.url, timeout=10)
    alone.add("anna", PASSWORD)
    alone.add("Ben", PASSWORD)
    alone.lock("ben")
    others = Accounts(SharedAccounts(shared), QUICK)
    others.add("anna", "the other password")
    copied = command(tmp_path, "share", redis=shared_redis.url)
    assert copied.stdout == "Copied 1 accounts to Redis: ben.\n", copied.stderr
    assert others.verify("anna", "the other password")
    assert others.get("ben") == alone.get("ben")
    running = Logins(SharedLogins(shared), secret=b"s" * 32, lasts=9e6, idle=9e6)
    secret, _ = running.make(Person("password:ben"))
    assert "Ended 1 sign-ins" in command(tmp_path, "remove", "ben", redis=shared_redis.url).stdout
    asyncio.run(running.look_up(secret))
    assert running.presented(secret) is None
    assert [one.name for one in others.all()] == ["anna"]
    shared_redis.stop()
    said = command(tmp_path, "list", redis=shared_redis.url)
    assert said.returncode == 1
    assert "cannot be used" in said.stderr
    assert shared_redis.password not in said.stderr
    assert command(tmp_path, "share").returncode == 1
    alone.close()


def test_of_too_many_counters_the_oldest_are_forgotten(
    throttle: Throttle, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(throttle, clock, 8, (ACCOUNT, "anna"))
    clock.now += 1
    fail(throttle, clock, 8, (ACCOUNT, "ben"))
    monkeypatch.setattr(throttles, "_MOST", 1)
    throttle.clean_up()
    assert throttle.begin((ACCOUNT, "anna")) == 0
    assert throttle.begin((ACCOUNT, "ben")) > 0


def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"CHAT_DATA_DIR": str(tmp_path)}
    adding = subprocess.Popen(
        [sys.executable, "-m", "scripts.accounts", "add", "anna"],
        cwd=ROOT,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_take_terminal,  # noqa: PLW1509 - no threads here
    )
    os.close(theirs)
    said = ""
    for question in ("Password: ", "The same again: "):
        while question not in said:
            said += os.read(ours, 1000).decode()
        os.write(ours, f"{PASSWORD}\n".encode())
    while "Made the account anna." not in said:
        said += os.read(ours, 1000).decode()
    assert adding.wait(30) == 0
    os.close(ours)
    assert PASSWORD not in said


def _take_terminal() -> None:
    import fcntl  # noqa: PLC0415
    import termios  # noqa: PLC0415

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
