"""JSON values: a list of like objects as a table, anything else as indented JSON."""

from __future__ import annotations

from typing import Any

from chat_app import text
from chat_app.export import words
from chat_app.export.html.code import coloured
from chat_app.export.html.elements import Html, el

_MOST_COLUMNS, _MOST_ROWS = 12, 500


def value_block(value: Any) -> Html:
    """A value of any kind."""
    if columns := _columns(value):
        return _table(value, columns)
    if isinstance(value, str):
        return preformatted(value)
    return json_block(words.text_of_length(words.indented(value)))


def json_block(source: str) -> Html:
    """JSON with colours."""
    return el("pre", coloured(source, "json"))


def preformatted(said: str) -> Html:
    """Text as it is."""
    return el("pre", said)


def _columns(value: Any) -> list[str]:
    if not isinstance(value, list) or not 1 < len(value) <= _MOST_ROWS:
        return []
    if not all(isinstance(row, dict) and row for row in value):
        return []
    names = list(dict.fromkeys(str(name) for row in value for name in row))
    cells = (cell for row in value for cell in row.values())
    is_flat = all(cell is None or isinstance(cell, str | int | float) for cell in cells)
    return names if is_flat and len(names) <= _MOST_COLUMNS else []


def _table(rows: list[dict[str, Any]], columns: list[str]) -> Html:
    head = el("tr", *(el("th", words.label(name), scope="col") for name in columns))
    body = (el("tr", *(el("td", _cell(row.get(name))) for name in columns)) for row in rows)
    table = el("table", el("thead", head), el("tbody", *body))
    return el("div", el("div", table, class_="table"), class_="prose")


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return text.YES if value else text.NO
    return str(value)
