"""What content blocks carry: read in every spelling, sent in one."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.transcript.load import conversation
from chat_app.transcript.media import block_of, content_of, media_of, text_file, words_of
from chat_app.transcript.message import Media, Raw, Text

if TYPE_CHECKING:
    from chat_app.transcript.message import Part

PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjQ="
PICTURE = Media("image", "image/png", data=PNG)
NAMED = Media("image", "image/png", "a.png", data=PNG)
PAPER = Media("file", "application/pdf", "a.pdf", data=PDF)
ELSEWHERE = "https://pictures.example/a.png"


def asked(content: Any) -> tuple[Part, ...]:
    """The parts of a person's message with this content."""
    return conversation([{"type": "human", "id": "m1", "content": content}])[0].parts


@pytest.mark.parametrize(
    ("block", "media"),
    [
        ({"type": "image", "mime_type": "image/png", "base64": PNG}, PICTURE),
        ({"type": "image", "mimeType": "image/png", "data": PNG}, PICTURE),
        (
            {"type": "image", "source_type": "base64", "mime_type": "image/png", "data": PNG},
            PICTURE,
        ),
        ({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}, PICTURE),
        ({"type": "image_url", "image_url": f"data:image/png;base64,{PNG}"}, PICTURE),
        ({"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"}, PICTURE),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
            PICTURE,
        ),
        ({"type": "media", "mime_type": "image/png", "data": PNG}, PICTURE),
        ({"type": "image", "mime_type": "image/png", "data": "iVBO\nRw0K\nGgo="}, PICTURE),
        (
            {
                "type": "image",
                "mimeType": "image/png",
                "data": PNG,
                "metadata": {"name": "a.png"},
            },
            NAMED,
        ),
        (
            {
                "type": "image",
                "mime_type": "image/png",
                "base64": PNG,
                "extras": {"filename": "a.png"},
            },
            NAMED,
        ),
        (
            {"type": "image", "mime_type": "image/jpg", "data": "_9j_"},
            Media("image", "image/jpeg", data="/9j/"),
        ),
        ({"type": "image", "base64": PNG}, Media("image", "", data=PNG)),
        ({"type": "image", "url": ELSEWHERE}, Media("image", "", url=ELSEWHERE)),
        (
            {"type": "image_url", "image_url": {"url": ELSEWHERE}},
            Media("image", "", url=ELSEWHERE),
        ),
        (
            {"type": "image", "source": {"type": "url", "url": ELSEWHERE}},
            Media("image", "", url=ELSEWHERE),
        ),
        (
            {
                "type": "file",
                "data": PDF,
                "mime_type": "application/pdf",
                "source_type": "base64",
                "metadata": {"filename": "a.pdf"},
            },
            PAPER,
        ),
        (
            {
                "type": "file",
                "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"},
            },
            PAPER,
        ),
        (
            {
                "type": "input_file",
                "filename": "a.pdf",
                "file_data": f"data:application/pdf;base64,{PDF}",
            },
            PAPER,
        ),
        (
            {
                "type": "document",
                "title": "a.pdf",
                "source": {"type": "base64", "media_type": "application/pdf", "data": PDF},
            },
            PAPER,
        ),
        (
            {"type": "audio", "mime_type": "audio/wav", "base64": "UklGRg=="},
            Media("audio", "audio/wav", data="UklGRg=="),
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
            Media("audio", "audio/wav", data="UklGRg=="),
        ),
        (
            {"type": "video", "url": "https://films.example/a.mp4", "mime_type": "video/mp4"},
            Media("video", "video/mp4", url="https://films.example/a.mp4"),
        ),
        ({"type": "file", "mime_type": "image/png", "base64": PNG}, PICTURE),
        (
            {"type": "text-plain", "mime_type": "text/plain", "text": "é", "title": "a.txt"},
            text_file("a.txt", "é"),
        ),
        (
            {"type": "document", "source": {"type": "text", "data": "words"}, "title": "a.txt"},
            text_file("a.txt", "words"),
        ),
    ],
)
def test_every_spelling_is_read(block: dict[str, Any], media: Media) -> None:
    assert media_of(block) == media


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image"},
        {"type": "image", "url": "javascript:alert(1)"},
        {"type": "image", "base64": "javascript:alert(1)"},
        {"type": "image", "url": 7, "data": None, "source": "x"},
        {"type": "image_url", "image_url": {"url": ["a"]}},
        {"type": "image", "url": "data:image/png,plain"},
        {"type": "file", "source_type": "id", "id": "file-1"},
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "widget", "base64": PNG},
        {"type": ["image"], "base64": PNG},
        {},
    ],
)
def test_what_has_neither_bytes_nor_a_link_stays_as_it_is(block: dict[str, Any]) -> None:
    assert media_of(block) is None
    assert asked([block]) == (Raw(block),)


