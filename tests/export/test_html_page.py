"""The HTML file shows all there is, and nothing in it runs or requests anything."""

from __future__ import annotations

import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app import text
from chat_app.export.document import Document
from chat_app.export.html.page import html_page, policy
from chat_app.export.html.prose import prose
from chat_app.export.markdown import markdown
from chat_app.transcript.load import load
from chat_app.transcript.message import (
    CustomEvent,
    CutOff,
    Decision,
    Failure,
    Forgotten,
    InnerCall,
    Interrupt,
    Media,
    Message,
    Output,
    Raw,
    Reasoning,
    Role,
    Source,
    Sources,
    SubAgent,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
    Widget,
)
from tests.helpers import captures
from tests.helpers.examples import examples
from tests.helpers.files import png
from tests.helpers.hostile import HTML, MARKDOWN, MATHS

CORPUS = sorted((Path(__file__).parent.parent / "transcript" / "corpus").glob("*.md"))
PIXEL = b64encode(png()).decode()

_LOADING = {
    "src",
    "srcset",
    "poster",
    "background",
    "data",
    "action",
    "formaction",
    "ping",
    "style",
}


class Audit(HTMLParser):
    """Everything in a page that could run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "link", "base", "form", "svg", "frame"}:
            self.faults.append(f"<{tag}>")
        for name, given_value in attrs:
            value = given_value or ""
            if name == "id":
                self.ids.append(value)
            if name.startswith("on") or (name in _LOADING and not self._is_data(tag, name, value)):
                self.faults.append(f"<{tag} {name}={value[:60]}>")
            if name in {"href", "xlink:href"} and not re.match(r"https?://|mailto:|#fn", value):
                self.faults.append(f"<{tag} {name}={value[:60]}>")
            if tag == "meta" and name == "http-equiv" and value != "Content-Security-Policy":
                self.faults.append(f"<meta {value}>")

    def _is_data(self, tag: str, name: str, value: str) -> bool:
        pattern = r"data:(image|audio|video)/[\w.+-]+;base64,[A-Za-z0-9+/=]+"
        return (
            name == "src"
            and tag in {"img", "audio", "video"}
            and bool(re.fullmatch(pattern, value))
        )


CITIES = [{"city": "Rome"}, {"city": "Oslo"}]


def audited(page: str) -> Audit:
    audit = Audit()
    audit.feed(page)
    audit.close()
    assert not audit.faults
    return audit


def answered(*texts: str) -> Transcript:
    return Transcript(
        tuple(Message(str(n), Role.ASSISTANT, (Text(t),)) for n, t in enumerate(texts))
    )


@pytest.mark.parametrize("source", [*HTML, *MARKDOWN, *MATHS])
def test_hostile_markdown_neither_runs_nor_loads(source: str) -> None:
    audited(html_page(Document(answered(source, f"- {source}\n\n> {source}"))))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_each_text_of_the_corpus_has_a_page_without_doubled_ids(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    audit = audited(html_page(Document(answered(source, source))))
    assert len(audit.ids) == len(set(audit.ids))


_PIECES = st.sampled_from(
    [*HTML, *MARKDOWN, *MATHS, "`", "```", "$$", "|", "\n", "\n\n", "<", ">", "[^1]"]
)


@examples(300)
@given(st.lists(_PIECES | st.text(max_size=12), max_size=14).map("".join))
def test_no_text_can_leave_its_place(source: str) -> None:
    page = html_page(Document(answered(source)), data=f"{{{source}}}")
    audited(page)
    assert page.count("<template") == page.count("</template>") == 1
    assert page.count("</main>") == page.count("</style>") == 1


@examples(200)
@given(st.text(), st.text(), st.text())
def test_no_name_can_leave_its_place(one: str, two: str, three: str) -> None:
    call = ToolCall("c", one, two, ToolStatus.DONE, ToolResult(three, artifact={two: one}))
    media = Media("image", two, one, url=three, data=one)
    message = Message(
        "a",
        Role.ASSISTANT,
        (
            Reasoning(one),
            call,
            media,
            Sources((Source(one, two),)),
            Raw({one: two}),
            Output(one, two),
        ),
        name=three,
        asides=(
            CustomEvent(one, {two: three}),
            Widget("w", one, {two: three}),
            InnerCall("i", one, two),
        ),
    )
    transcript = Transcript((message,), (Interrupt("i", {one: two}),), Failure(one, two))
    document = Document(transcript, one, two, three)
    audited(html_page(document, data=three, notice=two))


def test_the_policy_allows_the_one_stylesheet_and_data_only() -> None:
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:; media-src data:;"
        r" base-uri 'none'; form-action 'none'",
        policy(),
    )
    assert policy() in html_page(Document(Transcript())).replace("&#x27;", "'")


def test_everything_that_a_page_shows_is_in_the_file() -> None:
    agent = Transcript((Message("i", Role.ASSISTANT, (Text("The inner answer."),)),))
    transcript = Transcript(
        (
            Message(
                "h",
                Role.HUMAN,
                (Text("<Question>"), Media("file", "text/csv", "a.csv", data="AAAA")),
            ),
            Message("f", Role.OTHER, (Forgotten("The summary."),)),
            Message(
                "a",
                Role.ASSISTANT,
                (
                    Reasoning("The thought."),
                    ToolCall(
                        "c",
                        "ask_expert",
                        '{"topic": "tides"}',
                        ToolStatus.DONE,
                        ToolResult("The result."),
                        SubAgent("tools:1", "expert"),
                    ),
                    Text("The *answer*."),
                    Media("image", "image/png", "dot", data=PIXEL),
                    Media("image", "image/png", "far", url="https://pictures.example/far.png"),
                ),
                cut=CutOff.LENGTH,
                asides=(
                    CustomEvent("progress", {"text": "Half done."}),
                    Widget(
                        "w",
                        "table",
                        {"title": "Cities", "rows": [{"city": "Rome"}, {"city": "Oslo"}]},
                    ),
                    Decision("d", ("Approved it",), ("Really?",)),
                    InnerCall("n", "router", "The inner call."),
                ),
            ),
        ),
        (Interrupt("q", "Which one?"),),
    )
    page = html_page(Document(transcript, "Tides", agents={"tools:1": agent}))
    for said in (
        *("&lt;Question&gt;", "a.csv", "The summary.", "The thought.", "Ask expert", "tides"),
        *("The result.", "The inner answer.", "The <em>answer</em>.", "data:image/png;base64,"),
        *('href="https://pictures.example/far.png"', text.CUT_OFF["length"].replace("'", "&#x27;")),
        *("Half done.", "Cities", "<td>Oslo</td>", "Approved it", "Really?", "The inner call."),
        "Which one?",
    ):
        assert said in page
    audited(page)


def test_the_plan_and_the_files_that_an_agent_keeps_are_in_the_file() -> None:
    state = {
        "messages": [{"type": "human", "id": "h", "content": "Plan"}],
        "todos": [{"content": "<Buy> tea", "status": "completed"}],
        "files": {"notes.md": "Black <or> green?"},
    }
    transcript = load({"values": state})
    page = html_page(Document(transcript))
    audited(page)
    for said in ("&lt;Buy&gt; tea", "notes.md", "Black &lt;or&gt; green?"):
        assert said in page
    written = markdown(Document(transcript))
    assert "- [x] <Buy> tea" in written
    assert "Black <or> green?" in written


def test_without_steps_neither_tools_nor_reasoning_are_in_the_file() -> None:
    call = ToolCall("c", "search", '{"q": "secret plan"}', ToolStatus.DONE, ToolResult("found"))
    transcript = Transcript((Message("a", Role.ASSISTANT, (Reasoning("hm"), call, Text("Done."))),))
    page = html_page(Document(transcript, steps=False))
    assert "Done." in page
    assert "secret plan" not in page


def test_media_beyond_the_limit_are_named_and_not_included() -> None:
    picture = Media("image", "image/png", "large.png", data="A" * 4000)
    page = html_page(
        Document(Transcript((Message("h", Role.HUMAN, (picture,)),))), inline_limit=1000
    )
    assert "data:image" not in page
    assert text.NOT_INCLUDED.format(size=text.size(3000)) in page


@pytest.mark.parametrize(
    "name", ["hitl_state", "supervisor_state", "delegates_state", "swarm_state"]
)
def test_threads_of_real_servers_have_a_page(name: str) -> None:
    audited(html_page(Document(load(captures.document(name)))))


def test_a_link_that_looks_like_another_address_says_where_it_leads() -> None:
    assert "(thief.example)" in prose("[bank.example](https://thief.example/x)", "k")
    assert "(thief.example)" not in prose("[here](https://thief.example/x)", "k")
