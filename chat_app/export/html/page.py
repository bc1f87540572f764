"""The page: one file with all that it needs.

Its policy allows the one stylesheet in it, by its hash, and media that stand in it as data. So
nothing in it runs or requests anything, whatever a model wrote.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.export.html.elements import Html, el, joined
from chat_app.export.html.media import INLINE_LIMIT, Inlining
from chat_app.export.html.rows import Rows
from chat_app.export.html.style import style

if TYPE_CHECKING:
    from chat_app.export.document import Document

DATA_ID = "chat-export"
"""Of the element that holds the conversation as JSON, for the import."""


def policy() -> str:
    """The Content-Security-Policy of the page; a server sends it as a header, too."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; media-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def html_page(
    document: Document, *, data: str = "", notice: str = "", inline_limit: int = INLINE_LIMIT
) -> str:
    """A conversation as one HTML document that runs no script and requests nothing.

    Args:
        document: what to show.
        data: JSON that the page carries along unseen, so that it can be imported again.
        notice: a sentence above the conversation, such as what kind of copy this is.
        inline_limit: characters of base64 that may stand in the page; media beyond them are named.
    """
    rows = Rows(document.agents, Inlining(inline_limit), steps=document.steps)
    turns = list(rows.turns(document.transcript))
    head = (
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy()),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="robots", content="noindex, nofollow, noarchive"),
        el("meta", name="format-detection", content="telephone=no"),
        el("title", f"{document.heading} · {document.app}"),
        el("style", Html(style())),
    )
    body = (
        el(
            "header",
            el("h1", document.heading, dir="auto"),
            el("p", notice) if notice else "",
            el("p", _about(document)) if _about(document) else "",
            class_="about-chat",
        ),
        el("main", *turns, class_="log"),
        el("template", data, id=DATA_ID) if data else "",
    )
    page = el("html", el("head", *head), "\n", el("body", joined(body)), lang=text.LANGUAGE)
    return f"<!doctype html>\n{page}\n"


def _about(document: Document) -> str:
    """When and with whom."""
    said = []
    if document.begun:
        said.append(_date(document.begun))
    if document.assistant:
        said.append(text.EXPORTED_WITH.format(assistant=" ".join(document.assistant.split())))
    if document.exported:
        date = _date(document.exported)
        said.append(text.EXPORTED_FROM.format(app=document.app, date=date))
    return " · ".join(said)


def _date(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}".strip()
