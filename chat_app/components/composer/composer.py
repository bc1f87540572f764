"""The composer: the draft or form, the choice of the assistant, send and stop."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.cards.ask import asking
from chat_app.components.composer import JS
from chat_app.components.composer.attach import attaching
from chat_app.components.composer.queue import queue, sending_does, strategy_picker
from chat_app.components.forms.words import ASKING_WORDS, INPUT_WORDS
from chat_app.components.shared.icon import icon
from chat_app.shortcuts import does
from chat_app.state.asking import AskState
from chat_app.state.assistants import AssistantOption, AssistantsState
from chat_app.state.attachments import Chip
from chat_app.state.draft import MESSAGE_LIMIT, DraftState
from chat_app.state.inputs import InputState
from chat_app.state.queue import QueueState
from chat_app.state.rows import OpenQuestion
from chat_app.state.run import RunState
from chat_app.state.view import ViewState

HELD_WORDS = {
    "title": text.HELD,
    "files": text.ATTACHED,
    "takeBack": text.TAKE_BACK,
    "remove": text.REMOVE,
    "edit": text.EDIT,
}


def _filled(
    message: rx.Var[str],
    attached: rx.Var[list[str]],
    given: rx.Var[dict[str, Any]],
    is_behind: rx.Var[bool],
) -> tuple[rx.Var[str], rx.Var[list[str]], rx.Var[dict[str, Any]], rx.Var[bool]]:
    return message, attached, given, is_behind


def _named(id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (id,)


def _merged(is_merged: rx.Var[bool]) -> tuple[rx.Var[bool]]:
    return (is_merged,)


def _answered(
    key: rx.Var[str], given: rx.Var[dict[str, Any]]
) -> tuple[rx.Var[str], rx.Var[dict[str, Any]]]:
    return key, given


class Draft(rx.Component):
    """The text box; its children are the bar below the text.

    `returned` is a message that the server did not accept: it is put back into the box, and removed
    from it again when it is sent by other means; before other words it stays there. `drafts` are
    such messages by thread, for threads that are not open. `taken` counts the messages that the
    process `taker` has confirmed. An unconfirmed one that went through another `socket` is restored
    once the page is `ready` (hydrated). Each change of `edits` puts `edited` into the box.
    `waiting` is the length of the queue. `chips` are the attachments stored in the app, of which
    there may be `most`. `fields` are the optional inputs of the chosen `assistant`; `faults` and
    `input_problem` are their validation errors. While the agent `asks` the text is an answer;
    `settled` counts the answers that were dealt with, `wrong` is why the last one was refused.
    """

    library = JS["draft.jsx"]
    tag = "Draft"

    thread: rx.Var[str]
    taken: rx.Var[int]
    taker: rx.Var[str]
    socket: rx.Var[str]
    returned: rx.Var[str]
    edited: rx.Var[str]
    edits: rx.Var[int]
    waiting: rx.Var[int]
    ready: rx.Var[bool]
    busy: rx.Var[bool]
    temporary: rx.Var[bool]
    limit: rx.Var[int]
    placeholder: rx.Var[str]
    too_long: rx.Var[str]
    chips: rx.Var[list[Chip]]
    chips_known: rx.Var[bool]
    most: rx.Var[int]
    most_bytes: rx.Var[int]
    types: rx.Var[list[str]]
    words: rx.Var[dict[str, Any]]
    fields: rx.Var[list[dict[str, Any]]]
    assistant: rx.Var[str]
    faults: rx.Var[list[dict[str, Any]]]
    input_problem: rx.Var[str]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]
    on_remove: rx.EventHandler[_named]
    on_send: rx.EventHandler[_filled]
    drafts: rx.Var[dict[str, str]]
    on_returned: rx.EventHandler[_merged]
    on_drafts: rx.EventHandler[rx.event.no_args_event_spec]
    asks: rx.Var[list[OpenQuestion]]
    settled: rx.Var[int]
    wrong: rx.Var[dict[str, str]]
    answer_words: rx.Var[dict[str, Any]]
    on_answer: rx.EventHandler[_answered]


class InputForm(rx.Component):
    """A form instead of the text box; its children are the bar below it.

    `fields` are the inputs of the chosen `assistant`, `said` is the description in the schema.
    `taken` counts the inputs that the app has confirmed, `settled` those that it refused, with
    `problem` and `faults` as the reasons. Each change of `returns` fills the form with `returned`.
    While the agent `asks` nothing is sent.
    """

    library = JS["input_form.jsx"]
    tag = "InputForm"

    thread: rx.Var[str]
    assistant: rx.Var[str]
    fields: rx.Var[list[dict[str, Any]]]
    said: rx.Var[str]
    taken: rx.Var[int]
    busy: rx.Var[bool]
    problem: rx.Var[str]
    faults: rx.Var[list[dict[str, Any]]]
    settled: rx.Var[int]
    returned: rx.Var[dict[str, Any]]
    returns: rx.Var[int]
    ready: rx.Var[bool]
    asks: rx.Var[list[OpenQuestion]]
    answer_words: rx.Var[dict[str, Any]]
    words: rx.Var[dict[str, Any]]
    on_send: rx.EventHandler[_filled]


def composer() -> rx.Component:
    """Return the composer of a new chat and of a thread."""
    return rx.el.div(
        asking(),
        queue(),
        rx.cond(AssistantsState.takes == "form", _form(), _draft()),
        rx.el.p(text.CAUTION, class_name="caution"),
        class_name="dock",
    )


def _bar() -> tuple[rx.Component, ...]:
    """The controls below the text or the form."""
    return (
        _assistant_picker(),
        rx.el.span(class_name="spring"),
        rx.cond(RunState.running, rx.fragment(strategy_picker(), _stop_button())),
        _send_button(),
    )


def _form() -> rx.Component:
    return InputForm.create(
        *_bar(),
        thread=RunState.thread_id,
        assistant=AssistantsState.shaped,
        fields=AssistantsState.fields,
        said=AssistantsState.said,
        taken=DraftState.taken,
        busy=RunState.running,
        problem=InputState.problem,
        faults=InputState.faults,
        settled=InputState.settled,
        returned=InputState.returned,
        returns=InputState.returns,
        words={**INPUT_WORDS, "held": HELD_WORDS, "none": text.FILES_NONE},
        ready=rx.State.is_hydrated,
        asks=AskState.open,
        answer_words=ASKING_WORDS,
        on_send=QueueState.submit,
    )


def _draft() -> rx.Component:
    return Draft.create(
        *_bar(),
        thread=RunState.thread_id,
        taken=DraftState.taken,
        taker=DraftState.taker,
        socket=rx.State.router.session.session_id,
        returned=DraftState.returned,
        edited=DraftState.edited,
        edits=DraftState.edits,
        waiting=QueueState.waiting.length(),
        ready=rx.State.is_hydrated,
        busy=RunState.running,
        temporary=RunState.is_temporary,
        limit=MESSAGE_LIMIT,
        placeholder=rx.cond(AssistantsState.takes == "text", text.TEXT_INPUT, text.PLACEHOLDER),
        too_long=text.TOO_LONG.format(limit=f"{MESSAGE_LIMIT:,}"),
        fields=AssistantsState.fields,
        assistant=AssistantsState.shaped,
        faults=InputState.faults,
        input_problem=InputState.problem,
        on_send=QueueState.submit,
        drafts=DraftState.drafts,
        on_returned=DraftState.take_returned,
        on_drafts=DraftState.take_drafts,
        asks=AskState.open,
        settled=AskState.settled,
        wrong={"key": AskState.key, "text": AskState.problem},
        answer_words=ASKING_WORDS,
        on_answer=AskState.answer,
        **attaching(more={**INPUT_WORDS, "held": HELD_WORDS}),
    )


def _send_button() -> rx.Component:
    at_rest = rx.cond(AskState.open.length() > 0, text.SEND_ANSWER, text.SEND)
    does = rx.cond(RunState.running, sending_does(), at_rest)
    return rx.el.button(
        icon("arrow-up"),
        type="submit",
        class_name="send",
        aria_label=does,
        title=does,
        data_testid="send",
    )


def _stop_button() -> rx.Component:
    return rx.el.button(
        icon("square", fill="currentColor"),
        type="button",
        class_name="send stop",
        aria_label=text.STOP,
        **does("stop"),
        disabled=RunState.stopping,
        on_click=RunState.stop,
        data_testid="stop",
    )


def _assistant_picker() -> rx.Component:
    """A select if there are several assistants, else the name of the only one."""
    options, agent = AssistantsState.options, AssistantsState.profile
    name = rx.cond(
        ViewState.is_demo,
        rx.el.span(text.DEMO_AGENT, class_name="assistant"),
        rx.cond(
            options.length() == 1,
            rx.el.span(agent.name, class_name="assistant", title=agent.graph, dir="auto"),
        ),
    )
    return rx.cond(
        options.length() > 1,
        rx.el.select(
            rx.foreach(options, _offered),
            value=AssistantsState.chosen,
            on_change=AssistantsState.choose,
            aria_label=text.ASSISTANT,
            title=agent.graph,
            class_name="pill",
            data_testid="assistant-picker",
        ),
        name,
    )


def _offered(option: ObjectVar[AssistantOption]) -> rx.Component:
    label = rx.cond(option.label, option.label, option.name)
    return rx.el.option(label, value=option.id, title=option.name)
