"""Which stream modes a chat requests: all that the server supports, by falling back step by step.

Servers of 2024 have no ``custom`` and no ``messages-tuple``, and refuse a run that asks for either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from chat_app.client.dialect import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client.dialect import Dialect
    from chat_app.client.errors import BadRequestError, InvalidError
    from chat_app.client.schema import ChatMode, ChatOptions, RunOptions, StreamMode, TokenMode

_Extra = Literal["stream_subgraphs", "stream_resumable", "on_disconnect"]

FOR_A_CHAT: ChatOptions = {
    "stream_mode": "chat",
    "stream_subgraphs": True,
    "stream_resumable": True,
}
"""Options of a run that a person watches and may come back to."""

_EXTRAS: tuple[_Extra, ...] = ("stream_subgraphs", "stream_resumable", "on_disconnect")
"""Optional fields that a chat requests besides its modes."""
_ROUTE = "runs"

_BESIDE_TOKENS: tuple[tuple[StreamMode, ...], ...] = (
    ("values", "updates", "custom"),
    ("values", "updates"),
    ("values",),
)
_NAMES = "messages-tuple|messages|values|updates|custom|tasks|checkpoints|debug|events"
_REFUSED_BY_NAME = re.compile(
    rf"""['"`]?\b({_NAMES})['"`]? is (?:not|un)"""
    rf"""|(?:invalid|unknown|unsupported) stream[ _]modes?\W+({_NAMES})\b""",
    re.IGNORECASE,
)
_REFUSED_BY_PLACE = re.compile(r"stream_mode\S*?\.(\d+)\b")
_ABOUT_MODES = re.compile(r"stream[ _]?mode|messages-tuple|['\"](?:custom|updates|messages)['\"]")


def steps(token_mode: TokenMode) -> tuple[tuple[StreamMode, ...], ...]:
    """Lists of modes, each for a server that refuses the one before it."""
    if token_mode in ("messages", "messages-tuple"):
        return tuple((token_mode, *others) for others in _BESIDE_TOKENS)
    everything, *less = _BESIDE_TOKENS
    return (("messages-tuple", *everything), *steps("messages"), *less)


class Negotiation:
    """The modes and options of one run. Each refusal may remove some of `options`."""

    def __init__(self, modes: Modes, options: RunOptions) -> None:
        self._modes = modes
        self._options = options
        self._is_chat = options.get("stream_mode") == "chat"
        self._chosen: list[ChatMode] = list(options.get("chat_modes") or ("chat",))
        self._refused: set[str] = set()
        """Of the chosen modes: those that the server does not know."""
        self._step = modes.step
        self._left_out = [field for field in _EXTRAS if modes.dialect.refuses(_ROUTE, field)]

    @property
    def requested(self) -> list[StreamMode]:
        """The modes that are requested now."""
        chosen = self._options.get("stream_mode")
        if chosen == "chat":
            return self._of_a_chat()
        return [chosen] if isinstance(chosen, str) else list(chosen or ())

    def _of_a_chat(self) -> list[StreamMode]:
        step = self._modes.steps[self._step]
        asked: list[StreamMode] = []
        for mode in self._chosen:
            if mode == "chat":
                asked += step
            elif mode == "messages":
                asked += filter(_carries_tokens, step)
            else:
                asked.append(mode)
        return [mode for mode in dict.fromkeys(asked) if mode not in self._refused] or list(step)

    @property
    def options(self) -> RunOptions:
        if not self._is_chat:
            return self._options
        asked: RunOptions = {**self._options, "stream_mode": self.requested}
        asked.pop("chat_modes", None)
        for field in self._left_out:
            asked.pop(field, None)
        return asked

    def gives_way(self, refused: InvalidError | BadRequestError) -> bool:
        """Request less, if that may help; False if the refusal has another cause."""
        if not self._is_chat:
            return False
        sent = [field for field in _EXTRAS if field in self.options]
        if extras := [field for field in sent if named(refused, [field])]:
            self._left_out += extras
            return True
        if not _ABOUT_MODES.search(refused.detail):
            return False
        unknown = _refused_modes(refused.detail, self.requested)
        if more := self._more(unknown):
            self._refused |= more
            return True
        left = range(self._step + 1, len(self._modes.steps))
        self._step = next((n for n in left if not unknown & {*self._modes.steps[n]}), -1)
        return self._step > 0

    def _more(self, unknown: set[str]) -> set[str]:
        """Which modes are not asked for any more, of those that are chosen by their names."""
        named = {mode for mode in self._chosen if mode not in ("chat", "messages")}
        if "chat" in self._chosen:
            named -= {*self._modes.steps[self._step]}
        named -= self._refused
        return named & unknown if unknown else named

    def succeeded(self) -> None:
        """The server has accepted the run: the next one uses the same modes."""
        if self._is_chat:
            self._modes.step = max(self._modes.step, self._step)
            self._modes.dialect.remember(_ROUTE, self._left_out)


class Modes:
    """Of one server: the first of `steps` that it is not known to refuse."""

    def __init__(self, dialect: Dialect, token_mode: TokenMode) -> None:
        self.dialect = dialect
        self.steps = steps(token_mode)
        self.step = 0

    def negotiate(self, options: RunOptions) -> Negotiation:
        return Negotiation(self, options)


def _carries_tokens(mode: StreamMode) -> bool:
    return mode in ("messages-tuple", "messages")


def _refused_modes(detail: str, requested: Sequence[StreamMode]) -> set[str]:
    """The modes that a refusal names as unknown; empty if it does not name any.

    By name, or by their place in the list; what a refusal names beside that are the known ones.
    """
    found = {name for pair in _REFUSED_BY_NAME.findall(detail) for name in pair if name}
    places = {int(place) for place in _REFUSED_BY_PLACE.findall(detail)}
    return found | {requested[place] for place in places if place < len(requested)}
