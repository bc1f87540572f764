"""The types of files that can be attached: some by their first bytes, text by the end of the name.

What a file is, its bytes say (see `chat_app.routes.sniff`); all text is one type there. Settings
and the browser's file dialog name types and endings, which these tables bring together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

TEXT = "text/plain"
BINARY: dict[str, tuple[str, ...]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/flac": ("flac",),
    "audio/wav": ("wav",),
    "audio/mp4": ("m4a", "m4b"),
    "video/mp4": ("mp4", "m4v", "mov", "3gp"),
    "video/webm": ("webm", "mkv"),
}
"""Types that first bytes tell apart, and the endings of their names. Of images only those that
every browser displays."""
DISPLAYED = tuple(kind for kind in BINARY if kind.startswith("image/"))
TEXTS: dict[str, tuple[str, ...]] = {
    TEXT: ("txt", "text", "log", "ini", "cfg", "conf", "properties", "env"),
    "text/markdown": ("md", "markdown", "mdx"),
    "text/x-rst": ("rst",),
    "text/csv": ("csv",),
    "text/tab-separated-values": ("tsv",),
    "application/json": ("json",),
    "application/x-ndjson": ("ndjson", "jsonl"),
    "application/geo+json": ("geojson",),
    "application/x-ipynb+json": ("ipynb",),
    "application/yaml": ("yaml", "yml"),
    "application/toml": ("toml",),
    "application/xml": ("xml", "xsd", "xsl"),
    "text/html": ("html", "htm"),
    "image/svg+xml": ("svg",),
    "text/css": ("css", "scss", "less"),
    "text/javascript": ("js", "mjs", "cjs", "jsx"),
    "text/x-typescript": ("ts", "tsx"),
    "text/x-python": ("py", "pyi"),
    "text/x-c": ("c", "h"),
    "text/x-c++": ("cpp", "cc", "cxx", "hpp"),
    "text/x-csharp": ("cs",),
    "text/x-java": ("java",),
    "text/x-kotlin": ("kt", "kts"),
    "text/x-swift": ("swift",),
    "text/x-go": ("go",),
    "text/x-rust": ("rs",),
    "text/x-ruby": ("rb",),
    "text/x-php": ("php",),
    "text/x-perl": ("pl",),
    "text/x-lua": ("lua",),
    "text/x-r": ("r",),
    "text/x-scala": ("scala",),
    "application/sql": ("sql",),
    "application/x-sh": ("sh", "bash", "zsh"),
    "text/x-diff": ("diff", "patch"),
    "application/x-tex": ("tex", "bib"),
    "text/calendar": ("ics",),
    "text/vcard": ("vcf",),
    "text/vtt": ("vtt",),
    "application/x-subrip": ("srt",),
    "message/rfc822": ("eml",),
    "application/rtf": ("rtf",),
}
"""Types of text, and the endings by which they are known."""
ALIASES = {
    "image/jpg": "image/jpeg",
    "application/x-pdf": "application/pdf",
    "audio/mp3": "audio/mpeg",
    "audio/opus": "audio/ogg",
    "application/ogg": "audio/ogg",
    "audio/x-flac": "audio/flac",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/quicktime": "video/mp4",
    "video/x-m4v": "video/mp4",
    "video/3gpp": "video/mp4",
    "video/x-matroska": "video/webm",
    "text/x-markdown": "text/markdown",
    "application/csv": "text/csv",
    "text/json": "application/json",
    "application/jsonl": "application/x-ndjson",
    "text/yaml": "application/yaml",
    "text/x-yaml": "application/yaml",
    "application/x-yaml": "application/yaml",
    "application/x-toml": "application/toml",
    "text/xml": "application/xml",
    "application/xhtml+xml": "text/html",
    "application/javascript": "text/javascript",
    "application/typescript": "text/x-typescript",
    "text/x-script.python": "text/x-python",
    "application/x-python": "text/x-python",
    "text/x-sh": "application/x-sh",
    "text/x-sql": "application/sql",
    "text/x-tex": "application/x-tex",
    "text/rtf": "application/rtf",
}
"""Other names of types in both tables."""


def ending(name: str) -> str:
    """What comes after the last dot of a file's name, in small letters; empty without a dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_known(pattern: str) -> bool:
    """Whether files of that type, or of any in that family, can be told from others."""
    return bool(_binary(pattern) or _texts(pattern))


def is_accepted(found: str, name: str, allowed: Collection[str]) -> bool:
    """Whether these types allow a file whose bytes are of the type `found`."""
    if found != TEXT:
        return any(found in _binary(pattern) for pattern in allowed)
    if _is_any_text(allowed):
        return True
    last = ending(name)
    return any(last in TEXTS[kind] for pattern in allowed for kind in _texts(pattern))


def accept(allowed: Collection[str]) -> list[str]:
    """What `is_accepted` accepts, as the attribute of that name of a file input has it."""
    found = dict.fromkeys(one for pattern in allowed for one in _listed(pattern, BINARY))
    if _is_any_text(allowed):
        texts = ["text/*", *(f".{last}" for endings in TEXTS.values() for last in endings)]
        return list(dict.fromkeys([*found, *texts]))
    found |= dict.fromkeys(one for pattern in allowed for one in _listed(pattern, TEXTS))
    return list(found)


def _is_any_text(allowed: Collection[str]) -> bool:
    return "text/*" in allowed or TEXT in allowed


def _listed(pattern: str, table: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for kind in _binary(pattern) if table is BINARY else _texts(pattern):
        yield kind
        yield from (f".{last}" for last in table[kind])


def _binary(pattern: str) -> list[str]:
    return _matching(pattern, BINARY)


def _texts(pattern: str) -> list[str]:
    # A drawing in SVG is text to the agent, and no image that all browsers display.
    return [] if pattern == "image/*" else _matching(pattern, TEXTS)


def _matching(pattern: str, table: dict[str, tuple[str, ...]]) -> list[str]:
    family, _, rest = pattern.partition("/")
    if rest == "*":
        return [kind for kind in table if kind.startswith(f"{family}/")]
    kind = ALIASES.get(pattern, pattern)
    return [kind] if kind in table else []
