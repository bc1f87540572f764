"""The commands ``assistants``, ``threads`` and ``runs``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.client.schema import ACTIVE
from chat_app.runs import thread_metadata
from chat_app.runs.threads.listed import instant
from chat_app.transcript.titles import title_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chat_app.cli.output import Output
    from chat_app.client import LangGraphClient

_OF_A_THREAD = ("thread_id", "status", "created_at", "updated_at", "metadata")
_OF_A_RUN = (
    *("run_id", "thread_id", "assistant_id", "status"),
    *("created_at", "updated_at", "metadata", "multitask_strategy"),
)
_MORE = "There may be more: --limit {limit}"
_MICROSECONDS = 1_000_000


async def assistants(client: LangGraphClient, limit: int, output: Output) -> None:
    """Print the assistants of the server.

    Raises:
        LangGraphError: the server does not list them.
    """
    found = await client.assistants.search(limit=limit)
    head = ("ASSISTANT", "GRAPH", "NAME")
    _print(
        head,
        found,
        lambda row: (row.get("assistant_id"), row.get("graph_id"), row.get("name")),
        limit,
        output,
    )


async def threads(client: LangGraphClient, limit: int, output: Output) -> None:
    """Print the threads of the server, of all people, those that changed last first.

    Raises:
        LangGraphError: the server does not list them.
    """
    found = await client.threads.search(
        limit=limit, select=_OF_A_THREAD, sort_by="updated_at", sort_order="desc"
    )
    if output.is_json:
        found = [{name: row[name] for name in _OF_A_THREAD if name in row} for row in found]

    def cells(row: Any) -> tuple[Any, ...]:
        title = thread_metadata.title_of(row.get("metadata")) or title_in(row.get("values"))
        return row.get("thread_id"), row.get("status"), _time(row.get("updated_at")), title

    _print(("THREAD", "STATUS", "CHANGED", "TITLE"), found, cells, limit, output)


async def runs(client: LangGraphClient, thread_id: str, limit: int, output: Output) -> None:
    """Print the runs of a thread, the newest first.

    Raises:
        LangGraphError: the server does not list them.
    """
    found = await client.runs.list(thread_id, limit=limit, select=_OF_A_RUN)

    def cells(row: Any) -> tuple[Any, ...]:
        begun, ended = row.get("created_at"), row.get("updated_at")
        is_over = row.get("status") not in ACTIVE
        took = _took(begun, ended) if is_over else ""
        return row.get("run_id"), row.get("status"), _time(begun), took, row.get("assistant_id")

    _print(("RUN", "STATUS", "STARTED", "TOOK", "ASSISTANT"), found, cells, limit, output)


def _print(
    head: Sequence[str],
    found: Sequence[Any],
    cells: Callable[[Any], Sequence[Any]],
    limit: int,
    output: Output,
) -> None:
    if output.is_json:
        for row in found:
            output.json(row)
    elif found:
        rows = [cells(row) for row in found if isinstance(row, dict)]
        output.table(head, [["" if cell is None else str(cell) for cell in row] for row in rows])
    if len(found) >= limit:
        output.note(_MORE.format(limit=limit * 2))


def _time(written: Any) -> str:
    """A time of the server in that of this machine; as it stands where it is none."""
    microseconds = instant(written)
    if not microseconds:
        return str(written or "")
    then = datetime.fromtimestamp(microseconds / _MICROSECONDS, UTC).astimezone()
    return then.strftime("%Y-%m-%d %H:%M:%S")


def _took(begun: Any, ended: Any) -> str:
    first, last = instant(begun), instant(ended)
    return text.duration((last - first) / _MICROSECONDS) if first and last >= first else ""
