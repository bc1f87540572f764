"""Replaying a thread: the bar over it, and what its buttons do.

A replay is the tab's own (see `chat_app.runs.replay_player`); `/t/<thread id>?replay` replays a
thread of the server, `/replay` the file that the tab has opened.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.runs.replay_player import ReplayPlayer
from chat_app.state.run import RunState
from chat_app.state.tab_session import tab_session
from chat_app.transcript.replaying import replay_of

if TYPE_CHECKING:
    from chat_app.state.tab_session import TabSession
    from chat_app.transcript.record import SavedThread

QUERY = "replay"
"""In an address: the thread is replayed."""
FILE_PATH = "/replay"
STEP = "step"
MODES = ("1", "2", STEP)
"""Its own pace, twice that, or step by step."""
_GRAIN = 0.2
"""Seconds between two places of the bar that are sent while it plays."""


class ReplayState(rx.State):
    """Whether the page shows a replay, and how far it is."""

    active: rx.Field[bool] = rx.field(False)
    playing: rx.Field[bool] = rx.field(False)
    mode: rx.Field[str] = rx.field("1")
    """One of `MODES`."""
    seconds: rx.Field[float] = rx.field(0.0)
    duration: rx.Field[float] = rx.field(0.0)
    turn: rx.Field[int] = rx.field(0)
    """The number of the turn that is shown, from 1 on."""
    turns: rx.Field[int] = rx.field(0)

    @rx.event
    async def begin(self):
        """Replay the open thread."""
        run = await self.get_state(RunState)
        if run.thread_id:
            yield rx.redirect(f"/t/{run.thread_id}?{QUERY}")

    @rx.event
    def end(self):
        """Leave the replay: show the thread, or after a file a new chat."""
        player = tab_session(self).replay
        if player:
            yield rx.redirect(f"/t/{player.thread_id}" if player.thread_id else "/")

    @rx.event
    def toggle(self):
        """Play or pause; in the mode that goes step by step show the next step."""
        if not (player := tab_session(self).replay):
            return
        if self.mode == STEP:
            player.step()
        elif player.is_playing:
            player.pause()
        else:
            player.play()

    @rx.event
    def choose(self, mode: str):
        """Choose the pace."""
        player = tab_session(self).replay
        if player is None or mode not in MODES:
            return
        self.mode = mode
        if mode == STEP:
            player.pause()
        else:
            player.set_speed(float(mode))

    @rx.event
    def seek(self, seconds: float):
        """Go to a time."""
        player = tab_session(self).replay
        if player and isinstance(seconds, int | float) and not isinstance(seconds, bool):
            player.seek(seconds)

    @rx.event
    def move(self, turns: int):
        """Go to the next turn, or to the one before."""
        player = tab_session(self).replay
        if player and turns in (-1, 1):
            player.turn(turns)

    @rx.event
    def restart(self):
        """Go to the beginning; play from there, unless it goes step by step."""
        if not (player := tab_session(self).replay):
            return
        player.pause()
        player.seek(0)
        if self.mode != STEP:
            player.play()


async def player_of(saved: SavedThread, thread_id: str = "") -> ReplayPlayer:
    """A player of a stored thread, which is prepared off the event loop."""
    replay = await asyncio.to_thread(lambda: replay_of(saved.record.whole()))
    title = saved.title or words.SHARED_UNTITLED
    return ReplayPlayer(replay, thread_id=thread_id, title=title)


async def paint_replay(tab: rx.State, mine: TabSession) -> None:
    """Show how far the replay is. Needs the tab's lock."""
    player, known = mine.replay, mine.replay_shown
    shown = _shown(player) if player else (False,)
    if shown == known:
        return
    mine.replay_shown = shown
    state = await tab.get_state(ReplayState)
    if player is None:
        if state.active:
            state.reset()
        return
    names = ("active", "playing", "seconds", "duration", "turn", "turns")
    for name, value in zip(names, shown, strict=True):
        if getattr(state, name) != value:
            setattr(state, name, value)


def _shown(player: ReplayPlayer) -> tuple[bool, bool, float, float, int, int]:
    turns = player.replay.turns
    turn = sum(first <= player.number for first in turns)
    seconds = player.seconds if player.is_over else player.seconds // _GRAIN * _GRAIN
    return (
        True,
        player.is_playing,
        round(seconds, 2),
        round(player.replay.duration, 2),
        turn,
        len(turns),
    )
