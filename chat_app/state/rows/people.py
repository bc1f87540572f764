"""Rows of what people write, are asked and decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from chat_app.state.rows.base import BaseRow
from chat_app.state.rows.values import InputValue


@dataclass(frozen=True)
class HumanRow(BaseRow):
    """A message of a person. What they attached is a `MediaRow` above it."""

    kind: Literal["human"] = field(default="human", init=False)
    text: str = ""
    at: int = 0
    """When it was written."""
    inputs: list[InputValue] = field(default_factory=list)
    """What they filled in, for a graph whose input has named values."""
    id: str = ""
    """Of the message, for what can be done with it; empty where nothing can."""
    has_form: bool = False
    """It is edited in a form."""
    number: int = 0
    """Which version of the message this is, from 1 on; 0 where there is no other one."""
    count: int = 0
    """How many versions there are."""


Question = Literal["review", "words", "form", "free", "pause"]
"""How a question is answered: by a decision about actions, in words, in a form, in words or JSON,
or only by going on."""


@dataclass(frozen=True)
class AskRow(BaseRow):
    """An open question. `key` names it: another question in its place has another key."""

    kind: Literal["ask"] = field(default="ask", init=False)
    question: Question
    card: dict[str, Any]
    """All that the card needs, by `question`:

    - review: ``{"actions": [{"name", "title", "text", "fields", "choices"}]}``
    - words: ``{"text"}``
    - form: ``{"text", "value" or "raw", "fields"}``
    - free: ``{"text", "value" or "raw", "options"}``
    - pause: ``{"title", "text"}``

    `fields` are those of `chat_app.transcript.forms.Field`, `choices` the words of
    `chat_app.transcript.asking.Choice`, `value` is JSON and `raw` the beginning of longer JSON;
    `options` are answers to choose, each its JSON and its label.
    """


@dataclass(frozen=True)
class OpenQuestion:
    """What the composer has to know of an open question (`chat_app.transcript.replying.Reply`)."""

    key: str
    kind: Question
    how: str
    label: str
    name: str
    options: list[list[str]]


@dataclass(frozen=True)
class Exchange:
    """What a person was asked, if that is known, and what they decided; plain text."""

    asked: str
    said: str


@dataclass(frozen=True)
class DecisionRow(BaseRow):
    """What a person was asked and decided, an exchange for each action."""

    kind: Literal["decision"] = field(default="decision", init=False)
    exchanges: list[Exchange]
