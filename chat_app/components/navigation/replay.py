"""The bar of a replay."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.navigation import JS
from chat_app.state.replay import MODES, ReplayState

REPLAY_WORDS = {
    "replay": text.REPLAY,
    "means": text.REPLAY_MEANS,
    "end": text.END_REPLAY,
    "play": text.REPLAY_PLAY,
    "pause": text.PAUSE_SCHEDULE,
    "step": text.REPLAY_STEP,
    "restart": text.REPLAY_RESTART,
    "previous": text.REPLAY_PREVIOUS,
    "next": text.REPLAY_NEXT,
    "pace": text.REPLAY_PACE,
    "position": text.REPLAY_POSITION,
    "at": text.REPLAY_AT,
    "keys": text.REPLAY_KEYS,
}


def _chosen(mode: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (mode,)


def _sought(seconds: rx.Var[float]) -> tuple[rx.Var[float]]:
    return (seconds,)


def _moved(turns: rx.Var[int]) -> tuple[rx.Var[int]]:
    return (turns,)


class ReplayBar(rx.Component):
    """Play, pause, seek, choose the pace, end."""

    library = JS["replay.jsx"]
    tag = "ReplayBar"

    playing: rx.Var[bool]
    mode: rx.Var[str]
    modes: rx.Var[list[list[str]]]
    seconds: rx.Var[float]
    duration: rx.Var[float]
    turn: rx.Var[int]
    turns: rx.Var[int]
    words: rx.Var[dict[str, str]]
    on_toggle: rx.EventHandler[rx.event.no_args_event_spec]
    on_choose: rx.EventHandler[_chosen]
    on_seek: rx.EventHandler[_sought]
    on_move: rx.EventHandler[_moved]
    on_restart: rx.EventHandler[rx.event.no_args_event_spec]
    on_end: rx.EventHandler[rx.event.no_args_event_spec]


def replay_bar() -> rx.Component:
    """Return the bar; nothing where no replay is shown."""
    names = dict(zip(MODES, text.REPLAY_MODES, strict=True))
    bar = ReplayBar.create(
        playing=ReplayState.playing,
        mode=ReplayState.mode,
        modes=[[mode, name] for mode, name in names.items()],
        seconds=ReplayState.seconds,
        duration=ReplayState.duration,
        turn=ReplayState.turn,
        turns=ReplayState.turns,
        words=REPLAY_WORDS,
        on_toggle=ReplayState.toggle,
        on_choose=ReplayState.choose,
        on_seek=ReplayState.seek,
        on_move=ReplayState.move,
        on_restart=ReplayState.restart,
        on_end=ReplayState.end,
    )
    return rx.el.div(rx.cond(ReplayState.active, bar), class_name="replay-place")
