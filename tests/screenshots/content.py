"""Texts and values that the states show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("markdown")
TEXT, CODE, TABLES, DIAGRAM, RIGHT_TO_LEFT = (
    (_FOLDER / f"{name}.md").read_text()
    for name in ("text", "code", "tables", "diagram", "right-to-left")
)

THOUGHT = (
    "The question has two parts: when the train leaves, and what it costs. The timetable answers "
    "the first one. For the second one I need the fare table, which changes on weekends, so the "
    "day of the journey matters."
)
HALF_AN_ANSWER = """\
## Lisbon in three days

The old town is best seen **on foot**, early in the morning:

1. Alfama, before nine
2. the castle, for the view
3. the tiles museum, when it gets hot

```python
def days(budget: float) -> int:
    return int(budget // 90)
```

On the second day take the train to Sintra: it leaves every"""
REPORT = """\
# Rivers of Europe

The **Volga** is the longest one, at 3,530 km.

| River | Length | Mouth |
| --- | ---: | --- |
| Volga | 3,530 km | Caspian Sea |
| Danube | 2,850 km | Black Sea |
| Rhine | 1,230 km | North Sea |

## Method

Lengths were taken from three atlases; where they differ, the newest one counts.
"""
PROGRAM = '''\
"""Count the words of a text."""

from collections import Counter


def words(text: str, most: int = 10) -> list[tuple[str, int]]:
    """The most frequent words of `text`, with their counts."""
    return Counter(text.lower().split()).most_common(most)
'''
PAGE = """<!doctype html><title>Rivers</title>
<style>body { font: 16px system-ui; padding: 1rem } li { margin: .3rem 0 }</style>
<h1>Rivers</h1><ul><li>Volga<li>Danube<li>Rhine</ul>"""
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 120">
<rect width="200" height="120" fill="#dbe4ff"/><circle cx="60" cy="60" r="36" fill="#3b5bdb"/>
<path d="M110 90 L150 30 L190 90 Z" fill="#e67700"/></svg>"""
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3

WIDGETS: list[tuple[str, dict[str, Any]]] = [
    (
        "chart",
        {
            "title": "Mean temperature",
            "unit": "°C",
            "bars": [
                {"label": city, "value": value}
                for city, value in (("Oslo", -4), ("Rome", 8.5), ("Lagos", 27), ("Lima", 19))
            ],
            "note": "January",
        },
    ),
    (
        "table",
        {
            "title": "Flights",
            "rows": [
                {"flight": "TP 1901", "leaves": "07:10", "price": 189},
                {"flight": "LH 1166", "leaves": "12:45", "price": 231},
            ],
        },
    ),
    (
        "form",
        {
            "title": "Your trip",
            "fields": [
                {"name": "Name", "required": True},
                {"name": "From", "kind": "date", "required": True},
                {"name": "Class", "kind": "choice", "options": ["Economy", "Business"]},
                {"name": "Bags", "kind": "number", "value": "1"},
                {"name": "Window seat", "kind": "yes_no"},
                {"name": "Remarks", "kind": "long"},
            ],
            "submit": "Book",
        },
    ),
    ("seat_map", {"rows": 30, "free": ["4A", "12F"]}),
]
"""`ui` messages: those with a renderer, and one without."""


def said(question: str, *answers: str | dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of one turn: a question, and answers as text or with more fields."""
    return [
        {"type": "human", "content": question},
        *(
            {"type": "ai", "content": answer} if isinstance(answer, str) else answer
            for answer in answers
        ),
    ]


def call(name: str, args: dict[str, Any], result: str, **fields: Any) -> list[dict[str, Any]]:
    """A message that calls a tool, and its result; `fields` are further ones of the result."""
    call_id = f"call_{name}"
    return [
        {"type": "ai", "content": "", "tool_calls": [{"id": call_id, "name": name, "args": args}]},
        {"type": "tool", "tool_call_id": call_id, "name": name, "content": result} | fields,
    ]
