"""What the composer does while a question is open, and the answers a question offers by itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from chat_app import text as words
from chat_app.transcript.asked import cut, question_in, short, title_of
from chat_app.transcript.asking import Choice, Form, Free, Pause, Review, Words, question_of
from chat_app.transcript.deciding import fields_for
from chat_app.transcript.forms import as_json

if TYPE_CHECKING:
    from chat_app.transcript.message import Interrupt

How = Literal["answer", "choose", "respond", "reject", ""]

LONGEST_LABEL = 80
"""Characters of a question in the placeholder."""
MOST_OPTIONS, LONGEST_OPTION = 50, 200
"""Of what a question offers; with more, or longer ones, there are no buttons."""

_OFFERING = ("options", "choices", "enum")
_VALUES, _LABELS = ("value", "id", "key"), ("label", "title", "name", "text")
"""Of an option that is an object: what the graph gets, and what the button says."""
_ENDS = "?\uff1f\u061f"
"""Question marks: also the wide one and the Arabic one."""
_SENTENCE = re.compile(rf"[^.!\u3002\uff01{_ENDS}]*[{_ENDS}]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*`#>]+|(?<!\w)_+|_+(?!\w)")


@dataclass(frozen=True, slots=True)
class Reply:
    """What Enter in the composer does with a text.

    ======= =====================================================
    how     the text
    ======= =====================================================
    answer  is the answer
    choose  is the answer where it is one of the `options`
    respond is a reply to the agent, in place of the tool's result
    reject  is the reason to reject the action
    (empty) has nowhere to go: the card has to be answered
    ======= =====================================================
    """

    how: How
    label: str
    """The question, short and without Markdown."""
    name: str = ""
    """Of the tool that waits, where there is one."""
    options: tuple[tuple[str, str], ...] = ()
    """Each the JSON of an answer and its label."""


def reply_to(asked: Interrupt) -> Reply:  # noqa: PLR0911 - one case each
    """What the composer does while this is what the graph asks."""
    match question_of(asked):
        case Review(_, (action,)):
            how: How = ""
            if Choice.RESPOND in action.allowed:
                how = "respond"
            elif Choice.REJECT in action.allowed:
                how = "reject"
            return Reply(how, label_of(title_of(action)), short(action.name, 80))
        case Review(_, (first, *_)):
            return Reply("", label_of(title_of(first)))
        case Words(text):
            return Reply("answer", label_of(text))
        case Free(value):
            return Reply("answer", _label_in(value), options=options_in(value))
        case Form(value) as form:
            options = _offered_by(form)
            return Reply("choose" if options else "", _label_in(value), options=options)
        case Pause():
            return Reply("", words.AGENT_PAUSED)
    return Reply("", words.ASKING)


def options_in(value: Any) -> tuple[tuple[str, str], ...]:
    """The answers that a question offers under a usual key; none where it is no plain list."""
    if not isinstance(value, dict):
        return ()
    listed = next((value[key] for key in _OFFERING if isinstance(value.get(key), list)), [])
    options = tuple(map(_option, listed)) if len(listed) <= MOST_OPTIONS else ()
    labels = [label for _, label in options]
    is_plain = all(label.strip() and len(label) <= LONGEST_OPTION for label in labels)
    return options if is_plain and len({*labels}) == len(labels) else ()


def offering_key(value: Any) -> str:
    """The key of the value under which `options_in` has found them; empty where it found none."""
    if not options_in(value):
        return ""
    return next(key for key in _OFFERING if isinstance(value.get(key), list))


def label_of(question: str) -> str:
    """A question in one short line: of a longer text the last sentence that asks."""
    plain = short(_MARKS.sub("", _LINK.sub(r"\1", question[:20_000])), 20_000)
    if len(plain) > LONGEST_LABEL and (asking := _SENTENCE.findall(plain)):
        plain = asking[-1].strip() or plain
    return cut(plain, LONGEST_LABEL)


def _label_in(value: Any) -> str:
    question, rest = question_in(value)
    return label_of(question) or (label_of(as_json(rest)) if rest not in (None, {}, []) else "")


def _offered_by(form: Form) -> tuple[tuple[str, str], ...]:
    """The options of a form that is one choice."""
    match fields_for(form):
        case (field,) if not field.name and field.kind == "choice":
            return field.options
    return ()


def _option(item: Any) -> tuple[str, str]:
    """The JSON and the label of an option, which is empty for what has none."""
    value = item
    if isinstance(item, dict):
        value = next((item[key] for key in _VALUES if item.get(key) is not None), item)
        label = next((item[key] for key in _LABELS if isinstance(item.get(key), str)), None)
    else:
        label = item if isinstance(item, str) else None
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        return "", ""
    return written, label if label is not None else value if isinstance(value, str) else written
