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

from chat_app.auth.accounts import AccountError, Accounts
from chat_app.auth.logins import Logins
from chat_app.auth.person import Person
from chat_app.auth.throttle import ACCOUNT, ADDRESS, BROWSER, Throttle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.helpers.clock import Clock

ROOT = Path(__file__).resolve().parents[2]
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "correct horse battery"


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    store = Accounts(tmp_path / "accounts.sqlite", QUICK)
    yield store
    store.close()


@pytest.fixture
def throttle(tmp_path: Path, clock: Clock) -> Iterator[Throttle]:
    store = Throttle(tmp_path / "accounts.sqlite", clock)
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
    accounts: Accounts, tmp_path: Path
) -> None:
    accounts.add("anna", PASSWORD)
    stronger = Accounts(
        tmp_path / "accounts.sqlite", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    )

    def hashed() -> str:
        return accounts._database.read("SELECT hash FROM accounts")[0][0]

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
    throttle: Throttle, clock: Clock, tmp_path: Path
) -> None:
    fail(throttle, clock, 10, (ACCOUNT, "anna"))
    again = Throttle(tmp_path / "accounts.sqlite", clock)
    assert again.begin((ACCOUNT, "anna")) > 0
    again.clean_up()
    assert again.begin((ACCOUNT, "anna")) > 0
    clock.now += 24 * 3600
    assert again.begin((ACCOUNT, "anna")) == 0
    again.close()


def test_no_name_is_written_where_failures_are_counted(throttle: Throttle, tmp_path: Path) -> None:
    throttle.begin((ACCOUNT, "my-password-in-the-wrong-field"))
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"wrong-field" not in content


def command(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CHAT_DATA_DIR": str(folder)}
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
