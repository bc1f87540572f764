"""Code with colours: the classes are those of the page's own highlighter."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pygments.lexers import get_lexer_by_name
from pygments.token import Token
from pygments.util import ClassNotFound

from chat_app.export.html.elements import Html, el, joined

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LONGEST = 6_000
"""Characters; longer code has no colours: some lexers take time that is quadratic in it."""
_LONGEST_LINE = 2_000
_KNOWN = frozenset(
    [
        "bash",
        "c",
        "console",
        "cpp",
        "csharp",
        "css",
        "dart",
        "diff",
        "docker",
        "elixir",
        "go",
        "graphql",
        "haskell",
        "html",
        "http",
        "ini",
        "java",
        "javascript",
        "json",
        "jsx",
        "julia",
        "kotlin",
        "latex",
        "lua",
        "make",
        "markdown",
        "nginx",
        "objective-c",
        "ocaml",
        "perl",
        "php",
        "powershell",
        "protobuf",
        "python",
        "r",
        "ruby",
        "rust",
        "scala",
        "sql",
        "swift",
        "toml",
        "tsx",
        "typescript",
        "xml",
        "yaml",
        "zig",
    ]
)
"""Lexers of Pygments by their first alias; others are rare, and not all of them are quick."""
_ALIASES = {
    "console": "shell shell-session sh-session",
    "bash": "sh zsh",
    "javascript": "js mjs node",
    "typescript": "ts",
    "python": "py py3 python3",
    "csharp": "cs c#",
    "cpp": "c++",
    "docker": "dockerfile",
    "html": "htm svg",
    "json": "json5 jsonc geojson",
    "make": "makefile",
    "markdown": "md",
    "ruby": "rb",
    "rust": "rs",
    "go": "golang",
    "kotlin": "kt",
    "latex": "tex",
    "protobuf": "proto",
    "powershell": "ps1",
    "yaml": "yml",
    "xml": "xsl",
    "diff": "patch",
}
_NAMES = {name: name for name in _KNOWN} | {
    alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()
}
_CLASSES = (
    (Token.Comment, "comment"),
    (Token.Keyword, "keyword"),
    (Token.Operator.Word, "keyword"),
    (Token.Literal.String, "string"),
    (Token.Literal.Number, "number"),
    (Token.Literal.Date, "number"),
    (Token.Name.Function, "title"),
    (Token.Name.Class, "title"),
    (Token.Name.Builtin, "built_in"),
    (Token.Name.Tag, "name"),
    (Token.Name.Attribute, "attr"),
    (Token.Name.Decorator, "meta"),
    (Token.Name.Variable, "variable"),
    (Token.Generic.Deleted, "deletion"),
    (Token.Generic.Inserted, "addition"),
    (Token.Generic.Heading, "section"),
    (Token.Generic.Subheading, "section"),
)


def coloured(source: str, language: str) -> Html:
    """The tokens of `source`; plain text where the language is not known or the code too long."""
    name = _NAMES.get(language.lower())
    lines = source.split("\n")
    if not name or len(source) > LONGEST or max(map(len, lines)) > _LONGEST_LINE:
        return joined([source])
    lexer = _lexer(name)
    if lexer is None:
        return joined([source])
    parts: list[str] = []
    for kind, words in lexer.get_tokens(source):
        name = _class_of(kind)
        parts.append(el("span", words, class_=f"hljs-{name}") if name else words)
    return joined(parts)


@cache
def _lexer(name: str) -> Lexer | None:
    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@cache
def _class_of(kind: _TokenType) -> str:
    return next((name for outer, name in _CLASSES if kind in outer), "")
