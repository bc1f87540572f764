"""Finds the sentences and labels that stand in source code as literals."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABELS = {"alt", "aria_label", "aria-label", "label", "notice", "placeholder", "said", "title"}
"""Attributes and keyword arguments whose value a person reads or hears."""
_NAMES = {"class_name", "className", "d", "rel", "sandbox", "type", "viewBox"}
"""Those whose value is no text."""

_SENTENCE = re.compile(
    r"[A-Z][\w']*[ ,][^<>]*[A-Za-z].*"  # begins with a capital and goes on
    r"|.*[a-z] .*[a-z][.!?…]",  # ends as a sentence does
    re.DOTALL,
)
_WORDS = re.compile(r"[A-Za-z']+(?: [A-Za-z']+){2,}")
_CAPITAL = re.compile(r"[A-Z][a-z]+…?")
_KEYS = {
    *("ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "Backspace", "Delete", "End", "Enter"),
    *("Escape", "Files", "Home", "PageDown", "PageUp", "Tab", "Alt", "Mod", "Shift", "Slash"),
}
"""Names that the browser gives to keys and drags."""

_JS_TOKEN = re.compile(
    r"(?P<comment>/\*.*?\*/|(?<![:\\\"'`])//[^\n]*)"
    r"|(?P<regex>(?<=[(,=:&|?!\[;{}] )/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/[a-z]*"
    r"|(?<=[(\[])/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/[a-z]*)"
    r"|(?P<string>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)",
    re.DOTALL,
)
_JS_TEXT = re.compile(
    r"(?<![=\s\-])>([^<>{}();=]*[A-Za-z]{2}[^<>{}();=]*)(?=[<{])"  # after a tag
    r"|\}([^<>{}();=]*[A-Za-z]{2}[^<>{}();=]*)(?=</)"  # after a value, before a tag
)
_JS_HOLE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")


class Literal(NamedTuple):
    """A sentence or label in a source, at a line that counts from 1."""

    line: int
    text: str


def in_javascript(source: str) -> list[Literal]:
    """JSX text, attributes that name something, and strings that read like a sentence."""
    found = list(_js_strings(source))
    code = _JS_TOKEN.sub(lambda token: re.sub(r"[^\n]", "_", token[0]), source)
    code = re.sub(r"_{3,}", lambda gap: '"' + " " * (len(gap[0]) - 2) + '"', code)
    found += [
        Literal(source.count("\n", 0, text.start()) + 1, (text[1] or text[2]).strip())
        for text in _JS_TEXT.finditer(code)
    ]
    return sorted(found)


def _js_strings(source: str) -> Iterator[Literal]:
    for token in _JS_TOKEN.finditer(source):
        if not token["string"]:
            continue
        before = source[max(0, token.start() - 80) : token.start()]
        attribute = re.search(r"([\w-]+)=\{?$", before)
        name = attribute[1] if attribute else ""
        is_error = re.search(r"\bError\($", before)
        is_import = re.search(r"(?:\bfrom|\bimport\(?)\s*$", before)
        text = _JS_HOLE.sub("0", token["string"][1:-1])
        if is_error or is_import or name in _NAMES:
            continue
        if _is_read(text) or (name in _LABELS and re.search(r"[A-Za-z]{2}", text)):
            yield Literal(source.count("\n", 0, token.start()) + 1, text)


def _is_read(text: str) -> bool:
    if text in _KEYS:
        return False
    return any(kind.fullmatch(text) for kind in (_CAPITAL, _SENTENCE, _WORDS))


def in_python(source: str, *, screens: bool = False) -> list[Literal]:
    """Strings that read like a sentence, without docstrings, logs and exceptions of wrong calls.

    Of `screens` also what is given to an element: its children, and the arguments that name it.
    """
    tree = ast.parse(source)
    skipped = {id(node) for node in ast.walk(tree) for node in _unread(node)}
    found = {
        Literal(node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
        and _SENTENCE.fullmatch(node.value)
    }
    if screens:
        found |= {one for node in ast.walk(tree) for one in _given(node)}
    return sorted(found)


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """The string nodes below `node` that no person reads."""
    match node:
        case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            for statement in node.body:
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    yield statement.value
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) if name in _WRONG_CALLS:
            yield from ast.walk(node)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re" | "_log" | "logging"))):
            yield from ast.walk(node)
        case ast.Call(func=ast.Name(id="TypeVar" | "cast" | "_signs" | "_status")):
            yield from ast.walk(node)
        case _:
            return


_WRONG_CALLS = {"AssertionError", "LookupError", "RendererError", "TypeError", "ValueError"}


def _given(node: ast.AST) -> Iterator[Literal]:
    """The literal children and names of an element."""
    if not isinstance(node, ast.Call):
        return
    function = ast.unparse(node.func)
    children = node.args if function.startswith("rx.el.") else []
    if function == "icon_button":
        children = node.args[1:]
    named = [keyword.value for keyword in node.keywords if keyword.arg in _LABELS]
    for given in (*children, *named):
        for part in ast.walk(given) if isinstance(given, ast.JoinedStr) else (given,):
            value = part.value if isinstance(part, ast.Constant) else None
            if isinstance(value, str) and re.search(r"[A-Za-z]{2}", value):
                yield Literal(given.lineno, value)
