"""The pieces of long blocks put together again, as the page does it.

A tree of HTML is compared as a text, in which tight and loose items of lists are alike: the page
sets them alike, since a piece of a list cannot know what the others are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from tests.transcript.judge import draw_alone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.transcript.blocks import Block

_VOID = {"br", "hr", "img", "input"}
_AROUND_TAGS = re.compile(r"\s*(<[^>]*>)\s*")
"""The judge forgets some of the space there."""
_PARAGRAPH_LIKE = {"p", "h1", "h2"}


@dataclass
class Node:
    tag: str
    start: str = ""
    children: list[Node | str] = field(default_factory=list)

    def last(self, tag: str) -> Node | None:
        """The last child, where it is an element with this tag."""
        last = next((c for c in reversed(self.children) if isinstance(c, Node) or c.strip()), None)
        return last if isinstance(last, Node) and last.tag == tag else None

    def html(self) -> str:
        if self.tag == "p" and not self.start:
            return f" {''.join(map(_html, self.children))} "
        inner = "".join(map(_html, self.children))
        end = "" if self.tag in _VOID or not self.tag else f"</{self.tag}>"
        return self.start + inner + end


def _html(child: Node | str) -> str:
    return child if isinstance(child, str) else child.html()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        node = Node(tag, self.get_starttag_text() or "")
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def _tree(drawn: str) -> Node:
    reader = _Reader()
    reader.feed(drawn)
    reader.close()
    return reader.root


def alike(drawn: str) -> str:
    """HTML with all items of lists tight."""
    return _tight(_tree(drawn))


def _tight(root: Node) -> str:
    return " ".join(_AROUND_TAGS.sub(r"\1", _tightened(root).html()).split())


def _tightened(node: Node) -> Node:
    for child in node.children:
        if isinstance(child, Node):
            _tightened(child)
            if node.tag == "li" and child.tag == "p":
                child.start = ""
    return node


def joined(blocks: Iterable[Block]) -> str:
    """The blocks drawn one by one, those that go on with the one before put into that."""
    root = Node("")
    before = ""
    for block in blocks:
        content = _tree(draw_alone(block.drawn)).children
        _add(root, content, block.path.split(), joint=" " if before.endswith(" ") else "")
        before = block.source
    return _tight(root)


def _add(root: Node, content: list[Node | str], path: list[str], joint: str) -> None:
    at = root
    for place, tag in enumerate(path):
        inner = at.last(tag)
        if inner is None:
            # The item is tight so far: its words stand in it without a paragraph.
            assert path[place:] == ["p"], (path, root.html())
            assert at.tag == "li", (path, root.html())
            break
        at = inner
    if not path or path[-1] in {"li", "blockquote"}:
        at.children += content
        return
    first, *rest = [child for child in content if isinstance(child, Node) or child.strip()]
    if path[-1] == "p":
        assert isinstance(first, Node)
        if first.tag in _PARAGRAPH_LIKE:
            if first.tag != "p":
                at.tag, at.start = first.tag, first.start
            at.children += [joint, *first.children]
            assert not rest
            return
    assert isinstance(first, Node), (content, path)
    assert first.tag == path[-1], (first, path)
    if first.tag == "pre":
        code, more = at.children[0], first.children[0]
        assert isinstance(code, Node)
        assert isinstance(more, Node)
        code.children += more.children
    elif first.tag == "table":
        body, more = at.last("tbody"), first.last("tbody")
        assert more
        if body:
            body.children += more.children
        else:
            at.children.append(more)
    else:
        at.children += first.children
    assert not rest, (path, rest)
