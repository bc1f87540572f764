"""The files beside the Python of the components: what imports them, and that all are used.

import-linter sees the imports of Python only; here are those of JavaScript, and both together.
"""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from chat_app.theme import STYLESHEETS

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "chat_app" / "components"
JAVASCRIPT = sorted(COMPONENTS.rglob("*.js*"))
RELATIVE = re.compile(r"""(?:\bfrom|\bimport|\bimport\()\s*["'](\.[^"']+)["']""")
OF_A_GROUP = re.compile(r"\bchat_app\.components\.(\w+)")


def imported_by(file: Path) -> set[Path]:
    found = RELATIVE.findall(file.read_text())
    return {(file.parent / path).resolve() for path in found}


def group_of(file: Path) -> str:
    return file.relative_to(COMPONENTS).parts[0].removesuffix(".py")


def groups_imported_by(file: Path) -> set[str]:
    if file.suffix == ".py":
        found = set(OF_A_GROUP.findall(file.read_text()))
    else:
        found = {group_of(path) for path in imported_by(file)}
    return found - {group_of(file)}


def circle(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}


@pytest.mark.parametrize("file", JAVASCRIPT, ids=lambda file: str(file.relative_to(COMPONENTS)))
def test_the_javascript_imports_files_by_where_they_lie(file: Path) -> None:
    assert [path for path in imported_by(file) if path not in JAVASCRIPT] == []


def test_no_javascript_files_import_each_other_in_a_circle() -> None:
    graph = {str(file): {str(path) for path in imported_by(file)} for file in JAVASCRIPT}
    assert sum(map(len, graph.values())) > 50
    assert circle(graph) == []


def test_no_groups_import_each_other_in_a_circle_whatever_the_language() -> None:
    graph: dict[str, set[str]] = {}
    for file in [*COMPONENTS.rglob("*.py"), *JAVASCRIPT]:
        graph.setdefault(group_of(file), set()).update(groups_imported_by(file))
    assert {"cards", "composer", "conversation", "panel", "prose"} <= set(graph)
    assert circle(graph) == []


def test_every_stylesheet_is_part_of_the_page_once() -> None:
    sheets = [*COMPONENTS.rglob("*.css"), *(ROOT / "chat_app" / "renderers").rglob("*.css")]
    beside = {f"/external/{file.relative_to(ROOT)}" for file in sheets}
    of_the_page = {f"/{file.name}" for file in (ROOT / "assets").glob("*.css")}
    assert sorted(STYLESHEETS) == sorted(beside | of_the_page)
