"""What the demo agent's process may know of the app's environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from chat_app.demo.serving.secret import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[3]

# The app's and LangGraph's own settings, of which the child gets exactly the ones below: an
# inherited key would send traces, an inherited prefix would move its routes.
_WITHHELD = ("CHAT_", "LANGCHAIN_", "LANGGRAPH_", "LANGSERVE_", "LANGSMITH_", "MOUNT_PREFIX")
_PASSED_ON = ("CHAT_DEMO_SPEED",)
_QUIET = {
    "LANGCHAIN_TRACING_V2": "false",
    "LANGGRAPH_CLI_NO_ANALYTICS": "1",
    "LANGGRAPH_NO_VERSION_CHECK": "1",
    "LANGSMITH_TRACING": "false",
    "LOG_COLOR": "false",
    "PYTHONUNBUFFERED": "1",
}


def child_environment(*, model: str, revision: str, secret: str) -> dict[str, str]:
    """The environment of the demo server: quiet, with the model providers' keys.

    Args:
        model: `provider:model`, or "" for the scripted one.
        revision: what the server will call its own revision, in GET /info.
        secret: what every request has to carry.
    """
    given = _from_dotenv() | os.environ
    kept = {
        name: value
        for name, value in given.items()
        if name in _PASSED_ON or not name.startswith(_WITHHELD)
    }
    path = [str(ROOT), *filter(None, [given.get("PYTHONPATH")])]
    return (
        kept
        | _QUIET
        | {
            "CHAT_DEMO_MODEL": model,
            VARIABLE: secret,
            "LANGSMITH_LANGGRAPH_API_REVISION": revision,
            "PYTHONPATH": os.pathsep.join(path),
        }
    )


def _from_dotenv() -> Mapping[str, str]:
    """The variables of `.env`: the model and its API key are set there together."""
    return {name: value for name, value in dotenv_values(".env").items() if value is not None}
