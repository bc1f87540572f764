"""The pages that an answer rests on, in the dialects of the providers.

LangChain and OpenAI put them under ``annotations`` of a text block (types ``citation`` and
``url_citation``, the latter also nested under its own name), Anthropic under ``citations``, Google
into the message's ``grounding_metadata``, Perplexity and xAI beside the content. Where the words
cite nothing, the pages are those that a search of the provider found.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chat_app.transcript.message import Source, Sources, ToolCall, ToolResult, ToolStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chat_app.client.events import Json
    from chat_app.transcript.message import Part

MOST_FOUND = 10
"""Pages listed of those that a search found and no word cites."""

_LISTS = ("annotations", "citations")
_BESIDE = ("citations", "search_results")
_GROUNDING = ("grounding_metadata", "groundingMetadata")


def sources(content: Any) -> Sources | None:
    """The pages cited in a message's content; None where there are none."""
    return _listed(_each(content))


def sources_of(message: Json, parts: Iterable[Part]) -> Sources | None:
    """The pages of a message, whose `parts` have been read; None where there are none."""
    found = sources(message.get("content")) or _listed(_beside(message))
    return found or _listed(_found(parts), most=MOST_FOUND)


def search_of(message: Json) -> ToolCall | None:
    """The search that Google's models did for a message, as a call; None where they did none."""
    for grounding in _groundings(message):
        for name in ("web_search_queries", "webSearchQueries"):
            queries = grounding.get(name)
            asked = [q for q in queries if isinstance(q, str)] if isinstance(queries, list) else []
            if asked:
                pages = [{"title": p.title, "url": p.url} for p in _grounded(grounding)]
                result = ToolResult(json.dumps(pages, ensure_ascii=False) if pages else "")
                args = json.dumps({"queries": asked}, ensure_ascii=False)
                done = ToolStatus.DONE
                return ToolCall("", "google_search", args, done, result, by_provider=True)
    return None


def _listed(found: Iterable[Source], *, most: int | None = None) -> Sources | None:
    pages = {source.url: source for source in found}
    return Sources(tuple(pages.values())[:most]) if pages else None


def _each(content: Any) -> Iterator[Source]:
    for block in content if isinstance(content, list) else ():
        for name in _LISTS:
            yield from _in_list(block.get(name) if isinstance(block, dict) else None)


def _in_list(listed: Any) -> Iterator[Source]:
    for citation in listed if isinstance(listed, list) else ():
        if isinstance(citation, dict):
            yield from _source(citation)


def _source(citation: dict[str, Any]) -> Iterator[Source]:
    nested = citation.get("url_citation")
    about = nested if isinstance(nested, dict) else citation
    url, title = about.get("url"), about.get("title")
    if isinstance(url, str) and url:
        yield Source(url, title if isinstance(title, str) else "")


def _beside(message: Json) -> Iterator[Source]:
    beside = message.get("additional_kwargs")
    if not isinstance(beside, dict):
        beside = {}
    for name in _BESIDE:
        listed = beside.get(name)
        for citation in listed if isinstance(listed, list) else ():
            if isinstance(citation, str) and citation:
                yield Source(citation)
        yield from _in_list(listed)  # with titles, which the addresses alone do not have
    for grounding in _groundings(message):
        yield from _grounded(grounding)


def _groundings(message: Json) -> Iterator[Json]:
    about = message.get("response_metadata")
    if not isinstance(about, dict):
        return
    for name in _GROUNDING:
        if isinstance(grounding := about.get(name), dict):
            yield grounding


def _grounded(grounding: Json) -> Iterator[Source]:
    for name in ("grounding_chunks", "groundingChunks"):
        listed = grounding.get(name)
        for chunk in listed if isinstance(listed, list) else ():
            for kind in ("web", "maps"):
                page = chunk.get(kind) if isinstance(chunk, dict) else None
                if isinstance(page, dict):
                    yield from _source({"url": page.get("uri"), "title": page.get("title")})


def _found(parts: Iterable[Part]) -> Iterator[Source]:
    """What a search of the provider found: the pages in the JSON of its result."""
    for part in parts:
        if not isinstance(part, ToolCall) or not part.by_provider or not part.result:
            continue
        if "search" not in part.name and "fetch" not in part.name:
            continue
        try:
            value = json.loads(part.result.content or "null")
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            value = [value, *_lists_in(value)]
        yield from _in_list(value)


def _lists_in(value: Json) -> Iterator[Any]:
    for name in ("sources", "results"):
        listed = value.get(name)
        yield from listed if isinstance(listed, list) else ()
