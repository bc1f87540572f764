from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import reflex as rx

from chat_app import renderers as package
from chat_app.components import renderers
from chat_app.components.renderers import (
    EventVar,
    RendererError,
    ToolVar,
    UiVar,
    rendered,
    rendered_event,
    rendered_ui,
    renders,
    renders_event,
    renders_ui,
    send_form,
)
from chat_app.state import aside_rows
from chat_app.state.rows import EventRow, ToolRow, WidgetRow
from chat_app.transcript.message import CustomEvent

if TYPE_CHECKING:
    from reflex.vars import ObjectVar

README = Path(__file__).resolve().parent.parent / "README.md"


KINDS: dict[str, Any] = {
    "tool": renders,
    "custom event": renders_event,
    "ui message": renders_ui,
}


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    for registry in REGISTRIES.values():
        monkeypatch.setattr(registry, "renderers", {})
    monkeypatch.setattr(aside_rows, "_alone", set())


REGISTRIES: dict[str, Any] = {
    "tool": renderers._tools,
    "custom event": renderers._events,
    "ui message": renderers._widgets,
}


CLASSES = {"tool": ToolRow, "custom event": EventRow, "ui message": WidgetRow}


def row(kind: str = "tool") -> ObjectVar[Any]:
    of = CLASSES[kind]
    return rx.Var("row", _var_type=of).to(rx.vars.ObjectVar, of)


def drawn(kind: str = "tool") -> str:
    """The script that the page has for all rows of this kind."""
    return str(REGISTRIES[kind].drawn(row(kind)))


def known(kind: str = "tool") -> str:
    """The condition under which a row of this kind is drawn."""
    return str(REGISTRIES[kind].knows(row(kind)))


def snippets() -> list[str]:
    found = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    return [snippet for snippet in found if "@renders" in snippet]


def test_the_readmes_renderer_draws_the_fields_it_names() -> None:
    snippet = snippets()[0]
    assert snippet.strip().count("\n") <= 10
    exec(snippet, {})  # noqa: S102 - that it runs as it stands is the point
    assert 'row?.["result"]?.["symbol"]' in drawn()
    assert '" costs "' in drawn()
    assert "isNotNullOrUndefined" in known()


def test_the_readmes_progress_and_buttons_are_drawn_and_answer_the_agent() -> None:
    exec(snippets()[1], {})  # noqa: S102 - that it runs as it stands is the point
    assert 'row?.["fields"]?.["url"]' in drawn("custom event")
    script = drawn("ui message")
    assert 'row?.["props"]?.["options"]' in script
    assert "queue_state.submit" in script


def test_a_renderer_of_a_tool_sees_arguments_result_text_and_status() -> None:
    @renders("everything")
    def everything(call: ToolVar) -> rx.Component:
        done = rx.cond(call.is_done, "done", "open")
        return rx.el.p(call.args["a"], call.result["b"].to(dict)["c"], call.text, call.status, done)

    for field in ('"args"]?.["a"]', '"result"]?.["b"]?.["c"]', '"output"]', '"status"]'):
        assert f"row?.[{field}" in drawn()


def test_a_renderer_of_an_event_sees_its_fields_words_amount_and_percent() -> None:
    @renders_event("everything")
    def everything(event: EventVar) -> rx.Component:
        return rx.el.p(event.fields["a"], event.text, event.amount, event.percent)

    for field in ('"fields"]?.["a"]', '"text"]', '"amount"]', '"percent"]'):
        assert f"row?.[{field}" in drawn("custom event")


def test_a_form_sends_its_fields_under_its_title() -> None:
    @renders_ui("form")
    def form(ui: UiVar) -> rx.Component:
        return rx.el.form(rx.el.input(name="city"), on_submit=send_form("Where?"))

    page = rx.fragment(REGISTRIES["ui message"].drawn(row("ui message")))
    hooks = " ".join(page._get_all_hooks())
    assert "form_state.send" in hooks
    assert "Where?" in hooks


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_a_renderer_requires_is_asked_for_before_it_is_used(kind: str) -> None:
    def draw(_: Any) -> rx.Component:
        return rx.fragment()

    KINDS[kind]("picky", requires=("one", "two"))(draw)
    KINDS[kind]("easy")(draw)
    assert known(kind).count("isNotNullOrUndefined") == 2
    assert '"two"' in known(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_renderer_that_fails_is_named(kind: str) -> None:
    @KINDS[kind]("broken")
    def breaks(_: Any) -> rx.Component:
        raise LookupError("no such var")

    message = rf"breaks of the {kind} 'broken' failed: no such var"
    with pytest.raises(RendererError, match=message):
        drawn(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_two_renderers_of_one_name_are_both_named(kind: str) -> None:
    def first(_: Any) -> rx.Component:
        return rx.fragment()

    def second(_: Any) -> rx.Component:
        return rx.fragment()

    KINDS[kind]("twice")(first)
    with pytest.raises(RendererError, match=rf"{kind} 'twice' .*first and .*second"):
        KINDS[kind]("twice")(second)


def test_a_name_may_be_that_of_a_tool_and_of_an_event() -> None:
    for register in KINDS.values():
        register("same")(lambda _: rx.fragment())


def test_without_renderers_nothing_is_added_to_a_line_and_the_rest_looks_as_ever() -> None:
    ordinary = rx.el.p("as ever")
    assert str(rendered(row())) == str(rx.fragment())
    assert rendered_event(row("custom event"), otherwise=ordinary) is ordinary
    assert rendered_ui(row("ui message"), otherwise=ordinary) is ordinary


def test_an_event_that_is_drawn_is_not_folded_into_others() -> None:
    renders_event("beat")(lambda _: rx.fragment())
    told = [CustomEvent("beat", {"id": n}) for n in range(3)]
    assert len(aside_rows.aside_rows("1", told)) == 3


def test_every_module_of_the_package_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(package, "import_module", loaded.append)
    package.load()
    modules = Path(package.__file__).parent.glob("*.py")
    names = {file.stem for file in modules} - {"__init__"}
    assert names >= {"weather", "progress", "chart", "table", "form"}
    assert {name.removeprefix("chat_app.renderers.") for name in loaded} == names
