"""Markdown texts by name: the files of `markdown/`, and those that are too long to be kept."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("markdown")

MADE = {
    "quotes": "> " * 2400 + "deep\n\nAfter it.",
    "dashes": "- " * 5000 + "deep\n\nAfter it.",
    "stars": "*a **a " * 4000 + "\n\nAfter it.",
    "under": "*a_ " * 12000 + "\n\nAfter it.",
    "brackets": "\\[" * 25000 + "\n\nAfter it.",
    "mermaid": "```mermaid\ngraph TD\n"
    + "".join(f"a{n} --> a{n * 7 % 200}\n" for n in range(499))
    + "```\n\nAfter it.",
}
TEXTS = {**{path.stem: path.read_text() for path in sorted(_FOLDER.glob("*.md"))}, **MADE}
