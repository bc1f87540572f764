"""The Markdown file says what the page says, and nothing in it breaks what follows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chat_app import text
from chat_app.export.document import Document
from chat_app.export.files import name_of
from chat_app.export.markdown import closed, fenced, markdown
from chat_app.transcript.load import load
from chat_app.transcript.message import (
    Media,
    Message,
    Role,
    Source,
    Sources,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)
from chat_app.transcript.record import SavedThread, ThreadRecord
from tests.helpers import captures
from tests.helpers.examples import examples


def test_words_attachments_tools_and_sources_are_in_it() -> None:
    call = ToolCall("c", "get_weather", '{"city": "Rome"}', ToolStatus.DONE, ToolResult("21 °C"))
    transcript = Transcript(
        (
            Message(
                "h",
                Role.HUMAN,
                (Text("How is it?"), Media("file", "text/csv", "a.csv", data="AAAA")),
            ),
            Message(
                "a",
                Role.ASSISTANT,
                (call, Text("**Fine**"), Sources((Source("https://w.example/", "W"),))),
            ),
        )
    )
    written = markdown(Document(transcript, "Weather", "Guide"))
    assert written.startswith("# Weather\n")
    for said in (
        *(f"## {text.YOU}\n\nHow is it?", "a.csv (text/csv, 3 bytes)", "## Guide", "**Fine**"),
        *("<summary>Get weather · Rome</summary>", '"city": "Rome"', "21 °C"),
        "1. [W](<https://w.example/>)",
    ):
        assert said in written


def test_a_run_that_waits_says_what_it_asks() -> None:
    written = markdown(Document(load(captures.document("hitl_state"))))
    assert text.WAITED_FOR in written
    assert "> Send email?" in written


_PIECES = st.sampled_from(
    [*("```", "~~~~", "`", "\n", "\n\n", "    ", "> ", "- ", "x"), "</details>", "<!-- ", "<pre>"]
)


@examples(300)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_an_open_code_block_does_not_swallow_what_follows(said: str) -> None:
    tokens = MarkdownIt().parse(f"{closed(said)}\n\nAFTER\n")
    assert [token.content for token in tokens if token.type == "inline"][-1] == "AFTER"


@examples(200)
@given(st.text())
def test_any_result_stays_in_its_code_block(said: str) -> None:
    tokens = MarkdownIt().parse(f"{fenced(said)}\n\nAFTER\n")
    assert tokens[0].type == "fence"
    assert tokens[-2].content == "AFTER"


@examples(100)
@given(st.text())
def test_a_title_makes_a_name_that_any_file_system_takes(title: str) -> None:
    name = name_of(SavedThread(ThreadRecord({}), title), "md")
    assert name.endswith(".md")
    assert 3 < len(name) <= 90
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t')
    assert not name.startswith(".")
