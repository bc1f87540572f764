"""From what a person filled in to what the graph expects, and to the words that are kept of it.

Everything given comes from a browser and is checked against the question: as many decisions as
actions, each one allowed, no argument but those of the form, values as their schema wants them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chat_app import text as words
from chat_app.transcript import filling, forms
from chat_app.transcript.asked import decided, short
from chat_app.transcript.asking import (
    Action,
    Choice,
    Dialect,
    Form,
    Free,
    Pause,
    Question,
    Review,
    Words,
    question_of,
)
from chat_app.transcript.checking import faults_in, placed
from chat_app.transcript.form_errors import FormError
from chat_app.transcript.forms import Field, as_json
from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.schemas import resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.events import Json
    from chat_app.client.schema import Command
    from chat_app.transcript.form_errors import Fault
    from chat_app.transcript.message import Interrupt

LONGEST = 200_000
"""Characters of an answer."""
_BY_ID = re.compile(r"[0-9a-f]{32}")
"""What servers take for the id of an interrupt; another key they take for the answer's own."""
_OLD_NAMES = {
    Choice.APPROVE: "accept",
    Choice.EDIT: "edit",
    Choice.RESPOND: "response",
    Choice.IGNORE: "ignore",
}


class NotAnAnswerError(FormError):
    """What was given does not answer the question.

    A fault's path begins with the place of the action in a review, then come names of fields.
    """


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` is for the graph, in its own dialect; `said` is for people."""

    value: Any
    said: tuple[str, ...]


def answer_to(asked: Interrupt, given: Any) -> Answer:
    """What `given` comes to.

    Args:
        asked: the interrupt.
        given: for a review ``{"decisions": [{"type", "fields", "message"}]}``, `fields` being the
            what was changed by name (see `chat_app.transcript.filling`); for a form
            ``{"fields"}``; else ``{"text"}``.

    Raises:
        NotAnAnswerError: it is no answer to this question.
    """
    if not isinstance(given, dict):
        raise NotAnAnswerError(words.NO_ANSWER)
    try:
        return _answer(question_of(asked), given, asked.schema)
    except FormError as error:
        raise NotAnAnswerError(*error.faults) from None


def command_of(asked: Interrupt, answer: Answer) -> Command | None:
    """How a run goes on with the answer, by id wherever there is one; a breakpoint needs none."""
    if asked == BREAKPOINT:
        return None
    return {"resume": {asked.id: answer.value} if _BY_ID.fullmatch(asked.id) else answer.value}


def fields_for(question: Action | Form) -> tuple[Field, ...]:
    """The form for the arguments of an action, or for an answer; a lone field has no name."""
    if isinstance(question, Action):
        return forms.fields_of(question.args, question.schema)
    return _form(question)[1]


def _form(form: Form) -> tuple[Json, tuple[Field, ...]]:
    """The initial values of a form, and its fields.

    An object with a property whose name is empty is one lone field: that name is the lone field's.
    """
    schema = resolved(form.schema, form.schema)
    values = forms.defaults_of(schema)
    fields = forms.fields_of(values, schema) if schema.get("type") == "object" else ()
    if fields and all(field.name for field in fields):
        return values, fields
    value = forms.default_of(schema)
    return {"": value}, (replace(forms.field_of("", value, schema), required=True),)


def _answer(question: Question, given: Json, schema: Json | None) -> Answer:
    match question:
        case Review(dialect, actions):
            return _reviewed(dialect, actions, given.get("decisions"), schema)
        case Words():
            text = _text(given, "text")
            if not text:
                raise NotAnAnswerError(words.NEEDED)
            return Answer(text, (words.ANSWERED.format(answer=short(text)),))
        case Form():
            value = filled_in(question, _fields(given))
            return Answer(value, (words.ANSWERED.format(answer=short(_shown(value))),))
        case Free():
            value = filling.read_free(_needed(given))
            return Answer(value, (words.ANSWERED.format(answer=short(_shown(value))),))
        case Pause():
            return Answer(None, (words.CONTINUED,))


def filled_in(form: Form, given: Mapping[str, Any]) -> Any:
    """The value that a form was filled in for.

    Raises:
        FormError: it is none, or none that the form's schema wants.
    """
    values, fields = _form(form)
    filled = filling.filled_in(values, fields, given, is_new=True)
    if fields[0].name:
        value, faults = filled, faults_in(filled, form.schema)
    else:
        value = filled[""] if filled else filling.read(fields[0], "")
        faults = tuple(fault.below("") for fault in faults_in(value, form.schema))
    if faults:
        raise NotAnAnswerError(*(placed(fault, fields) for fault in faults))
    return value


def _reviewed(
    dialect: Dialect, actions: tuple[Action, ...], given: Any, schema: Json | None
) -> Answer:
    if not isinstance(given, list) or len(given) != len(actions):
        raise NotAnAnswerError(words.NOT_ALL_DECIDED)
    made: list[tuple[Json, str]] = []
    faults: list[Fault] = []
    for place, (action, one) in enumerate(zip(actions, given, strict=True)):
        try:
            made.append(_decided(dialect, action, one))
        except FormError as error:
            faults += [fault.below(place) for fault in error.faults]
    if faults:
        raise NotAnAnswerError(*faults)
    decisions = [decision for decision, _ in made]
    said = tuple(sentence for _, sentence in made)
    match dialect:
        case Dialect.LEGACY:
            return Answer(decisions, said)
        case Dialect.LEGACY_ALONE | Dialect.CALL:
            if dialect is Dialect.CALL and (wrong := faults_in(decisions[0], schema)):
                raise NotAnAnswerError(*(_of_action(fault, actions[0]) for fault in wrong))
            return Answer(decisions[0], said)
    return Answer({"decisions": decisions}, said)


def _decided(dialect: Dialect, action: Action, given: Any) -> tuple[Json, str]:
    """One decision as the dialect writes it, and in words."""
    if not isinstance(given, dict):
        raise NotAnAnswerError(words.NOT_ALL_DECIDED)
    choice = next((c for c in action.allowed if c.value == given.get("type")), None)
    if choice is None:
        raise NotAnAnswerError(words.NOT_ALLOWED)
    args, edited = action.args, ()
    if choice is Choice.EDIT:
        fields = fields_for(action)
        if new := _fields(given):
            args = filling.filled_in(action.args, fields, new, is_new=not action.args)
        edited = filling.changed(action.args, args)
        if edited and (faults := faults_in(args, action.schema)):
            raise NotAnAnswerError(*(placed(fault, fields) for fault in faults))
        if not edited and Choice.APPROVE in action.allowed:
            choice = Choice.APPROVE
    message = _text(given, "message")
    if choice is Choice.RESPOND and not message:
        raise NotAnAnswerError(words.NEEDED)
    written = _written if dialect not in {Dialect.LEGACY, Dialect.LEGACY_ALONE} else _written_of_old
    decision = written(dialect, choice, {"name": action.name, "args": args}, message)
    return decision, decided(choice, action.name, edited, message)


def _of_action(fault: Fault, action: Action) -> Fault:
    """A fault of a whole decision, at the field it is about, if it is about one."""
    match fault.path:
        case ("edited_action", "args", *inside):
            fault = replace(fault, path=tuple(inside))
    return placed(fault, fields_for(action)).below(0)


def _written(dialect: Dialect, choice: Choice, action: Json, message: str) -> Json:
    decision: Json = {"type": choice.value}
    if choice is Choice.EDIT:
        if dialect is Dialect.BATCH_ALPHA:
            action = {"name": action["name"], "arguments": action["args"]}
        key = "editedAction" if dialect is Dialect.BATCH_CAMEL else "edited_action"
        decision[key] = action
    elif choice in {Choice.REJECT, Choice.RESPOND} and message:
        decision["message"] = message
    return decision


def _written_of_old(_: Dialect, choice: Choice, action: Json, message: str) -> Json:
    """A `HumanResponse`. With ``accept`` the action goes back, too: some graphs look for it."""
    args: Any = None
    if choice in {Choice.APPROVE, Choice.EDIT}:
        args = {"action": action["name"], "args": action["args"]}
    elif choice is Choice.RESPOND:
        args = message
    return {"type": _OLD_NAMES[choice], "args": args}


def _fields(given: Json) -> Mapping[str, Any]:
    """What a form was filled with."""
    fields = given.get("fields") or {}
    if not isinstance(fields, dict):
        raise NotAnAnswerError(words.NO_ANSWER)
    _not_too_long(len(as_json(fields)))
    return fields


def _needed(given: Json) -> str:
    text = _text(given, "text")
    if not text:
        raise NotAnAnswerError(words.NEEDED)
    return text


def _text(given: Json, key: str) -> str:
    text = given.get(key) or ""
    if not isinstance(text, str):
        raise NotAnAnswerError(words.NO_ANSWER)
    _not_too_long(len(text))
    return text.encode(errors="ignore").decode().strip()


def _not_too_long(length: int) -> None:
    if length > LONGEST:
        raise NotAnAnswerError(words.TOO_LONG.format(limit=f"{LONGEST:,}"))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
