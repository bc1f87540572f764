"""Names of variables that look like settings of the app and are none: mostly typing errors."""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from pydantic import AliasChoices

from chat_app.config import Settings, variable

if TYPE_CHECKING:
    from collections.abc import Iterable

_OURS = "CHAT_"
_SHARED = ("LANGGRAPH_", "LANGSMITH_")
"""Prefixes that other programs use too: of theirs only what is close to a setting is told."""
_OF_THE_DEMO = "CHAT_DEMO_SPEED"
_OF_ITS_SERVER = "CHAT_DEMO_SECRET"
_CLOSE = 0.6
"""How alike two names have to be, without the prefix, where 1 is the same."""
_VERY_CLOSE = 0.78
"""The same for whole names without our prefix."""


def given_names() -> list[str]:
    """The names of all variables from the environment and from the file that settings come from."""
    return sorted({*os.environ, *dotenv_values(str(Settings.model_config.get("env_file")))})


def doubts(names: Iterable[str]) -> list[str]:
    """A line for each name close to that of a setting, and one for all others with CHAT_."""
    lines, unknown = [], []
    for name in names:
        if name.upper() in _known():
            continue
        if meant := _meant(name.upper()):
            lines.append(f"{name} is not a setting. Did you mean {meant}?")
        elif name.upper().startswith(_OURS):
            unknown.append(name)
    if unknown:
        lines.append(f"Ignored, as no setting has that name: {', '.join(unknown)}")
    return lines


def _known() -> set[str]:
    """The variables that are read."""
    known = {_OF_THE_DEMO, _OF_ITS_SERVER}
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [variable(name)]
        known |= {str(choice) for choice in choices}
    return known


def _meant(name: str) -> str:
    """The setting whose variable is nearest to that name; empty where none is near."""
    if name.startswith(_OURS):
        # By what the setting is called, too: CHAT_API_URL is LANGGRAPH_API_URL.
        called = {field.upper(): variable(field) for field in Settings.model_fields}
        called[_OF_THE_DEMO.removeprefix(_OURS)] = _OF_THE_DEMO
        near = get_close_matches(name.removeprefix(_OURS), called, n=1, cutoff=_CLOSE)
        return called[near[0]] if near else ""
    if not name.startswith(("CHAT", "REDIS_", *_SHARED)):
        return ""
    for prefix in _SHARED:  # LANGSMITH_API_URL is nearer to LANGSMITH_API_KEY, but means the URL
        if name.startswith(_SHARED) and (same := prefix + name.partition("_")[2]) in _known():
            return same
    return next(iter(get_close_matches(name, _known(), n=1, cutoff=_VERY_CLOSE)), "")
