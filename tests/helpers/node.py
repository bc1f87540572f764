"""Runs pure JavaScript of the components with Node, many calls at a time."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

COMPONENTS = Path(__file__).resolve().parents[2] / "chat_app" / "components"
_RUN = """
    import { readFileSync } from "node:fs";
    const module = await import(process.argv[1]);
    const { body, calls } = JSON.parse(readFileSync(0, "utf8"));
    const call = new Function("module", "given", body);
    process.stdout.write(JSON.stringify(calls.map((given) => call(module, given) ?? null)));
"""


def each(module: str, body: str, calls: list[Any]) -> list[Any]:
    """What `body` returns for each of the `calls`: JavaScript that has `module` and `given`.

    `module` is a path below `chat_app/components`.
    """
    node = which("node")
    assert node, "Reflex needs Node, too"
    ran = subprocess.run(
        [node, "--input-type=module", "-e", _RUN, str(COMPONENTS / module)],
        input=json.dumps({"body": body, "calls": calls}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)
