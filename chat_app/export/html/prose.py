"""Markdown as HTML, as the page draws it: GitHub's dialect, formulas, footnotes, coloured code.

The text is a model's, so it is sanitised twice: the renderer writes only what it knows, and nh3
keeps of that only the elements and attributes in `_TAGS` and `_ATTRIBUTES`. No image is fetched: a
picture at an address is a link to it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from chat_app import text as words
from chat_app.export.html import callouts
from chat_app.export.html.code import coloured
from chat_app.export.html.elements import Html, el, joined, shown
from chat_app.export.html.links import disguised, linked
from chat_app.export.html.maths import formula
from chat_app.transcript.blocks import draw

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_LONGEST_BLOCK = 4_000
"""Characters from which on a block is drawn in pieces."""
_INLINE = ["br", "del", "ins", "kbd", "mark", "s", "sub", "sup", "u", "details", "summary"]
_TAG = re.compile(r"<(/?)([a-z]+)((?:\s[^<>]*)?/?)>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TASK = re.compile(
    r'<input class="task-list-item-checkbox"(?: checked="checked")? disabled="disabled"'
    r' type="checkbox">'
)
"""What the plugin for tasks writes."""
_NOTE = re.compile(r"#(fn|fnref)-([\w.-]+)")
_MATHML = [
    "math",
    "maction",
    "menclose",
    "merror",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
]
_TAGS = {
    *_INLINE,
    *_MATHML,
    *[
        "a",
        "bdi",
        "blockquote",
        "code",
        "div",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "input",
        "li",
        "ol",
        "p",
        "pre",
    ],
    *["span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"],
}
_MATHML_ATTRIBUTES = {
    *[
        "accent",
        "accentunder",
        "columnalign",
        "columnlines",
        "display",
        "displaystyle",
        "fence",
        "form",
        "frame",
    ],
    *[
        "linethickness",
        "lspace",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "notation",
        "rowlines",
    ],
    *["rspace", "scriptlevel", "separator", "stretchy", "symmetric", "xmlns"],
}
_ATTRIBUTES: dict[str, set[str]] = {
    **dict.fromkeys(_MATHML, _MATHML_ATTRIBUTES),
    "a": {"href", "title", "target", "id", "class", "role", "aria-label"},
    "bdi": {"class"},
    "code": {"class"},
    "details": {"open"},
    "div": {"class", "data-kind", "role"},
    "figure": {"class"},
    "figcaption": {"data-name"},
    "input": {"type", "checked", "disabled"},
    "li": {"class", "id"},
    "ol": {"start", "class"},
    "p": {"class", "dir"},
    "span": {"class"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class", "scope"},
    "ul": {"class"},
    **{f"h{level}": {"aria-level", "dir"} for level in range(1, 7)},
}


def prose(source: str, key: str) -> Html:
    """A text as HTML. `key` names it within the page: its footnotes are found by it."""
    source = source.encode(errors="ignore").decode().replace("\x00", "\ufffd")
    env: dict[str, Any] = {}
    parts = [
        el("div", el("pre", block.source), class_="plain")
        if block.is_plain
        else Html(_renderer().render(block.drawn, env))
        for block in draw(source, key, longest=_LONGEST_BLOCK)
        if block.is_plain or block.drawn
    ]
    return el("div", sanitised(joined(parts)), class_="prose")


def sanitised(html: str) -> Html:
    """HTML with nothing in it but what may stand in a text."""
    return Html(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            attribute_filter=_attribute,
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer nofollow",
        )
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _NOTE.fullmatch(value) or linked(value) else None
    if tag == "input" and name == "type":
        return "checkbox"
    return value


@cache
def _renderer() -> MarkdownIt:
    known = MarkdownIt(
        "commonmark", {"html": True, "breaks": True, "linkify": True, "maxNesting": 60}
    )
    known.enable(["table", "strikethrough", "linkify"])
    # `_open_link` decides, and then the text of a link stays.
    known.validateLink = lambda url: True  # noqa: ARG005
    dollarmath_plugin(known, double_inline=True)
    tasklists_plugin(known)
    known.core.ruler.push("callouts", callouts.find)
    known.core.ruler.push("levels", _levels)
    for name, rule in _RULES.items():
        known.add_render_rule(name, rule)
    return known


def _levels(state: Any) -> None:
    """Headings of an answer are below those of the page: see `components/prose/headings.jsx`."""
    headings = [token for token in state.tokens if token.type == "heading_open"]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        level = min(int(token.tag[1]) - highest + 3, 6)
        token.attrSet("aria-level", str(level))


def _html(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    """Tags that do no more than set text; comments are dropped, all else is text."""
    source = tokens[at].content
    if _TASK.fullmatch(source):
        return Html(source)
    parts: list[str] = []
    end = 0
    for found in _TAG.finditer(source):
        parts.append(source[end : found.start()])
        end = found.end()
        if found[0].startswith("<!--"):
            continue
        name = found[2].lower()
        is_open = name == "details" and re.fullmatch(r"\s+open\s*", found[3])
        if name not in _INLINE or (found[3].strip(" /") and not is_open):
            parts.append(found[0])
        else:
            parts.append(Html(f"<{found[1]}{name}{' open' if is_open else ''}>"))
    return joined([*parts, source[end:]])


def _fence(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    token = tokens[at]
    name = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
    if name == "math":
        return formula(token.content, is_display=True)
    caption = words.DIAGRAM if name.lower() == "mermaid" else name
    code = el("pre", el("code", coloured(token.content.removesuffix("\n"), name)))
    return el("figure", el("figcaption", data_name=caption), code, class_="code")


def _open_link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    _: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    del renderer
    href, closing = str(tokens[at].attrGet("href") or ""), env.setdefault("closing", [])
    if note := _NOTE.fullmatch(href):
        kind, key = note[1], note[2]
        if kind == "fnref":
            closing.append("↩</a>")
            name, label = _name(f"fn-{key}", env), shown(words.BACK_TO_TEXT)
            return f'<a class="note-back"{name} href="{href}" aria-label="{label}">'
        closing.append("</a></sup>")
        name = _name(f"fnref-{key}", env)
        return f'<sup class="note-mark"><a{name} href="{href}" role="doc-noteref">'
    address = linked(href)
    if not address:
        closing.append("</span>")
        return "<span>"
    host = disguised(_said(tokens, at), address)
    closing.append("</bdi></a>" + (el("bdi", f" ({host})", class_="host") if host else ""))
    return f'<a href="{shown(address)}" title="{shown(address)}" target="_blank"><bdi>'


def _name(id: str, env: MutableMapping[str, Any]) -> str:
    """The attribute that names an element, the first time: a note may be mentioned often."""
    known: set[str] = env.setdefault("known", set())
    if id in known:
        return ""
    known.add(id)
    return f' id="{id}"'


def _close_link(*given: Any) -> str:
    closing = given[4].get("closing") or ["</a>"]
    return closing.pop()


def _said(tokens: Sequence[Token], at: int) -> str:
    """The text of a link."""
    said: list[str] = []
    for token in tokens[at + 1 :]:
        if token.type == "link_close":
            break
        said.append(token.content)
    return "".join(said)


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    """A picture elsewhere: a link to it."""
    token = tokens[at]
    address = linked(str(token.attrGet("src") or ""), {"http", "https"})
    name = token.content.strip() or words.AN_IMAGE
    if not address:
        return joined([name])
    link = el("a", el("bdi", name), href=address, title=address, target="_blank")
    return joined([link, el("bdi", f" ({disguised('', address)})", class_="host")])


def _cell(name: str) -> Any:
    def opened(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
        style = str(tokens[at].attrGet("style") or "")
        side = next((s for s in ("right", "center") if s in style), None)
        scope = ' scope="col"' if name == "th" else ""
        return f"<{name}{scope}" + (f' class="{side}">' if side else ">")

    return opened


def _maths(*, is_display: bool) -> Any:
    def drawn(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
        return formula(tokens[at].content.strip(), is_display=is_display)

    return drawn


_RULES: Mapping[str, Any] = {
    "html_inline": _html,
    "html_block": _html,
    "fence": _fence,
    "code_block": _fence,
    "link_open": _open_link,
    "link_close": _close_link,
    "image": _image,
    "th_open": _cell("th"),
    "td_open": _cell("td"),
    "table_open": lambda *_: '<div class="table"><table>',
    "table_close": lambda *_: "</table></div>",
    "math_inline": _maths(is_display=False),
    "math_inline_double": _maths(is_display=False),
    "math_block": _maths(is_display=True),
    "math_block_label": _maths(is_display=True),
}
