"""Markdown that is hard on parsers: nested, unclosed, repeated, huge.

Kinds, not single inputs: most are made in any length.
"""

from __future__ import annotations

UNITS = {
    "star openers": "*a **a ",
    "mixed delimiters": "*a_ ",
    "emphasis in words": "a **b",
    "strong": "**a** ",
    "underscores": "_a __a ",
    "strikes": "~~a ",
    "runs of three": "*a **a ***",
    "link openers": "[",
    "link closers": "]",
    "nested brackets": "[a [",
    "images": "![",
    "unclosed targets": "[a](<b",
    "unclosed titles": '[a](b "',
    "unclosed bracket titles": "[a](b (",
    "link references": "[a][b",
    "definitions": "[a]: b\n",
    "unfinished definitions": '[a]: b "\n',
    "footnotes": "[^a]",
    "footnote definitions": "[^a]: b\n",
    "quotes": "> ",
    "quotes without spaces": ">",
    "bullets": "- ",
    "numbers": "1. ",
    "mixed containers": "> - ",
    "list": "- a\n",
    "ordered list": "1. a\n",
    "tasks": "- [ ] a\n",
    "quoted lines": "> a\n",
    "headings": "# a\n",
    "rules": "***\n",
    "underlined": "a\n=\n",
    "paragraphs": "a\n\n",
    "short lines": "a\n",
    "hard breaks": "a  \n",
    "comments": "<!--a ",
    "instructions": "<?a ",
    "cdata": "<![CDATA[a ",
    "declarations": "<!A ",
    "tags": "<a ",
    "attributes": '<a b="',
    "closing tags": "</a",
    "inline elements": "<b>",
    "block elements": "<div>\n",
    "entities": "&amp;",
    "half entities": "&",
    "nul characters": "\0",
    "escapes": "\\*",
    "backslashes": "\\",
    "backticks": "`a``b",
    "spaced backticks": " ` `` ",
    "open fences": "```\n",
    "tilde fences": "~~~\n",
    "bars": "|",
    "cells": "|a",
    "tables": "a|b\n-|-\n",
    "dollars": "$",
    "formulas": "$x$ ",
    "prices": "$1 ",
    "displays": "$$x$$\n",
    "open displays": "\\[",
    "open display lines": "\\[\n",
    "inline maths": "\\(x\\) ",
    "environments": "\\begin{a}",
    "roots": "$\\sqrt",
    "braces": "{",
    "parentheses": "(",
    "addresses": "http://a ",
    "mails": "a@a.",
    "dots": ".a",
    "one letter": "a",
    "emoji": "\U0001f600",
    "combining marks": "a\u0301",
    "right to left": "\u202eא ",
    "wide letters": "很**重要**。",
    "carriage returns": "a\r",
    "tabs": "-\t",
    "spaces": " ",
    "separators": "\u2028",
}
"""Units to repeat, by what they are."""


def repeated(name: str, length: int) -> str:
    unit = UNITS[name]
    return unit * max(1, length // len(unit))


def nested_list(depth: int) -> str:
    return "".join(f"{'  ' * level}- a\n" for level in range(depth))


def nested_both_ways(depth: int) -> str:
    """Emphasis that opens and closes as often."""
    return "*a **b " * depth + "c" + " b** a*" * depth


def run_lengths(longest: int) -> str:
    """Runs of backticks, each of another length."""
    return " ".join("`" * length for length in range(1, longest))


def wide_table(columns: int, rows: int) -> str:
    """A table of short rows, which are filled up to the width of its head."""
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|a|\n" * rows


def many_labels(count: int) -> str:
    uses = "".join(f"[{n}] " for n in range(count))
    return uses + "\n\n" + "".join(f"[{n}]: /u\n" for n in range(count))


def nested_maths(depth: int) -> str:
    return "$" + "\\frac{" * depth + "x" + "}{y}" * depth + "$"


SHAPES = {
    "nested list": nested_list(150),
    "nested emphasis": nested_both_ways(1_000),
    "deep strong": "*" * 3_000 + "a" + "*" * 3_000,
    "deep brackets": "[" * 2_000 + "a" + "](b)" * 2_000,
    "run lengths": run_lengths(400),
    "wide table": wide_table(500, 2_000),
    "many labels": many_labels(3_000),
    "nested maths": nested_maths(400),
    "roots": "$" + "\\sqrt" * 3_000 + "$",
    "list of quotes": "".join(f"{'> ' * (n % 50)}- a\n" for n in range(1_000)),
    "deep json": '```json\n{"a":' + '{"a":' * 10_000 + "\n```",
    "long line of code": "```js\n" + "a=[b(c)];" * 15_000 + "\n```",
    "code of many lines": "```py\n" + "x = y[1] + f(z)\n" * 12_000 + "```",
    "diagram": "```mermaid\ngraph TD\n"
    + "".join(f"a{n} --> a{n * 7 % 200}\n" for n in range(499))
    + "```",
}
"""Inputs that are no repeated unit."""
