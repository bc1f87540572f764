"""Which addresses a file links to, and what it says of those that look like others.

The rules are those of the page: `components/prose/links.jsx`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

_SCHEMES = frozenset({"http", "https", "mailto"})
_NAMED = re.compile(r"(?:[a-z][a-z0-9+.-]*:/*)?([^\s/?#\\:@<>()\"',]+\.[^\s/?#\\:@<>()\"',]{2,})")
_LONGEST_TEXT = 500


def linked(address: str, schemes: Collection[str] = _SCHEMES) -> str:
    """The address if it may be a link: absolute, of one of these schemes; else nothing."""
    address = "".join(letter for letter in address if letter.isprintable()).strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in schemes or (parts.scheme != "mailto" and not host):
        return ""
    return address


def host_of(address: str) -> str:
    """The host of an address that is `linked`; of a mail address what stands behind the at-sign."""
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return parts.path.rpartition("@")[2].lower()
    return (parts.hostname or "").removeprefix("www.")


def disguised(said: str, address: str) -> str:
    """The host of a link whose text names another one, or says nothing; else nothing."""
    host = host_of(address)
    written = unicodedata.normalize("NFKC", said[:_LONGEST_TEXT]).lower()
    written = "".join(c for c in written if unicodedata.category(c) not in {"Cf", "Cc"})
    if not written.strip():
        return host
    for found in _NAMED.finditer(written):
        named = found[1].rstrip(".").removeprefix("www.")
        if named != host and not host.endswith(f".{named}") and _is_host(named):
            return host
    return ""


def _is_host(name: str) -> bool:
    """Whether a word is a name of a host and not that of a file, or two sentences."""
    last = name.rpartition(".")[2]
    files = {"js", "ts", "tsx", "jsx", "json", "yaml", "yml", "txt", "html", "css", "csv", "pdf"}
    files |= {"py", "rs", "md", "png", "jpg", "toml", "xml", "sql", "ini", "lock"}
    return last not in files and (last.isalpha() or name.replace(".", "").isdigit())
