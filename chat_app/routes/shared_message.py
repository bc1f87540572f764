"""The page that stands where no shared chat can be shown: one sentence, no script, no link."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path

from chat_app import text
from chat_app.routes.sign_in_page import colours

_STYLE = Path(__file__).with_name("shared_message.css")


@lru_cache(maxsize=1)
def _style() -> str:
    return colours() + _STYLE.read_text(encoding="utf-8")


def message_policy() -> str:
    """The Content-Security-Policy of the page: its one stylesheet, and nothing else."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def message_page(title: str, sentence: str) -> str:
    """The page."""
    return f"""<!doctype html>
<html lang="{text.LANGUAGE}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<style>{_style()}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{escape(sentence)}</p>
</main>
</body>
</html>
"""
