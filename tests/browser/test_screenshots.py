"""`scripts/shots` draws states in all forms; that each one is reached is tested by those of axe."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATES = ("answer-with-tables-and-formulas", "attachments-refused")
WIDTHS = {"laptop": 1280, "phone": 390}


def width(picture: bytes) -> int:
    return struct.unpack(">I", picture[16:20])[0]


def test_states_are_drawn_on_both_devices_in_both_schemes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.screenshots", "--to", str(tmp_path), *STATES]
    drawn = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert drawn.returncode == 0, drawn.stdout + drawn.stderr
    for state in STATES:
        for device, wide in WIDTHS.items():
            light, dark = (
                (tmp_path / f"{state}.{device}.{scheme}.png").read_bytes()
                for scheme in ("light", "dark")
            )
            assert width(light) == width(dark) == wide, (state, device)
            assert light != dark, (state, device)
