"""Names in the text of a model: which file of the thread they mean, if any."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "chat_app/components/prose/file_names.js"
RUN = """
    import { readFileSync } from "node:fs";
    const { filesNamed, fileTarget, nameIn } = await import(process.argv[1]);
    const { names, paths, targets } = JSON.parse(readFileSync(0, "utf8"));
    process.stdout.write(JSON.stringify({
        found: names.map((name) => filesNamed(name, paths)),
        linked: targets.map((target) => nameIn(fileTarget(target))),
    }));
"""
PATHS = ["report.md", "/notes/lisbon.md", "a/same.md", "b/same.md", "my file.txt"]


def told(names: list[str], targets: list[str]) -> dict[str, Any]:
    node = which("node")
    assert node, "Reflex needs Node, too"
    ran = subprocess.run(
        [node, "--input-type=module", "-e", RUN, str(SCRIPT)],
        input=json.dumps({"names": names, "paths": PATHS, "targets": targets}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("report.md", "report.md"),
        ("./report.md", "report.md"),
        ("/report.md", "report.md"),
        ("notes/lisbon.md", "/notes/lisbon.md"),
        ("lisbon.md", "/notes/lisbon.md"),
        ("a/same.md", "a/same.md"),
        ("my file.txt", "my file.txt"),
        ("same.md", ""),
        ("isbon.md", ""),
        ("../report.md", ""),
        ("/etc/passwd", ""),
        ("Report.md", ""),
        (".", ""),
        ("/", ""),
        ("", ""),
    ],
)
def test_a_name_means_the_one_file_that_ends_in_it(name: str, path: str) -> None:
    assert told([name], [])["found"] == [path]


def test_a_link_names_a_file_where_its_target_is_no_address() -> None:
    linked = {
        "report.md": "report.md",
        "my%20file.txt": "my file.txt",
        "100%.md": "100%.md",
        "/notes/lisbon.md": "/notes/lisbon.md",
        "sandbox:/mnt/report.md": "/mnt/report.md",
        "javascript:alert(1)": "",
        "vbscript:x": "",
        "//elsewhere.example/a": "",
        "\\\\elsewhere\\a": "",
        "#fn-1": "",
        "": "",
    }
    assert told([], list(linked))["linked"] == list(linked.values())
