"""The title that a graph gives its thread, and what a model answers to the request for one.

A graph tells it as the text ``title`` of its state, or by a custom event that is named so:
``{"title": "..."}``, or ``{"type": "title", "title": "..."}``, where ``text``, ``value``,
``content`` and ``data`` stand for the title as well.
"""

from __future__ import annotations

import re
from typing import Any

from chat_app.transcript.custom import name_of

MOST_CHARACTERS = 80
_LOOKED_AT = 2_000
_KEY = "title"
_TEXTS = (_KEY, "text", "value", "content", "data")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_LABEL = re.compile(r"^(?:chat |suggested )?title\s*[:\-\u2013\u2014]\s*", re.IGNORECASE)
_MARKS = re.compile(r"\*\*|__|`")
_HEADING = re.compile(r"^#+\s*|\s+#+$")
_AROUND = "\"'`*_~ \u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"


def title_in(values: Any) -> str:
    """The title in a state; empty where it has none."""
    return cleaned(values.get(_KEY)) if isinstance(values, dict) else ""


def title_of_event(value: Any) -> str:
    """The title that a custom event tells; empty where it is about something else."""
    if not isinstance(value, dict) or name_of(value) not in ("", _KEY):
        return ""
    keys = _TEXTS if name_of(value) == _KEY else (_KEY,)
    if not name_of(value) and len(value) > 1:
        return ""  # of something that has a title
    return next((title for key in keys if (title := cleaned(value.get(key)))), "")


def cleaned(text: object) -> str:
    """A title on one line, at most `MOST_CHARACTERS` long; empty where it is no text."""
    if not isinstance(text, str):
        return ""
    line = " ".join(_UNSEEN.sub(" ", text[:_LOOKED_AT]).split())
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1].rstrip() + "…"


def title_answered(text: str) -> str:
    """The title in a model's answer: its first line, without quotes, Markdown and a label."""
    lines = (
        _HEADING.sub("", line.strip()).strip(_AROUND) for line in text[:_LOOKED_AT].splitlines()
    )
    first = next((line for line in lines if line), "")
    plain = _MARKS.sub("", _LABEL.sub("", first)).strip(_AROUND)
    return cleaned(plain.removesuffix(".").strip(_AROUND))
