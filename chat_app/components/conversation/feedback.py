"""The buttons "Good answer" and "Bad answer" below an answer, and the note on it."""

from __future__ import annotations

import reflex as rx

from chat_app.components.conversation import JS
from chat_app.state.feedback import LONGEST_NOTE, FeedbackState, Rating
from chat_app.state.run import RunState


def _two(first: rx.Var[str], second: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return first, second


class FeedbackProvider(rx.Component):
    """Gives the rows inside it the ratings by the id of the answer, and what changes them."""

    library = JS["feedback.jsx"]
    tag = "FeedbackProvider"

    offered: rx.Var[bool]
    given: rx.Var[dict[str, Rating]]
    problem: rx.Var[str]
    problem_at: rx.Var[str]
    longest: rx.Var[int]
    on_rate: rx.EventHandler[_two]
    on_note: rx.EventHandler[_two]


def feedback(*children: rx.Component) -> rx.Component:
    """Return the conversation with the person's ratings."""
    return FeedbackProvider.create(
        *children,
        offered=FeedbackState.is_offered & ~RunState.is_temporary,
        given=FeedbackState.given,
        problem=FeedbackState.problem,
        problem_at=FeedbackState.problem_at,
        longest=LONGEST_NOTE,
        on_rate=FeedbackState.rate,
        on_note=FeedbackState.note,
    )
