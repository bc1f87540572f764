"""What `scripts.audit` makes of the words of pip-audit and npm."""

from __future__ import annotations

from datetime import date

import pytest

from scripts import audit
from scripts.audit import ACCEPTED, Found, NotAskedError, accepted_ids, of_npm, of_pip_audit

TODAY = date(2027, 1, 31)
PYTHON = [
    {
        "name": "one",
        "version": "1.0",
        "vulns": [{"id": "PYSEC-2027-1", "fix_versions": ["1.1", "2.0"], "aliases": ["CVE-1"]}],
    },
    {"name": "two", "version": "2.0", "vulns": [{"id": "GHSA-2", "fix_versions": []}]},
    {"name": "three", "version": "3.0", "vulns": []},
    {"name": "four", "skip_reason": "not found"},
]
NPM = {
    "one": {
        "via": [{"title": "It runs away", "url": "https://advisories.example/GHSA-1111-2222-3333"}]
    },
    "needs-one": {"via": ["one"]},
}


def test_each_vulnerability_is_named_with_its_package_and_what_fixes_it() -> None:
    assert of_pip_audit([*PYTHON, PYTHON[0]]) == [
        Found("GHSA-2", "two 2.0", "no release fixes it"),
        Found("PYSEC-2027-1", "one 1.0", "fixed in 1.1, 2.0"),
    ]
    assert of_npm(NPM) == [Found("GHSA-1111-2222-3333", "one", "It runs away")]


def test_an_accepted_one_needs_a_day_and_a_reason_and_expires() -> None:
    assert accepted_ids("# why\n\nA 2027-01-31 not used\nB 2027-01-30 expired\n", TODAY) == {"A"}
    for odd in ("A 2027-01-31", "A", "A soon no release", "A 2027-13-01 x"):
        with pytest.raises(ValueError, match=r".+"):
            accepted_ids(odd, TODAY)


def test_the_list_of_accepted_ones_can_be_read() -> None:
    accepted_ids(ACCEPTED.read_text(), TODAY)


def test_one_that_is_not_accepted_fails_and_a_registry_that_is_silent_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def silent() -> list[Found]:
        raise NotAskedError("for the registry could not be reached")

    monkeypatch.setattr(audit, "npm_packages", silent)
    monkeypatch.setattr(audit, "python_packages", lambda: of_pip_audit(PYTHON))
    assert audit.main() == 1
    assert "GHSA-2 in two 2.0" in (said := capsys.readouterr().out)
    assert "npm packages: not audited, for the registry could not be reached" in said
    monkeypatch.setattr(audit, "python_packages", silent)
    assert audit.main() == 0


def test_a_command_that_is_missing_prints_odd_words_or_hangs_is_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "TIMEOUT", 0.2)
    for command in (["/nowhere"], ["echo", "no json"], ["sleep", "5"]):
        with pytest.raises(NotAskedError):
            audit._json(command, audit.ROOT)
