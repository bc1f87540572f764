"""Reads what `json_file` and `html_page` have written, and nothing else: a file may be anyone's."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, NoReturn, get_args

from chat_app import text
from chat_app.export.html.page import DATA_ID
from chat_app.export.json_file import FORMAT, VERSION
from chat_app.transcript.record import AgentRecord, SavedThread, ThreadRecord
from chat_app.transcript.shapes import MESSAGES, UNKNOWN, Shape, Takes
from chat_app.transcript.turns import turn_in

LONGEST = 60_000_000
"""Characters of a file."""
MOST_SIGNS = 2_000_000
"""Brackets and commas of a file: each may stand for a value, which takes up to a hundred bytes."""
MOST_MESSAGES = 20_000
MOST_LISTS = 200
"""Of earlier states, turns, agents, questions and ratings each."""
MOST_NESTED = 100
"""Levels of a JSON value; servers refuse more than 254."""
_LONGEST_TITLE, _LONGEST_NAME = 500, 200
_DATA = re.compile(rf'<template id="{DATA_ID}">([^<]*)</template>')
_NOTE = re.compile(r"chat_(?:agent|run|decision|inner):")


class InvalidFileError(ValueError):
    """The file is no conversation; the message is a sentence for people."""


def read_file(content: str) -> SavedThread:
    """The conversation in a file, JSON or HTML.

    Raises:
        InvalidFileError: there is none in it, or it is of a newer version.
    """
    if len(content) > LONGEST:
        raise InvalidFileError(text.IMPORT_TOO_LARGE)
    content = content.removeprefix("\ufeff").strip()
    if content.startswith("<"):
        found = _DATA.search(content)
        if not found:
            raise InvalidFileError(text.IMPORT_NO_DATA)
        content = unescape(found[1])
    if sum(map(content.count, "[{,")) > MOST_SIGNS:
        raise InvalidFileError(text.IMPORT_TOO_LARGE)
    return saved_in(_value(content))


def saved_in(value: Any) -> SavedThread:
    """The conversation in the value of a JSON file.

    Raises:
        InvalidFileError: there is none in it.
    """
    if isinstance(value, list):
        value = {MESSAGES: value}
    if not isinstance(value, dict):
        raise InvalidFileError(text.IMPORT_INVALID)
    if "format" not in value and isinstance(value.get("values"), dict):
        value = value["values"]  # a thread or a state, as LangGraph's own API gives it
    if "format" not in value and MESSAGES not in value:
        raise InvalidFileError(text.IMPORT_INVALID)
    fields = value if "format" in value else {MESSAGES: value[MESSAGES]}
    if fields.get("format", FORMAT) != FORMAT:
        raise InvalidFileError(text.IMPORT_INVALID)
    version = fields.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InvalidFileError(text.IMPORT_INVALID)
    if version > VERSION:
        raise InvalidFileError(text.IMPORT_NEWER)
    record = _record(fields)
    if not (record.turns or record.state["values"] or record.earlier):
        raise InvalidFileError(text.IMPORT_EMPTY)
    assistant = _dict(fields, "assistant")
    return SavedThread(
        record,
        " ".join(_text(fields, "title", _LONGEST_TITLE).split()),
        _text(assistant, "assistant_id", _LONGEST_NAME),
        _text(assistant, "graph_id", _LONGEST_NAME),
        _text(assistant, "name", _LONGEST_NAME),
        _text(fields, "created_at", 40),
        _text(fields, "updated_at", 40),
        _text(fields, "exported_at", 40),
        tuple(_dicts(fields, "feedback")),
    )


def _value(content: str) -> Any:
    try:
        value = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError) as odd:
        raise InvalidFileError(text.IMPORT_INVALID) from odd
    if _is_too_deep(value):
        raise InvalidFileError(text.IMPORT_INVALID)
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_NESTED):
        level = [
            inner
            for outer in level
            for inner in (
                outer.values()
                if isinstance(outer, dict)
                else outer
                if isinstance(outer, list)
                else ()
            )
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _record(fields: dict[str, Any]) -> ThreadRecord:
    shape = _shape(_dict(fields, "shape"))
    messages = _messages(fields.get(MESSAGES))
    values = fields.get("values")
    if isinstance(values, dict | None):
        held: Any = {**(values or {}), **({shape.key or MESSAGES: messages} if messages else {})}
        if not shape.key:
            held = messages or held
    else:
        held = values
    questions = fields.get("questions")
    asked = questions[:MOST_LISTS] if isinstance(questions, list) else []
    interrupts = [one for one in asked if isinstance(one, dict)]
    state = {"values": held, "interrupts": interrupts, "next": ["agent"] if asked else []}
    turns = fields.get("turns")
    return ThreadRecord(
        state,
        _notes(_dict(fields, "notes")),
        _dict(fields, "failure") or None,
        tuple(_earlier(fields, shape)),
        tuple(turn_in(one) for one in _dicts(fields, "turns")) if isinstance(turns, list) else None,
        shape,
        {name: _agent(agent) for name, agent in _some(_dict(fields, "agents"))},
    )


def _earlier(fields: dict[str, Any], shape: Shape) -> list[dict[str, Any]]:
    listed = fields.get("earlier")
    lists = listed[:MOST_LISTS] if isinstance(listed, list) else []
    return [{"values": {shape.key or MESSAGES: _messages(one)}} for one in lists]


def _agent(fields: Any) -> AgentRecord:
    fields = fields if isinstance(fields, dict) else {}
    state = {"values": {MESSAGES: _messages(fields.get(MESSAGES))}}
    return AgentRecord(state, _notes(_dict(fields, "notes")))


def _messages(listed: Any) -> list[dict[str, Any]]:
    if listed is None:
        return []
    if not isinstance(listed, list) or len(listed) > MOST_MESSAGES:
        raise InvalidFileError(text.IMPORT_INVALID)
    if not all(isinstance(one, dict) for one in listed):
        raise InvalidFileError(text.IMPORT_INVALID)
    return listed


def _shape(fields: dict[str, Any]) -> Shape:
    takes, key, schema = fields.get("takes"), fields.get("key"), fields.get("schema")
    known: Takes | None = next((one for one in get_args(Takes) if one == takes), None)
    if known is None or not isinstance(key, str):
        return UNKNOWN
    return Shape(
        known,
        key[:_LONGEST_NAME],
        schema if isinstance(schema, dict) else None,
        keeps=fields.get("keeps") is not False,
        is_known=fields.get("known") is True,
    )


def _notes(fields: dict[str, Any]) -> dict[str, Any]:
    notes = ((key, note) for key, note in fields.items() if _NOTE.match(key))
    return dict(list(notes)[: 10 * MOST_LISTS])


def _dict(fields: dict[str, Any], name: str) -> dict[str, Any]:
    found = fields.get(name)
    return found if isinstance(found, dict) else {}


def _dicts(fields: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = fields.get(name)
    listed = found[:MOST_LISTS] if isinstance(found, list) else []
    return [one for one in listed if isinstance(one, dict)]


def _some(fields: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(fields.items())[:MOST_LISTS]


def _text(fields: dict[str, Any], name: str, longest: int) -> str:
    found = fields.get(name)
    return found.encode(errors="ignore").decode()[:longest] if isinstance(found, str) else ""
