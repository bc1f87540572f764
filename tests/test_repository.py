"""The order of the repository: where files are, how long they are, and which lists are complete."""

from __future__ import annotations

import inspect
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import reflex as rx

import chat_app.chat_app  # noqa: F401 - imports every state
from chat_app.config import Settings, variable

ROOT = Path(__file__).resolve().parent.parent
AT_THE_TOP = {
    ".ci",
    ".gitignore",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "assets",
    "chat_app",
    "pyproject.toml",
    "reflex.lock",
    "requirements.txt",
    "rxconfig.py",
    "scripts",
    "tests",
}
MOST_LINES = 400
REVIEWED = Path(__file__).with_name("reviewed_handlers.txt")
# The brackets keep this pattern from finding itself.
ELSEWHERE = re.compile(r"[/]work/|registry[.]npmjs|pypi[.]org|[p]ythonhosted|[/]root/|[/]tmp/bash")
GENERATED = {"reflex.lock"}


def files() -> list[Path]:
    """What belongs to the project: known to git, or new and not ignored."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")


def is_code(path: Path) -> bool:
    return path.suffix in {".py", ".js", ".jsx", ".css", ".sh"} or path.parent.name == "scripts"


def public_methods(state: type[rx.State]) -> set[str]:
    """The methods a browser may call by name: handlers, wanted or not."""
    return {
        f"{state.__name__}.{name}"
        for name, value in vars(state).items()
        if not name.startswith("_")
        and (isinstance(value, rx.EventHandler) or inspect.isfunction(value))
    }


def all_states(state: type[rx.State] = rx.State) -> list[type[rx.State]]:
    below = [child for child in state.__subclasses__() if child.__module__.startswith("chat_app.")]
    return [found for child in below for found in (child, *all_states(child))]


def test_the_top_level_holds_only_what_a_newcomer_expects() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in files()} <= AT_THE_TOP


def test_no_file_of_code_has_more_than_400_lines() -> None:
    lengths = {path: text_of(path).count("\n") for path in files() if is_code(path)}
    assert lengths
    assert {str(path.relative_to(ROOT)) for path, n in lengths.items() if n > MOST_LINES} == set()


def test_every_method_a_browser_can_call_was_reviewed() -> None:
    callable_now = {name for state in all_states() for name in public_methods(state)}
    reviewed = set(REVIEWED.read_text().split())
    assert callable_now
    assert callable_now == reviewed, (
        f"\nNot in {REVIEWED.name}: {sorted(callable_now - reviewed)}"
        f"\nGone from the code: {sorted(reviewed - callable_now)}"
    )


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_in_the_readmes_table(field: str) -> None:
    rows = [line for line in text_of(ROOT / "README.md").splitlines() if line.startswith("|")]
    row = next((line for line in rows if f"`{variable(field)}`" in line), "")
    assert row, f"No row for {variable(field)}"
    assert str(Settings.model_fields[field].description) in row.replace(r"\|", "|")


def test_the_javascript_lock_pins_versions_and_no_download_addresses() -> None:
    locks = [path for path in files() if path.parent.name == "reflex.lock"]
    assert {"package.json", "package-lock.json"} <= {path.name for path in locks}
    downloads = re.compile(r"\"resolved\"|https?://[^\"]*\.tgz")
    assert not [path.name for path in locks if downloads.search(text_of(path))]


def test_no_file_names_a_machine_or_a_registry() -> None:
    for path in files():
        if path.parent.name not in GENERATED:
            assert not ELSEWHERE.search(text_of(path)), path


def pins(name: str) -> dict[str, list[str]]:
    """What a requirements file pins: the hashes by ``name==version``."""
    entries = text_of(ROOT / name).replace("\\\n", " ").splitlines()
    lines = [line for line in map(str.strip, entries) if line and not line.startswith("#")]
    return {line.split()[0]: re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line) for line in lines}


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_every_requirement_is_pinned_with_the_hashes_of_its_files_and_no_address(name: str) -> None:
    found = pins(name)
    assert found
    assert not [pin for pin in found if not re.fullmatch(r"[a-z0-9-]+==[\w.]+", pin)]
    assert not [pin for pin, hashes in found.items() if not hashes]
    assert not re.search(r"^\s*-(?!-hash=)|https?://", text_of(ROOT / name), re.MULTILINE)


def test_the_requirements_are_what_scripts_lock_made_of_the_short_lists() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    short = {
        "requirements.txt": project["project"]["dependencies"],
        "tests/requirements.txt": project["dependency-groups"]["tests"],
    }
    for name, wanted in short.items():
        assert not [pin for pin in wanted if pin.lower().replace("_", "-") not in pins(name)]


def test_tests_and_app_pin_the_same_versions() -> None:
    app, tests = (
        dict(pin.split("==") for pin in pins(name))
        for name in ("requirements.txt", "tests/requirements.txt")
    )
    assert not {name for name in app.keys() & tests.keys() if app[name] != tests[name]}


def test_the_readme_of_the_tests_names_each_helper_once() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", text_of(ROOT / "tests" / "README.md"), re.MULTILINE)
    helpers = sorted((ROOT / "tests" / "helpers").glob("*.py"))
    assert sorted(rows) == [path.stem for path in helpers if path.stem != "__init__"]


def test_the_readme_of_the_tests_names_each_folder() -> None:
    named = re.findall(r"^\| `(\w+)/` \|", text_of(ROOT / "tests" / "README.md"), re.MULTILINE)
    below = {path.relative_to(ROOT / "tests").parts[0] for path in files() if _is_test(path)}
    assert sorted(named) == sorted(below - {"helpers"})


def _is_test(path: Path) -> bool:
    return ROOT / "tests" in path.parents and path.parent != ROOT / "tests"


def test_the_list_of_slow_tests_names_tests_and_leaves_some_of_each_file() -> None:
    listed = text_of(ROOT / "tests" / "slow_tests.txt").split()
    assert listed == sorted(set(listed))
    gone = 0
    for file in {name.partition("::")[0] for name in listed}:
        if not (ROOT / file).is_file():
            gone += 1
            continue
        slow = {name.partition("::")[2] for name in listed if name.startswith(f"{file}::")}
        there = set(re.findall(r"^(?:async )?def (test_\w+)", text_of(ROOT / file), re.MULTILINE))
        assert there - slow, file
        gone += len(slow - there)
    assert gone <= len(listed) / 20, "make the list anew: too many of its tests are gone"
