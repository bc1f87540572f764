from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import reflex as rx

from chat_app import renderers as package
from chat_app.components import renderers
from chat_app.components.renderers import RendererError, ToolVar, rendered, renders
from chat_app.state.rows import Row

if TYPE_CHECKING:
    from reflex.vars import ObjectVar

README = Path(__file__).resolve().parent.parent / "README.md"


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> dict:
    empty: dict = {}
    monkeypatch.setattr(renderers, "_renderers", empty)
    return empty


def row() -> ObjectVar[Row]:
    return rx.Var("row", _var_type=Row).to(rx.vars.ObjectVar, Row)


def drawn(tool: str) -> str:
    """The script that the page has for the results of this tool."""
    return str(renderers._drawn(tool, row()))


def test_the_readmes_renderer_draws_the_fields_it_names() -> None:
    snippets = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    (snippet,) = [snippet for snippet in snippets if "@renders" in snippet]
    assert snippet.strip().count("\n") <= 10
    exec(snippet, {})  # noqa: S102 - that it runs as it stands is the point
    script = drawn("stock_price")
    assert 'row?.["result"]?.["symbol"]' in script
    assert '" costs "' in script
    assert "isNotNullOrUndefined" in script


def test_a_renderer_sees_arguments_result_text_and_status() -> None:
    @renders("everything")
    def everything(call: ToolVar) -> rx.Component:
        done = rx.cond(call.is_done, "done", "open")
        return rx.el.p(call.args["a"], call.result["b"].to(dict)["c"], call.text, call.status, done)

    for field in ('"args"]?.["a"]', '"result"]?.["b"]?.["c"]', '"detail"]', '"status"]'):
        assert f"row?.[{field}" in drawn("everything")


def test_a_renderer_that_fails_is_named() -> None:
    @renders("broken")
    def breaks(call: ToolVar) -> rx.Component:
        raise LookupError("no such var")

    with pytest.raises(RendererError, match=r"breaks of the tool 'broken' failed: no such var"):
        drawn("broken")


def test_two_renderers_for_one_tool_are_both_named() -> None:
    def first(call: ToolVar) -> rx.Component:
        return rx.fragment()

    def second(call: ToolVar) -> rx.Component:
        return rx.fragment()

    renders("twice")(first)
    with pytest.raises(RendererError, match=r"first and .*second"):
        renders("twice")(second)


def test_without_renderers_nothing_is_added_to_a_line() -> None:
    assert str(rendered(row())) == str(rx.fragment())


def test_every_module_of_the_package_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(package, "import_module", loaded.append)
    package.load()
    modules = Path(package.__file__).parent.glob("*.py")
    names = {file.stem for file in modules} - {"__init__"}
    assert "weather" in names
    assert {name.removeprefix("chat_app.renderers.") for name in loaded} == names
