"""What the page says of the assistants of a server: name, description, prompts to start with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chat_app.state.safe_json import sendable
from chat_app.transcript.readable_name import readable_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chat_app.client.schema import Assistant

_NAME_LENGTH, _DESCRIPTION_LENGTH, _PROMPT_LENGTH = 200, 1000, 300
_MOST_STARTERS = 8
_NAMELESS = {"", "Untitled"}
"""`Untitled` is what LangGraph's server calls an assistant that was made without a name."""
_ID_SHOWN = 4
"""Characters of an id that tell assistants of the same name apart."""


@dataclass(frozen=True)
class Starter:
    """A prompt to begin with, and what it shows."""

    prompt: str
    hint: str


@dataclass(frozen=True)
class Profile:
    """One assistant; `graph` is its graph as the server calls it. Empty where nothing is known."""

    id: str = ""
    name: str = ""
    graph: str = ""
    description: str = ""
    starters: list[Starter] = field(default_factory=list)


def starters_of(entries: Iterable[str]) -> list[Starter]:
    """Prompts written as `prompt` or `prompt|hint`."""
    parts = [entry.partition("|") for entry in entries]
    return [Starter(prompt.strip(), hint.strip()) for prompt, _, hint in parts]


def profiles(rows: Iterable[Assistant]) -> list[Profile]:
    """One for each assistant, in their order, no two with the same name.

    Where the names are the same, the graph is added, or a part of the id where that is the same
    too. The first of a graph keeps its name: it is the one that the server made by itself.
    """
    found = [_profile(row) for row in rows]
    same = Counter(one.name for one in found)
    graphs = {one.name: {other.graph for other in found if other.name == one.name} for one in found}
    return list(_told_apart(found, same, graphs))


def _told_apart(
    found: list[Profile], same: Counter[str], graphs: dict[str, set[str]]
) -> Iterator[Profile]:
    seen: set[str] = set()
    for one in found:
        name = one.name
        if same[name] > 1 and len(graphs[name]) > 1 and readable_name(one.graph) != name:
            name = f"{name} ({readable_name(one.graph)})"
        if name in seen:
            name = f"{name} ({one.id[:_ID_SHOWN]})"
        if name in seen:
            name = f"{one.name} ({one.id})"
        seen.add(name)
        yield replace(one, name=name)


def _profile(row: Assistant) -> Profile:
    graph, given = _line(row.get("graph_id")), _line(row.get("name"))
    metadata = row.get("metadata")
    extra = metadata if isinstance(metadata, dict) else {}
    is_graphs = given in _NAMELESS | {graph}
    name = readable_name(graph) if graph and is_graphs else given
    return Profile(
        id=str(row["assistant_id"]),
        name=name or str(row["assistant_id"]),
        graph=graph,
        description=_text(row.get("description")) or _text(extra.get("description")),
        starters=_starters(extra.get("starters")),
    )


def _starters(value: Any) -> list[Starter]:
    if not isinstance(value, list):
        return []
    entries = [_text(entry)[:_PROMPT_LENGTH] for entry in value[: 2 * _MOST_STARTERS]]
    return [one for one in starters_of(entries) if one.prompt][:_MOST_STARTERS]


def _line(value: Any) -> str:
    return " ".join(_text(value).split())[:_NAME_LENGTH]


def _text(value: Any) -> str:
    """A text of any server, bounded; nothing for what is none."""
    if not isinstance(value, str):
        return ""
    text = sendable(value).strip()
    return text if len(text) <= _DESCRIPTION_LENGTH else text[:_DESCRIPTION_LENGTH] + "…"
