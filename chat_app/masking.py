"""Keys in text that a person or a log could get: hidden where the app knows them, or their shape.

The settings tell which values are secret (`only_know`). `without_known` hides these in everything
that the agent server sends, before it is read. `masked` hides also what has the shape of a key: it
is for the words of errors and for logs, where a key of the graph's own may be quoted.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HIDDEN = "[hidden]"
SHORTEST = 8
"""Characters. Shorter values are words, which any text may contain."""

_NAMES = re.compile("SECRET|PASSWORD|PASSWD", re.IGNORECASE)
"""Of variables in the environment that hold a secret, whatever it looks like."""
_NAMES_OF_KEYS = re.compile("KEY$|KEY_|TOKEN|CREDENTIAL", re.IGNORECASE)
"""Of variables that may hold one."""
_KEY = re.compile(r"(?=[^\d\s]*\d)(?=[^A-Za-z\s]*[A-Za-z])\S{12,}")
_NO_SECRETS = re.compile(
    r"[\w.+-]+/[\w.+*-]+(?:\s*[;,].*)?"  # a media type
    r"|(?:https?|wss?)://[^\s@]*"  # an address without a password
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"  # an id
    r"|/[\w./-]*"  # a path
    r"|\d+|true|false",
)
_SCHEME = re.compile(r"(?:Bearer|Basic|Token|ApiKey)\s+", re.IGNORECASE)

_SHAPES = re.compile(
    r"""
    (?-i:
        \b(?:sk|pk|rk)[-_](?=[\w-]{0,40}\d)[\w-]{16,}               # OpenAI and many others
      | \blsv2_(?:pt|sk)_\w{16,} | \bls__\w{16,}                     # LangSmith
      | \bgh[oprsu]_\w{16,} | \bgithub_pat_\w{16,} | \bglpat-[\w-]{16,}
      | \bx(?:ox[a-z]|app)-[A-Za-z0-9-]{10,}                         # Slack
      | \b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b                 # AWS
      | \bAIza[\w-]{30,} | \bya29\.[\w-]{16,} | \bGOCSPX-[\w-]{16,}  # Google
      | \b(?:hf|gsk|r8|npm|whsec|shpat|dop_v1|key)_(?=\w{0,40}\d)\w{20,}
      | \b(?:xai|pplx|tvly|nvapi|pypi|fw|co|jina)[-_](?=[\w-]{0,40}\d)[\w-]{20,}
      | \bSG\.[\w-]{16,}\.[\w-]{16,}
      | \beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*                       # a JWT
    )
    | -----BEGIN\ [A-Z\ ]{0,30}PRIVATE\ KEY-----(?:[^-]|-(?!----))*(?:-----END[A-Z\ ]{0,40}-----)?
    | (?<=://)[^\s/@:"']*:(?P<password>[^\s/@"']+)(?=@)
    | (?P<said>
        \b(?:proxy-)?authorization\b["']?\s{0,3}[:=]\s{0,3}["']?
        (?:(?:bearer|basic|token|apikey|digest)\s{1,3})?
      | \b(?:bearer|basic)\s{1,3}(?=[^\s]{0,40}[\d=])
      | \b(?:set-)?cookie["']?\s{0,3}[:=]\s{0,3}["']?(?:[^\s;=]{1,100}=)?
      | (?:api[-_]?key|access[-_]?key|token|secret|passw(?:or)?d)["']?
        \s{0,3}[:=]\s{0,3}["']?(?=[^\s"',;]{0,40}\d)
      )
      [^\s"',;&]{8,}
    """,
    re.VERBOSE | re.IGNORECASE,
)

_Sent = TypeVar("_Sent", str, bytes)

_known: dict[str, None] = {}
_known_in_json: tuple[tuple[str, bytes], ...] = ()


def know(values: Iterable[str]) -> None:
    """Hide these values from now on, also as they stand in an address, in JSON or in base64."""
    global _known_in_json  # noqa: PLW0603 - one process has one set of secrets
    for value in values:
        for secret in {value.strip(), _SCHEME.sub("", value.strip(), count=1)}:
            if len(secret) >= SHORTEST and not _NO_SECRETS.fullmatch(secret):
                octets = secret.encode("utf-8", "surrogateescape")  # as the environment has them
                encoded = b64encode(octets).decode().rstrip("=")
                _known.update(dict.fromkeys((secret, quote(octets, safe=""), encoded)))
    # The longer first: one may hold another.
    ordered = sorted(_known, key=len, reverse=True)
    _known.clear()
    _known.update(dict.fromkeys(ordered))
    inside = dict.fromkeys(form for secret in ordered for form in _in_json(secret))
    _known_in_json = tuple((form, form.encode("utf-8", "surrogateescape")) for form in inside)


def only_know(values: Iterable[str]) -> None:
    """Hide these values, and none of those before."""
    _known.clear()
    know(values)


def in_environment(environment: Mapping[str, str]) -> list[str]:
    """The values of variables whose names say that they are secret."""
    return [
        value
        for name, value in environment.items()
        if _NAMES.search(name) or (_NAMES_OF_KEYS.search(name) and _KEY.fullmatch(value))
    ]


def masked(text: str) -> str:
    """The text with `HIDDEN` in the place of what is known or looks like a key."""
    for secret in _known:
        if secret in text:
            text = text.replace(secret, HIDDEN)
    return _SHAPES.sub(_hidden, text)


def without_known(sent: _Sent) -> _Sent:
    """JSON as it was sent, with `HIDDEN` in the place of values that are known."""
    if isinstance(sent, str):
        for secret, _ in _known_in_json:
            if secret in sent:
                sent = sent.replace(secret, HIDDEN)
        return sent
    for _, octets in _known_in_json:
        if octets in sent:
            sent = sent.replace(octets, HIDDEN.encode())
    return sent


def _in_json(secret: str) -> set[str]:
    """As writers of JSON write it: with or without letters beyond ASCII."""
    return {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}


def _hidden(found: re.Match[str]) -> str:
    if password := found["password"]:
        return found[0].removesuffix(password) + HIDDEN
    return (found["said"] or "") + HIDDEN
