"""The schedules: what is sent again and again, and a form for another one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inbox import JS
from chat_app.components.navigation.link import link
from chat_app.components.shared.folded import folded
from chat_app.state.assistants import AssistantOption, AssistantsState
from chat_app.state.inbox import InboxState
from chat_app.state.schedules import ScheduleRow, SchedulesState
from chat_app.state.view import ViewState

SCHEDULE_WORDS: dict[str, Any] = {
    "empty": text.SCHEDULES_EMPTY,
    "emptyMeans": text.SCHEDULES_EMPTY_MEANS,
    "new": text.NEW_SCHEDULE,
    "create": text.CREATE_SCHEDULE,
    "name": text.SCHEDULE_NAME,
    "nameHint": text.SCHEDULE_NAME_HINT,
    "message": text.SCHEDULE_MESSAGE,
    "assistant": text.ASSISTANT,
    "repeats": text.SCHEDULE_REPEATS,
    "each": text.REPEATS,
    "minute": text.SCHEDULE_MINUTE,
    "time": text.SCHEDULE_TIME,
    "day": text.SCHEDULE_DAY,
    "days": text.DAYS,
    "date": text.SCHEDULE_DATE,
    "cron": text.SCHEDULE_CRON,
    "cronHint": text.SCHEDULE_CRON_HINT,
    "zone": text.SCHEDULE_ZONE,
    "next": text.NEXT_RUN,
    "noNext": text.NO_NEXT_RUN,
    "paused": text.PAUSED,
    "pause": text.PAUSE_SCHEDULE,
    "resume": text.RESUME_SCHEDULE,
    "remove": text.DELETE,
    "sure": text.SCHEDULE_DELETE_SURE,
    "keep": text.KEEP_SCHEDULE,
    "last": text.LAST_CHAT,
    "noLast": text.NO_LAST_CHAT,
    "cancel": text.CANCEL,
    "list": text.SCHEDULES,
}


def _of_one(schedule_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (schedule_id,)


def _of_text(cron: rx.Var[str], zone: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return cron, zone


def _of_form(given: rx.Var[dict[str, Any]]) -> tuple[rx.Var[dict[str, Any]]]:
    return (given,)


class Schedules(rx.Component):
    """The list and the form.

    `settled` counts the requests that were dealt with, `problem` is what was wrong with the last
    one, `created` names what was made last. `preview`, `due` (milliseconds since 1970, UTC) and
    `odd` say what the expression in the form means, when it is due next, or why it is none.
    """

    library = JS["schedules.jsx"]
    tag = "Schedules"

    rows: rx.Var[list[ScheduleRow]]
    settled: rx.Var[int]
    problem: rx.Var[str]
    created: rx.Var[str]
    preview: rx.Var[str]
    due: rx.Var[int]
    odd: rx.Var[str]
    agent: rx.Var[str]
    options: rx.Var[list[AssistantOption]]
    chosen: rx.Var[str]
    words: rx.Var[dict[str, Any]]
    on_create: rx.EventHandler[_of_form]
    on_look: rx.EventHandler[_of_text]
    on_pause: rx.EventHandler[_of_one]
    on_resume: rx.EventHandler[_of_one]
    on_remove: rx.EventHandler[_of_one]
    on_refresh: rx.EventHandler[rx.event.no_args_event_spec]


def schedules() -> rx.Component:
    """Return the place of the schedules; a sentence where there can be none."""
    return rx.el.section(
        tabs(),
        rx.cond(SchedulesState.missing, rx.el.p(SchedulesState.missing, class_name="inbox-none")),
        rx.cond(
            SchedulesState.problem,
            rx.el.div(
                rx.el.p(SchedulesState.problem, role="alert", data_testid="schedule-problem"),
                folded(text.DETAILS, SchedulesState.problem_detail),
                class_name="inbox-trouble",
            ),
        ),
        rx.cond(
            SchedulesState.is_there,
            Schedules.create(
                rows=SchedulesState.rows,
                settled=SchedulesState.settled,
                problem=SchedulesState.problem,
                created=SchedulesState.created,
                preview=SchedulesState.preview,
                due=SchedulesState.preview_next,
                odd=SchedulesState.preview_problem,
                agent=rx.cond(ViewState.is_demo, text.DEMO_AGENT, ""),
                options=AssistantsState.options,
                chosen=AssistantsState.chosen,
                words=SCHEDULE_WORDS,
                on_create=SchedulesState.create,
                on_look=SchedulesState.look_ahead,
                on_pause=SchedulesState.pause,
                on_resume=SchedulesState.resume,
                on_remove=SchedulesState.delete,
                on_refresh=SchedulesState.load,
            ),
        ),
        class_name="schedules",
        aria_label=text.SCHEDULES,
        data_testid="schedules",
    )


def tabs() -> rx.Component:
    """Return the way between the inbox and the schedules, where the server has these."""
    return rx.cond(
        SchedulesState.is_there,
        rx.el.nav(
            _tab(text.INBOX, "inbox"),
            _tab(text.SCHEDULES, "schedules"),
            class_name="inbox-tabs",
            aria_label=text.INBOX_PLACES,
        ),
    )


def _tab(label: str, place: str) -> rx.Component:
    current = rx.cond(InboxState.place == place, "page", "false")
    return link(label, to=f"/{place}", aria_current=current, data_testid=f"tab-{place}")
