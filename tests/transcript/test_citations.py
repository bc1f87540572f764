from __future__ import annotations

import pytest

from chat_app.transcript.citations import sources
from chat_app.transcript.message import Source, Sources, Text, ToolCall
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


GROUNDING = {
    "web_search_queries": ["height of everest"],
    "grounding_chunks": [{"web": {"uri": URL, "title": "A"}}, {"web": None}, "odd"],
}


def test_a_search_of_googles_models_reads_like_a_tool_and_its_pages_are_sources() -> None:
    message = {
        "type": "ai",
        "content": "So.",
        "response_metadata": {"grounding_metadata": GROUNDING},
    }
    text, call, cited = read(message, id="a").parts
    assert text == Text("So.")
    assert isinstance(call, ToolCall)
    assert (call.name, call.args) == ("google_search", '{"queries": ["height of everest"]}')
    assert cited == Sources((Source(URL, "A"),))
    assert read(message, id="a", complete=False).parts == (Text("So."),)


@pytest.mark.parametrize(
    "beside",
    [
        {"citations": [URL, 7, ""]},
        {"citations": [URL], "search_results": [{"url": URL, "title": ""}, None]},
    ],
)
def test_pages_beside_the_content_are_sources(beside: dict) -> None:
    message = {"type": "ai", "content": "So.", "additional_kwargs": beside}
    assert read(message, id="a").parts[-1] == Sources((Source(URL),))


@pytest.mark.parametrize(
    "output", [[{"url": URL, "title": "A"}], {"sources": [{"url": URL, "title": "A"}]}]
)
def test_what_a_search_found_are_the_sources_where_the_words_cite_nothing(output: object) -> None:
    blocks = [
        {"type": "server_tool_call", "id": "s", "name": "web_search", "args": {"query": "q"}},
        {"type": "server_tool_result", "tool_call_id": "s", "output": output},
    ]
    plain = {"type": "text", "text": "So."}
    assert read({"type": "ai", "content": [*blocks, plain]}, id="a").parts[-1] == Sources(
        (Source(URL, "A"),)
    )
    cited = {**plain, "citations": [{"url": "https://b.com"}]}
    assert read({"type": "ai", "content": [*blocks, cited]}, id="a").parts[-1] == Sources(
        (Source("https://b.com"),)
    )
