"""Identifiers as words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.readable_name import readable_name


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("my_research_agent", "My research agent"),
        ("agent", "Agent"),
        ("rag-agent", "Rag agent"),
        ("RAG_agent", "RAG agent"),
        ("myResearchAgent", "My research agent"),
        ("RAGAgent", "RAG agent"),
        ("MY_AGENT", "My agent"),
        ("agent_v2", "Agent v2"),
        ("gpt-4o", "Gpt-4o"),
        ("gRPC_tool", "gRPC tool"),
        ("SQL", "SQL"),
        ("größen_agent", "Größen agent"),
        ("وكيل_البحث", "وكيل البحث"),
    ],
)
def test_an_identifier_becomes_words(name: str, readable: str) -> None:
    assert readable_name(name) == readable


@pytest.mark.parametrize(
    "name",
    [
        "",
        "_",
        "Ask me_anything",
        "graph:node",
        "./agent.py",
        "0b5f3c1e-1111-4222-8333-123456789abc",
    ],
)
def test_what_a_person_wrote_and_what_is_no_name_stays(name: str) -> None:
    assert readable_name(name) == name


@given(st.text())
def test_no_letter_is_lost_and_the_result_stays(name: str) -> None:
    once = readable_name(name)
    assert readable_name(once).casefold() == once.casefold()

    def letters(text: str) -> str:
        return "".join(char for char in text if char.isalnum()).casefold()

    assert letters(once) == letters(name)
