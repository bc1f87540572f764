"""Ask the registries whether a pinned package has a known vulnerability.

A vulnerability fails unless `scripts/audit_accepted.txt` has its id, with a reason and a day until
which it is accepted. Where a registry cannot be asked, a line says so and nothing fails.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
ACCEPTED = ROOT / "scripts" / "audit_accepted.txt"
REQUIREMENTS = ("requirements.txt", "tests/requirements.txt")
NPM = ("package.json", "package-lock.json")
TIMEOUT = 60
"""Seconds for one registry: what takes longer is as good as no answer."""


class Found(NamedTuple):
    """A vulnerability in a pinned package."""

    id: str
    package: str
    about: str


class NotAskedError(Exception):
    """The registry gave no answer; the text says why."""


def main() -> int:
    """Print what was found; returns 1 if something of it is not accepted."""
    accepted = accepted_ids(ACCEPTED.read_text(), datetime.now(UTC).date())
    refused = False
    for name, ask in (("Python packages", python_packages), ("npm packages", npm_packages)):
        try:
            found = ask()
        except NotAskedError as why:
            print(f"{name}: not audited, {why}")
            continue
        open_ones = [one for one in found if one.id not in accepted]
        print(f"{name}: {len(open_ones)} vulnerable, {len(found) - len(open_ones)} accepted")
        for one in open_ones:
            print(f"  {one.id} in {one.package}: {one.about}")
        refused = refused or bool(open_ones)
    return int(refused)


def accepted_ids(listed: str, today: date) -> set[str]:
    """The ids that are accepted today, from lines of ``ID YYYY-MM-DD reason``.

    Raises:
        ValueError: a line is none of these.
    """
    ids: set[str] = set()
    for line in listed.splitlines():
        if line.strip() and not line.startswith("#"):
            name, until, reason = line.split(maxsplit=2)
            if reason and date.fromisoformat(until) >= today:
                ids.add(name)
    return ids


def python_packages() -> list[Found]:
    """What pip-audit says of both requirements files."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    files = [part for file in REQUIREMENTS for part in ("--requirement", file)]
    said = _json([*command, "--disable-pip", "--require-hashes", "--timeout", "10", *files], ROOT)
    packages = said.get("dependencies", [])
    if not packages or all("skip_reason" in package for package in packages):
        raise NotAskedError("for the index has no list of vulnerabilities")
    return of_pip_audit(packages)


def of_pip_audit(packages: list[dict[str, Any]]) -> list[Found]:
    """The vulnerabilities in what pip-audit lists, once each."""
    found = {
        Found(one["id"], f"{package['name']} {package['version']}", _fixed(one))
        for package in packages
        for one in package.get("vulns", [])
    }
    return sorted(found)


def npm_packages() -> list[Found]:
    """What `npm audit` says of the lock file."""
    with TemporaryDirectory() as folder:
        for name in NPM:
            shutil.copy(ROOT / "reflex.lock" / name, folder)
        npm = str(Path(sys.executable).with_name("npm"))
        said = _json([npm, "audit", "--json", "--package-lock-only"], Path(folder))
    if "vulnerabilities" not in said:
        raise NotAskedError("for the registry has no list of vulnerabilities")
    return of_npm(said["vulnerabilities"])


def of_npm(vulnerabilities: dict[str, Any]) -> list[Found]:
    """The advisories in what npm lists; those of a package that only needs another are its."""
    found = {
        Found(str(one["url"]).rpartition("/")[2], name, str(one["title"]))
        for name, listed in vulnerabilities.items()
        for one in listed["via"]
        if isinstance(one, dict)
    }
    return sorted(found)


def _fixed(one: dict[str, Any]) -> str:
    versions = ", ".join(one.get("fix_versions") or [])
    return f"fixed in {versions}" if versions else "no release fixes it"


def _json(command: list[str], folder: Path) -> dict[str, Any]:
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        said = json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        raise NotAskedError(f"for there was no answer within {TIMEOUT} seconds") from None
    except (OSError, ValueError):
        raise NotAskedError("for the registry could not be reached") from None
    return said if isinstance(said, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
