"""The graph that the development server loads: an agent with a few tools.

`CHAT_DEMO_MODEL` names a real model as `provider:model`; without it the scripted one answers, at
`CHAT_DEMO_SPEED` times its usual pace.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from langchain.agents import create_agent
from langchain.chat_models import init_chat_model
from pydantic import ValidationError

from chat_app.demo.model import ScriptedModel
from chat_app.demo.tools import TOOLS

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SYSTEM_PROMPT = (
    "You are the demo agent of a chat app. Use the tools for weather, time and arithmetic, several "
    "at once where they are independent. Answer in short, well-made Markdown. Say so when a "
    "weather result is sample data."
)


def chat_model(name: str, *, speed: float = 1) -> BaseChatModel:
    """The model of that name; for "", or where it cannot start, a scripted one that says so."""
    if not name:
        return ScriptedModel(speed=speed)
    try:
        return init_chat_model(name)
    except Exception as missing:  # noqa: BLE001 - every provider raises its own kind
        return ScriptedModel(speed=speed, only_says=_what_is_missing(name, missing))


def _what_is_missing(name: str, error: Exception) -> str:
    if isinstance(error, ValidationError):
        # Its own text repeats the input, which may hold a key.
        reason = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
    else:
        reason = (str(error) or type(error).__name__).splitlines()[0]
    return (
        f"The model `{name}` named by `CHAT_DEMO_MODEL` could not be started: {reason}\n\n"
        "Install what is missing or set the provider's key, then start the app again. "
        "Without `CHAT_DEMO_MODEL` a scripted model answers."
    )


agent = create_agent(
    chat_model(
        os.environ.get("CHAT_DEMO_MODEL", ""),
        speed=float(os.environ.get("CHAT_DEMO_SPEED") or 1),
    ),
    tools=TOOLS,
    system_prompt=SYSTEM_PROMPT,
)
