"""The pages that the text blocks of a message cite, in the dialects of the providers.

LangChain and OpenAI put them under ``annotations`` of a text block (types ``citation`` and
``url_citation``, the latter also nested under its own name), Anthropic under ``citations``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript.message import Source, Sources

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTS = ("annotations", "citations")


def sources(content: Any) -> Sources | None:
    """The pages cited in a message's content; None where there are none."""
    pages = {source.url: source for source in _each(content)}
    return Sources(tuple(pages.values())) if pages else None


def _each(content: Any) -> Iterator[Source]:
    for block in content if isinstance(content, list) else ():
        for name in _LISTS:
            listed = block.get(name) if isinstance(block, dict) else None
            for citation in listed if isinstance(listed, list) else ():
                if isinstance(citation, dict):
                    yield from _source(citation)


def _source(citation: dict[str, Any]) -> Iterator[Source]:
    nested = citation.get("url_citation")
    about = nested if isinstance(nested, dict) else citation
    url, title = about.get("url"), about.get("title")
    if isinstance(url, str) and url:
        yield Source(url, title if isinstance(title, str) else "")
