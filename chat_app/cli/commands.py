"""The command line. What a command needs is imported when it runs, so that help comes at once."""

from __future__ import annotations

import asyncio
import json
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, get_args

import click

from chat_app.cli.exits import Exit, UsageError
from chat_app.cli.output import Colour, Output
from chat_app.client.schema import StreamMode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient

_SHELLS = ("bash", "zsh", "fish")
COMPLETE = "_CHAT_CLIENT_COMPLETE"
"""The variable by which a shell asks for completions."""


class _Json(click.ParamType):
    """JSON on the command line; a tuple of one, for null is a value too."""

    name = "json"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[Any]:
        if isinstance(value, tuple):
            return value
        try:
            return (json.loads(value),)
        except (ValueError, RecursionError) as odd:
            self.fail(f"This is no JSON: {odd}", param, ctx)


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of all commands, as one `Output` and the address."""
    options = (
        click.option("--json", "is_json", is_flag=True, help="Print JSON, one value a line."),
        click.option(
            "--color",
            type=click.Choice(get_args(Colour)),
            default="auto",
            show_default=True,
            help="Colours: on a terminal, unless NO_COLOR is set; always; never.",
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print the result and errors, no notes."),
        click.option(
            "--url",
            default="",
            metavar="URL",
            help="Another server than that of the settings. It gets neither their key nor their "
            "headers.",
        ),
    )

    @wraps(command)
    def with_output(*, is_json: bool, color: Colour, quiet: bool, url: str, **rest: Any) -> Any:
        output = Output(colour=color, is_json=is_json, is_quiet=quiet)
        try:
            return command(output=output, url=url, **rest)
        except BrokenPipeError:
            output.abandon()
            return Exit.CLOSED

    for option in reversed(options):
        with_output = option(with_output)
    return with_output


def _limit(of: int) -> Callable[..., Any]:
    return click.option(
        "--limit",
        type=click.IntRange(1, 1000),
        default=of,
        show_default=True,
        help="The most to list.",
    )


def _run(url: str, output: Output, work: Callable[[LangGraphClient], Awaitable[int | None]]) -> int:
    from chat_app.cli.server import connected  # noqa: PLC0415

    async def connect() -> int:
        async with connected(url, output) as client:
            return await work(client) or Exit.DONE

    return asyncio.run(connect())


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 the run failed or the server refused, 2 wrong usage or "
    "settings, 3 no server, 130 Ctrl-C, 141 the output was closed.",
)
def cli() -> None:
    """Ask a LangGraph server from a terminal.

    The server, its key and the assistant are those of the app's settings (LANGGRAPH_API_URL and
    the others, from the environment or .env). Without a server it is the demo agent: that of the
    app that runs, else one that is started for the command.
    """


@cli.command()
@_limit(100)
@_common
def assistants(*, url: str, output: Output, limit: int) -> int:
    """List the assistants of the server."""
    from chat_app.cli import listing  # noqa: PLC0415

    return _run(url, output, lambda client: listing.assistants(client, limit, output))


@cli.command()
@_limit(20)
@_common
def threads(*, url: str, output: Output, limit: int) -> int:
    """List the threads of the server, those that changed last first."""
    from chat_app.cli import listing  # noqa: PLC0415

    return _run(url, output, lambda client: listing.threads(client, limit, output))


@cli.command()
@click.argument("thread")
@_limit(20)
@_common
def runs(*, url: str, output: Output, thread: str, limit: int) -> int:
    """List the runs of THREAD, the newest first."""
    from chat_app.cli import listing  # noqa: PLC0415

    return _run(url, output, lambda client: listing.runs(client, thread, limit, output))


@cli.command()
@click.argument("message", default="")
@click.option(
    "--mode",
    "modes",
    type=click.Choice(get_args(StreamMode)),
    multiple=True,
    default=("values",),
    show_default=True,
    help="What the server streams; may be given several times.",
)
@click.option("--assistant", default="", metavar="NAME", help="By its id, graph or name.")
@click.option("--thread", "thread_id", default="", metavar="ID", help="Go on in this thread.")
@click.option(
    "--input", "given", type=_Json(), help="The whole input, for a graph that takes no message."
)
@click.option("--resume", "answer", type=_Json(), help="An answer to what the agent asked.")
@click.option("--subgraphs", is_flag=True, help="Also the events of graphs inside the graph.")
@click.option(
    "--keep-running", is_flag=True, help="Let the run go on when the command is ended before it."
)
@_common
def stream(  # noqa: PLR0913 - the options
    *,
    url: str,
    output: Output,
    message: str,
    modes: tuple[StreamMode, ...],
    assistant: str,
    thread_id: str,
    given: tuple[Any] | None,
    answer: tuple[Any] | None,
    subgraphs: bool,
    keep_running: bool,
) -> int:
    """Send MESSAGE and print the events of the run as they come.

    MESSAGE may be - for standard input. Without --thread it begins a new thread. A stream that
    breaks is taken up again and completed. Ctrl-C stops the run, and so does a closed pipe.
    """
    from chat_app.cli import streaming  # noqa: PLC0415

    given_ones = [bool(message), given is not None, answer is not None]
    if sum(given_ones) != 1:
        raise click.UsageError("Give one of MESSAGE, --input and --resume.")
    if answer and not thread_id:
        raise click.UsageError("--resume needs --thread: the one in which the agent asked.")
    if message == "-":
        message = sys.stdin.read().strip()
        if not message:
            raise click.UsageError("Standard input is empty.")
    asked = streaming.Asked(
        modes=tuple(dict.fromkeys(modes)),
        assistant=assistant,
        thread_id=thread_id,
        message=message,
        given=given[0] if given else None,
        answer=answer,
        has_subgraphs=subgraphs,
        keeps_running=keep_running,
    )
    return _run(url, output, lambda client: streaming.stream(client, asked, output))


@cli.command()
@click.argument("thread")
@click.argument("run", default="")
@click.option("--stop", is_flag=True, help="Ctrl-C stops the run. Otherwise it goes on.")
@_common
def join(*, url: str, output: Output, thread: str, run: str, stop: bool) -> int:
    """Print the events of RUN, or of the run of THREAD that goes on, from the first one on."""
    from chat_app.cli import streaming  # noqa: PLC0415

    return _run(url, output, lambda client: streaming.join(client, thread, run, output, stops=stop))


@cli.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(*, shell: str) -> None:
    """Print what lets SHELL complete commands and options.

    For bash and zsh: eval "$(scripts/client completion bash)"
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(shell)
    click.echo(kind(cli, {}, "client", COMPLETE).source())
