"""What a tool call is called, and what it does, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript.gist import NOTHING, gist, line

if TYPE_CHECKING:
    from collections.abc import Sequence

_titles: dict[str, str] = {}
_telling: dict[str, tuple[str, ...]] = {}


def describe_calls(tool: str, *, title: str = "", telling: Sequence[str] = ()) -> None:
    """From now on calls of that tool are called `title`, and told by these of their arguments."""
    if title:
        _titles[tool] = title
    if telling:
        _telling[tool] = tuple(telling)


def title_of(tool: str) -> str:
    """What calls of a tool are called, where its renderer says it."""
    return _titles.get(tool, "")


def call_words(tool: str, args: Any) -> str:
    """The arguments of a call in a few words: those that its renderer names, or else the `gist`."""
    telling = _telling.get(tool, ()) if isinstance(args, dict) else ()
    named = [args[name] for name in telling if args.get(name) not in NOTHING]
    return line(named) if named else gist(args)
