"""Print all feedback on answers as JSONL, for operators: a line for each rating, oldest page first.

It is read from the store of the agent server that the settings name (``LANGGRAPH_API_URL``), with
the app's key. Another server gets no key.
"""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError, get_client
from chat_app.config import SettingsError, settings
from chat_app.runs import feedback
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from typing import TextIO


def main(arguments: list[str], output: TextIO = sys.stdout) -> None:
    """Do what the command line says.

    Raises:
        SystemExit: it cannot be done; the message says why.
    """
    parser = ArgumentParser(prog="scripts/feedback", description="All ratings, as JSON lines.")
    parser.add_argument("--url", default="", help="the agent server, if not the configured one")
    chosen = parser.parse_args(arguments)
    try:
        url = chosen.url or settings().api_url
        if not url:
            sys.exit("LANGGRAPH_API_URL names no agent server: the demo's own is another process.")
        asyncio.run(_print(url, output))
    except SettingsError as error:
        sys.exit(str(error))
    except LangGraphError as refused:
        sys.exit(" ".join(describe(refused)))


async def _print(url: str, output: TextIO) -> None:
    configured = settings()
    headers = configured.headers() if url == configured.api_url else None
    async with get_client(url=url, headers=headers) as client:
        async for one in feedback.everything(client):
            print(json.dumps(one, ensure_ascii=False), file=output)


if __name__ == "__main__":
    main(sys.argv[1:])
