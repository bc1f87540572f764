"""How the graph of the thread's assistant looks, for the Graph tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.client import AccessError
from chat_app.runs.inspector.graphs import NoGraphError, metadata_of, read_graph

if TYPE_CHECKING:
    from chat_app.routes.inspect.access import Asked


async def drawn(asked: Asked) -> Any:
    """The ``graph`` (see `chat_app.timeline.graph_input`) and what the ``assistant`` is called.

    ``whole`` is false where the server told nothing of subgraphs. Where there is no graph to be
    drawn, ``problem`` is "none", and "refused" where the person may not see it.
    """
    metadata = await metadata_of(asked.client, asked.thread_id)
    try:
        found = await read_graph(asked.client, metadata)
    except NoGraphError:
        return {"problem": "none"}
    except AccessError:
        return {"problem": "refused"}
    return {
        "graph": found.graph.as_json(),
        "assistant": found.assistant,
        "whole": found.is_whole,
    }
