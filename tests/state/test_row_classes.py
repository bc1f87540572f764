"""Each kind of row is one class: what it sends, and what a component sees of it."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, get_args

import pytest
import reflex as rx
from reflex.utils.format import json_dumps
from reflex.vars import ObjectVar
from reflex_base.utils.exceptions import VarAttributeError

import chat_app.components.conversation.transcript  # noqa: F401 - registers how rows are drawn
from chat_app.components import rows as components
from chat_app.state import rows
from chat_app.state.rows import BaseRow, MediaItem, MediaRow, OutputRow, Row, TextRow, ToolRow
from chat_app.state.rows.values import InputValue, JsonValue

CLASSES: tuple[type[BaseRow], ...] = get_args(Row)
PARTS = (MediaItem, rows.Link, rows.Exchange, InputValue, JsonValue, rows.Tail)


def sent(value: Any) -> Any:
    return json.loads(json_dumps(value))


def seen(of: type[BaseRow]) -> ObjectVar[Any]:
    return rx.Var("row", _var_type=Row).to(ObjectVar, Row).to(ObjectVar, of)


def test_every_class_of_a_row_is_in_the_union_and_has_a_kind_of_its_own() -> None:
    kinds = [of.kind for of in CLASSES]
    assert len(set(kinds)) == len(kinds)
    here = f"{rows.__name__}."
    assert set(CLASSES) == {of for of in BaseRow.__subclasses__() if of.__module__.startswith(here)}


_MODULES = {
    f"{rows.__name__}.{name}" for name in ("answers", "notices", "people", "steps", "values")
}


def test_every_kind_of_row_is_drawn() -> None:
    assert set(components._draw_by_kind) == {of.kind for of in CLASSES}


@pytest.mark.parametrize("of", CLASSES)
def test_every_kind_of_row_is_in_the_table_of_the_package(of: type[BaseRow]) -> None:
    assert f"`{of.__name__}`" in (rows.__doc__ or "")
    assert f"\n{of.kind} " in (rows.__doc__ or "")


@pytest.mark.parametrize("of", CLASSES)
def test_a_component_sees_the_fields_of_a_row_and_no_others(of: type[BaseRow]) -> None:
    for field in fields(of):
        assert isinstance(getattr(seen(of), field.name), rx.Var)
    theirs = {field.name for other in CLASSES for field in fields(other)}
    for name in theirs - {field.name for field in fields(of)}:
        with pytest.raises(VarAttributeError, match=of.__name__):
            getattr(seen(of), name)


@pytest.mark.parametrize("of", [*CLASSES, *PARTS])
def test_no_field_has_the_name_of_a_method_of_a_var(of: type[Any]) -> None:
    assert [field.name for field in fields(of) if hasattr(ObjectVar, field.name)] == []


def test_what_a_row_has_is_sent_with_its_kind_and_nothing_else() -> None:
    assert sent(TextRow("1.0", "# Head")) == {"key": "1.0", "kind": "text", "md": "# Head"}
    call = ToolRow("1", "look", "done", result=[0], media=[MediaItem("image", link="https://a.b")])
    assert sent(call) == {
        "key": "1",
        "kind": "tool",
        "name": "look",
        "status": "done",
        "result": [0],
        "media": [{"kind": "image", "link": "https://a.b"}],
    }
    assert sent(MediaRow("1", [], sent=True))["sent"] is True


@pytest.mark.parametrize("value", [None, 0, False, "", [], {}])
def test_a_value_that_is_nothing_is_still_a_value(value: Any) -> None:
    assert sent(OutputRow("1", "x", JsonValue(value)))["tree"] == {"value": value}


@pytest.mark.parametrize("value", [[], {}])
def test_an_empty_array_that_was_filled_in_is_a_value(value: Any) -> None:
    assert sent(InputValue("x", value=value)) == {"name": "x", "value": value}
