"""The case graphs on a real `langgraph dev`."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("graphs")
_NAMES = {
    "messages": ("shapes", "nodes", "inner", "hidden", "late", "sameid", "retry"),
    "agents": ("child", "desk"),
    "people": ("ask", "widget"),
    "states": ("form", "words"),
    "texts": ("markdown",),
}
CASE_GRAPHS = {
    name: f"{_FOLDER / module}.py:{name}" for module, names in _NAMES.items() for name in names
}
"""Where each graph is, as "file:name" by its name."""
