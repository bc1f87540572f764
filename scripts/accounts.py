"""Make, change, lock, list and remove the accounts of mode ``password``.

A password is typed, or read from standard input: never an argument, which other users of the
machine could see. What takes a right away ends the person's logins, in an app that runs too.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from chat_app.auth.accounts import (
    FILE,
    LONGEST_PASSWORD,
    PREFIX,
    SHORTEST_PASSWORD,
    AccountError,
    Accounts,
    Problem,
)
from chat_app.auth.accounts import accounts as all_accounts
from chat_app.auth.logins import logins
from chat_app.auth.names import LONGEST, normalised
from chat_app.auth.throttle import ACCOUNT, throttle
from chat_app.config import SettingsError, settings
from chat_app.shared_store.redis import SharedStoreDownError, shared_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.auth.accounts import Account


_SENTENCES = {
    Problem.NAME: f"An account's name has up to {LONGEST} letters, digits and . _ @ + -, and "
    "begins with a letter or a digit.",
    Problem.TAKEN: "There is an account {name} already.",
    Problem.UNKNOWN: "There is no account {name}.",
    Problem.LENGTH: f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
    Problem.IS_NAME: "The password must not be the name.",
}


class DifferentError(Exception):
    """The password was not repeated as it was."""


def main(arguments: list[str]) -> None:
    """Do what the command line says.

    Raises:
        SystemExit: it cannot be done; the message says why.
    """
    chosen = _parser().parse_args(arguments)
    try:
        accounts = all_accounts()
        if chosen.command == "list":
            _list(accounts)
        elif chosen.command == "share":
            print(_share(accounts))
        else:
            print(_COMMANDS[chosen.command][0](accounts, chosen.name))
    except AccountError as error:
        problem, name = error.args
        sys.exit(_SENTENCES[problem].format(name=name))
    except (SettingsError, DifferentError) as error:
        sys.exit(str(error))
    except SharedStoreDownError as down:
        sys.exit(f"The Redis of REDIS_URL cannot be used: {down}.")


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="scripts/accounts", description="Accounts of mode password.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, means) in _COMMANDS.items():
        commands.add_parser(name, help=means).add_argument("name", help="the name of the account")
    commands.add_parser("list", help="list all accounts")
    commands.add_parser("share", help="copy those of the data folder to the Redis of REDIS_URL")
    return parser


def _add(accounts: Accounts, name: str) -> str:
    if normalised(name) in {account.name for account in accounts.all()}:
        raise AccountError(Problem.TAKEN, normalised(name))
    account = accounts.add(name, _password())
    return f"Made the account {account.name}."


def _change(accounts: Accounts, name: str) -> str:
    account = accounts.get(name)
    accounts.change_password(account.name, _password())
    _forget_failures(account)
    return f"Changed the password of {account.name}. {_ended(account)}"


def _lock(accounts: Accounts, name: str) -> str:
    account = accounts.get(name)
    accounts.lock(account.name)
    return f"Locked the account {account.name}. {_ended(account)}"


def _unlock(accounts: Accounts, name: str) -> str:
    account = accounts.get(name)
    accounts.lock(account.name, is_locked=False)
    _forget_failures(account)
    return f"Unlocked the account {account.name}."


def _remove(accounts: Accounts, name: str) -> str:
    account = accounts.get(name)
    accounts.remove(account.name)
    kept = "The chats stay on the agent's server: a later account of this name would own them."
    return f"Removed the account {account.name}. {_ended(account)} {kept}"


_COMMANDS: dict[str, tuple[Callable[[Accounts, str], str], str]] = {
    "add": (_add, "make an account"),
    "password": (_change, "change the password, and sign the person out everywhere"),
    "lock": (_lock, "refuse sign-in with it, and sign the person out everywhere"),
    "unlock": (_unlock, "let the person sign in again; also ends the delay after wrong passwords"),
    "remove": (_remove, "delete the account, and sign the person out everywhere"),
}


def _share(accounts: Accounts) -> str:
    if not shared_store():
        sys.exit("REDIS_URL is not set: there is nothing to share them in.")
    copied = accounts.copy_from(Accounts(Path(settings().data_dir) / FILE))
    return f"Copied {len(copied)} accounts to Redis: {', '.join(copied) or 'all are there'}."


def _list(accounts: Accounts) -> None:
    for account in accounts.all():
        last = "never" if account.signed_in is None else _day(account.signed_in)
        state = "  locked" if account.is_locked else ""
        print(f"{account.name}  made {_day(account.made)}  last signed in {last}{state}")


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(at))


def _ended(account: Account) -> str:
    """End the person's logins; says how many there were."""
    ended = logins().revoke_all(PREFIX + account.name)
    return f"Ended {len(ended)} sign-ins."


def _forget_failures(account: Account) -> None:
    throttle().forget(ACCOUNT, account.name)


def _password() -> str:
    if not sys.stdin.isatty():
        return _piped()
    password = getpass("Password: ")
    if password != getpass("The same again: "):
        raise DifferentError("The two passwords differ.")
    return password


def _piped() -> str:
    """The first line; a second one repeats it, as a person types it."""
    lines = sys.stdin.read(4 * LONGEST_PASSWORD).splitlines()
    if any(line != lines[0] for line in lines[1:] if line):
        raise DifferentError("The two passwords differ.")
    return lines[0] if lines else ""


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
