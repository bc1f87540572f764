"""What `scripts/run` says before it serves."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.serve import fingerprint, main, shown, why_not_listen

ROOT = Path(__file__).resolve().parent.parent


def serve(**settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.serve"]
    environment = os.environ | settings
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_settings_that_cannot_be_used_are_named_and_end_the_start() -> None:
    ended = serve(LANGGRAPH_API_URL="localhost:2024", CHAT_PORT="many", LANGSMITH_API_KEY="secret")
    assert ended.returncode == 1
    assert "LANGGRAPH_API_URL: must start with http:// or https://" in ended.stderr
    assert "CHAT_PORT: " in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stderr


def test_a_taken_port_is_named_and_ends_the_start(taken_port: int) -> None:
    ended = serve(CHAT_PORT=str(taken_port))
    assert ended.returncode == 1
    assert f"Port {taken_port} is taken" in ended.stderr
    assert f"CHAT_PORT={taken_port + 1} scripts/run" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("folder", ["/proc/no/such", "{file}", "{file}/data"])
def test_a_data_folder_that_cannot_be_written_is_named_and_ends_the_start(
    tmp_path: Path, folder: str
) -> None:
    (file := tmp_path / "file").touch()
    named = folder.format(file=file)
    ended = serve(CHAT_DATA_DIR=named)
    assert ended.returncode == 1
    assert f"The data folder {named} cannot be written" in ended.stderr
    assert "CHAT_DATA_DIR" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_misspelt_setting_is_named_without_its_value_and_is_no_reason_to_stop(
    taken_port: int,
) -> None:
    ended = serve(CHAT_PORT=str(taken_port), CHAT_TITEL="secret", CHAT_FOO="secret")
    lines = ended.stderr.splitlines()
    assert lines[:2] == [
        "CHAT_TITEL is not a setting. Did you mean CHAT_TITLE?",
        "Ignored, as no setting has that name: CHAT_FOO",
    ]
    assert lines[2].startswith(f"Port {taken_port} is taken")
    assert "secret" not in ended.stderr + ended.stdout


def test_an_address_of_another_machine_is_refused() -> None:
    assert "Cannot listen on 192.0.2.1" in why_not_listen("192.0.2.1", 3000)


def test_a_free_port_is_no_problem(taken_port: int) -> None:
    assert why_not_listen("127.0.0.1", taken_port)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    assert why_not_listen("127.0.0.1", free) == ""


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1", "localhost"),
        ("0.0.0.0", "localhost"),  # noqa: S104 - shown, not bound
        ("fe80::1", "[fe80::1]"),
        ("box", "box"),
    ],
)
def test_the_address_printed_is_one_to_open(host: str, name: str) -> None:
    assert shown(host) == name


def test_what_the_build_links_into_assets_is_no_reason_to_build_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "chat_app" / "scroll.jsx"
    source.parent.mkdir()
    source.write_text("scrolls")
    before = fingerprint()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "scroll.jsx").symlink_to(source)
    assert fingerprint() == before
    source.write_text("scrolls better")
    assert fingerprint() != before


def test_other_spaces_in_the_lock_of_packages_are_no_change(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A build writes it anew, and the next start must not build again under the one that serves."""
    monkeypatch.chdir(tmp_path)
    lock = tmp_path / "reflex.lock" / "package.json"
    lock.parent.mkdir()
    lock.write_text('{"name":"page","packages":{"a":"1"}}')
    before = fingerprint()
    lock.write_text('{"name": "page", "packages": {"a": "1"}}')
    assert fingerprint() == before
    lock.write_text('{"name": "page", "packages": {"a": "2"}}')
    assert fingerprint() != before


def test_reflexs_development_server_is_refused_with_what_to_use_instead() -> None:
    with pytest.raises(SystemExit, match="scripts/run --env preview"):
        main(["--env", "dev"])
