"""The sign-in page as HTML: no script, nothing inline, in the app's own look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from chat_app import text
from chat_app.auth.signed_in import SIGN_IN, Reason
from chat_app.base_path import address
from chat_app.config import settings

STYLE = f"{SIGN_IN}/style.css"
OTHER_ACCOUNT = "other-account"
"""In the query of the link: the provider has to ask who it is."""
_HERE = Path(__file__)
_TOKENS = _HERE.parents[2] / "assets" / "tokens.css"
_DARK = re.compile(r"^:root\.dark \{(.*?)^\}", re.DOTALL | re.MULTILINE)
_REASONS: dict[str, str] = {
    Reason.EXPIRED: text.SIGN_IN_EXPIRED,
    Reason.ENDED: text.SIGNED_OUT_ELSEWHERE,
    Reason.SIGNED_OUT: text.YOU_SIGNED_OUT,
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The form of a name and a password, as it is shown (again)."""

    token: str
    name: str = ""


def sign_in_page(
    *,
    next_path: str,
    reason: str = "",
    problem: str = "",
    fields: Fields | None = None,
    is_other_account: bool = False,
) -> str:
    """The page.

    Args:
        next_path: where the person goes afterwards, a path of this app.
        reason: why the person is here, a `Reason`; anything else says nothing.
        problem: what was wrong with the last attempt, in a sentence.
        fields: the name and the password; without them there is only the button, a link to
            ``/sign-in/start``.
        is_other_account: whether that link is for another account than the last one.
    """
    title = escape(text.SIGN_IN_TO.format(app=settings().title))
    notice = _REASONS.get(reason, "") if not problem else ""
    said = "".join(
        (
            f'<p class="notice" role="status">{escape(notice)}</p>' if notice else "",
            f'<p class="problem" role="alert" id="problem">{escape(problem)}</p>'
            if problem
            else "",
        )
    )
    if fields:
        form = _form(next_path, fields, has_problem=bool(problem))
    else:
        form = _link(next_path, is_other_account=is_other_account)
    if not fields and (host := urlsplit(settings().oidc_issuer).netloc):
        form = f"<p>{escape(text.OIDC_AT.format(host=host))}</p>\n{form}"
    return _document(text.SIGN_IN, title, f"{said}\n{form}")


def leading_page(place: str) -> str:
    """A page that leads on to `place` by itself, without a script."""
    link = f'<a class="button" href="{escape(place)}">{text.GO_ON}</a>'
    refresh = f'<meta http-equiv="refresh" content="0;url={escape(place)}">'
    return _document(text.SIGNING_OUT, text.SIGNING_OUT, link, head=refresh)


def _document(name: str, title: str, content: str, *, head: str = "") -> str:
    return f"""<!doctype html>
<html lang="{text.LANGUAGE}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{head}
<title>{name} · {escape(settings().title)}</title>
<link rel="stylesheet" href="{address(STYLE)}">
</head>
<body>
<main>
<h1><span class="mark" aria-hidden="true">◆</span> {title}</h1>
{content}
</main>
</body>
</html>
"""


def _form(next_path: str, fields: Fields, *, has_problem: bool) -> str:
    described = ' aria-describedby="problem"' if has_problem else ""
    on_name, on_password = ("", " autofocus") if fields.name else (" autofocus", "")
    return f"""<form method="post" action="{address(SIGN_IN)}">
<input type="hidden" name="token" value="{escape(fields.token)}">
<input type="hidden" name="next" value="{escape(next_path)}">
<label for="username">{text.ACCOUNT_NAME}</label>
<input id="username" name="username" type="text" value="{escape(fields.name)}" required
 maxlength="100" autocomplete="username" autocapitalize="none" autocorrect="off"
 spellcheck="false"{described}{on_name}>
<label for="password">{text.PASSWORD}</label>
<input id="password" name="password" type="password" required maxlength="1000"
 autocomplete="current-password"{described}{on_password}>
<button type="submit">{text.SIGN_IN}</button>
</form>"""


def _link(next_path: str, *, is_other_account: bool) -> str:
    query = {} if next_path == "/" else {"next": next_path}
    query |= {OTHER_ACCOUNT: "1"} if is_other_account else {}
    start = address(f"{SIGN_IN}/start{'?' if query else ''}{urlencode(query)}")
    return f'<a class="button" href="{escape(start)}">{text.SIGN_IN}</a>'


@lru_cache(maxsize=1)
def style() -> str:
    """The stylesheet: the app's colours, and the page's rules; raises as `colours`."""
    return colours() + _HERE.with_name("sign_in.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def colours() -> str:
    """The app's colours, by the browser's own preference, for a page of HTML alone.

    Raises:
        LookupError: the app's colours are not written as they were.
    """
    tokens = _TOKENS.read_text(encoding="utf-8")
    dark = _DARK.search(tokens)
    if not dark:
        raise LookupError(f"{_TOKENS} has no block of dark colours")
    by_preference = f"@media (prefers-color-scheme: dark) {{\n:root {{{dark[1]}}}\n}}\n"
    return tokens + by_preference
