from __future__ import annotations

import pytest

from chat_app.transcript.citations import sources
from chat_app.transcript.message import Source, Sources
from chat_app.transcript.read import read

URL = "https://example.com/a"


@pytest.mark.parametrize(
    "block",
    [
        {"annotations": [{"type": "citation", "url": URL, "title": "A", "start_index": 0}]},
        {"annotations": [{"type": "url_citation", "url": URL, "title": "A"}]},
        {"annotations": [{"type": "url_citation", "url_citation": {"url": URL, "title": "A"}}]},
        {"citations": [{"type": "web_search_result_location", "url": URL, "title": "A"}]},
    ],
    ids=["LangChain", "OpenAI", "OpenAI nested", "Anthropic"],
)
def test_every_providers_citations_are_read(block: dict) -> None:
    content = [{"type": "text", "text": "So it is.", **block}]
    assert sources(content) == Sources((Source(URL, "A"),))


def test_a_page_cited_twice_is_listed_once_in_the_order_of_the_text() -> None:
    def cites(*pages: str) -> dict:
        return {"type": "text", "text": "x", "citations": [{"url": page} for page in pages]}

    found = sources([cites("https://b.com", "https://a.com"), cites("https://b.com")])
    assert found == Sources((Source("https://b.com"), Source("https://a.com")))


@pytest.mark.parametrize(
    "content",
    [
        "text",
        None,
        7,
        [],
        ["a", None, {"annotations": None}],
        [{"annotations": {"url": URL}}],
        [{"citations": [None, "x", {"url": 3}, {"url": ""}, {"title": "t"}]}],
        [{"annotations": [{"url_citation": "x"}]}],
    ],
)
def test_odd_citations_are_passed_over(content: object) -> None:
    assert sources(content) is None


def test_sources_come_when_the_message_is_complete_and_stand_last() -> None:
    content = [{"type": "text", "text": "So.", "annotations": [{"url": URL}]}, {"type": "odd"}]
    message = {"type": "ai", "content": content}
    assert not any(isinstance(p, Sources) for p in read(message, id="a", complete=False).parts)
    assert read(message, id="a").parts[-1] == Sources((Source(URL),))