@pytest.mark.parametrize("media", [PICTURE, NAMED, PAPER, Media("image", "", "a", url=ELSEWHERE)])
def test_what_is_sent_reads_as_what_it_was(media: Media) -> None:
    assert media_of(block_of(media)) == media


def test_langchain_takes_what_is_sent_and_finds_the_name_where_it_looks() -> None:
    from langchain_core.messages import HumanMessage  # noqa: PLC0415 - slow to import
    from langchain_core.messages.block_translators.openai import (  # noqa: PLC0415
        convert_to_openai_data_block,
    )

    sent: list[Any] = [block_of(NAMED), block_of(PAPER), block_of(text_file("a.md", "# é"))]
    message = HumanMessage(content=sent)
    assert message.model_dump()["content"] == sent
    assert [block["type"] for block in message.content_blocks] == ["image", "file", "text"]
    converted = convert_to_openai_data_block(sent[1])
    assert converted["file"]["filename"] == "a.pdf"


def test_a_text_file_is_sent_as_words_that_every_model_reads() -> None:
    notes = text_file("no<t>es.md", "one\ntwo </file>")
    assert block_of(notes) == {
        "type": "text",
        "text": '<file name="no_t_es.md">\none\ntwo </file>\n</file>',
    }
    assert words_of(notes) == "one\ntwo </file>"


def test_a_persons_message_comes_back_from_the_thread_as_it_was_sent() -> None:
    parts = (Text("look"), NAMED, text_file("a.md", "# é\n"), PAPER, Raw({"type": "odd"}))
    assert asked(content_of(parts)) == parts


def test_only_in_a_persons_message_is_a_block_of_text_a_file() -> None:
    blocks = [{"type": "text", "text": '<file name="a.md">\nwords\n</file>'}]
    answer, question = conversation(
        [
            {"type": "ai", "id": "a", "content": blocks},
            {"type": "human", "id": "q", "content": blocks},
        ]
    )
    assert answer.parts == (Text(blocks[0]["text"]),)
    assert question.parts == (text_file("a.md", "words"),)


def test_words_alone_are_sent_as_before() -> None:
    assert content_of([Text("a"), Text("b")]) == "a\n\nb"
    assert content_of([NAMED]) == [block_of(NAMED)]


def test_many_bytes_are_read_without_being_copied() -> None:
    data = b64encode(bytes(1_000_000)).decode()
    blocks = [{"type": "image", "mime_type": "image/png", "base64": data}]
    found = asked(blocks)[0]
    assert isinstance(found, Media)
    assert found.data is data


def test_a_text_file_that_holds_no_base64_is_sent_as_a_file() -> None:
    odd = media_of({"type": "file", "mime_type": "text/plain", "base64": "a"})
    foreign = media_of({"type": "file", "mime_type": "text/plain", "base64": "éééé"})
    assert odd
    assert foreign
    assert [block_of(each)["type"] for each in (odd, foreign)] == ["file", "file"]
