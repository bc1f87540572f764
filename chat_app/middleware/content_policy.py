"""The Content-Security-Policy of each document: what it may load, run and be shown in.

The page runs its own built files, and the scripts that the build wrote into it: those have to have
the hashes that were taken of them at start. Nothing is evaluated (see
`chat_app.built_page.events`). A style is a built file, or one that the build wrote into the page,
or an element without text, which Emotion fills by the object model; there are no inline style
attributes in what is served, and React sets styles by the object model as well.

Images may come from any host: the page asks the person before it fetches one (``CHAT_IMAGE_HOSTS``
are asked for in the settings), and what the person allows is not known here.

The frames for previews and diagrams are documents of their own under ``/frames/``, for one in the
page would be under the page's policy, too. Their policies are written into them, where a
development server leaves them in force; here they get a sandbox.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from chat_app.origin import Origin

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For all that is no document."""

_FRAMES = "/frames/"
_SANDBOX = "frame-ancestors 'self'; sandbox allow-scripts"
_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_HAS_ADDRESS = re.compile(r"\ssrc\s*=")
_META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_EMPTY = ""


@dataclass(frozen=True)
class ContentPolicies:
    """The policies of what a build holds."""

    scripts: tuple[str, ...] = ()
    """Sources for the scripts in the pages: their hashes, quoted."""
    styles: tuple[str, ...] = ()
    frames: dict[str, str] = field(default_factory=dict)
    """Policies by path."""

    @classmethod
    def of(cls, build: Path, documents: Path | None = None) -> ContentPolicies:
        """Those of the files in a folder; without any, of pages that have no inline scripts.

        The pages may be in another folder, `documents`.
        """
        found = sorted((documents or build).glob("*.html"))
        pages = [page.read_text(encoding="utf-8") for page in found]
        return cls(
            hashes(pages, "script"),
            hashes([f"<style>{_EMPTY}</style>", *pages], "style"),
            {
                _FRAMES + frame.name: _of_frame(frame.read_text(encoding="utf-8"))
                for frame in sorted((build / _FRAMES.strip("/")).glob("*.html"))
            },
        )

    def of_document(self, path: str, origin: Origin | None) -> str:
        """The policy of a document at `path`, served at `origin`."""
        return self.frames.get(path) or self._of_page(origin)

    def _of_page(self, origin: Origin | None) -> str:
        # Browsers before 2022 do not take 'self' for the sockets of the same host.
        sockets = f" ws{str(origin).removeprefix('http')}" if origin else ""
        directives = {
            "default-src": "'none'",
            "script-src": " ".join(["'self'", *self.scripts]),
            "style-src": " ".join(["'self'", *self.styles]),
            "img-src": "'self' data: blob: https: http:",
            "media-src": "'self'",
            "font-src": "'self'",
            "connect-src": f"'self'{sockets}",
            "frame-src": "'self'",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def hashes(pages: Iterable[str], element: str) -> tuple[str, ...]:
    """Quoted hashes of the inline scripts or styles of pages, each once, in a stable order."""
    found = {
        content
        for page in pages
        for name, attributes, content in _INLINE.findall(page)
        if name == element and not _HAS_ADDRESS.search(attributes)
    }
    return tuple(sorted(f"'sha256-{_digest(content)}'" for content in found))


def _digest(content: str) -> str:
    return b64encode(sha256(content.encode()).digest()).decode()


def _of_frame(document: str) -> str:
    """What its own elements say, as a header: a list of policies, of which each applies.

    Raises:
        LookupError: the document has no policy.
    """
    own = [unescape(policy) for policy in _META.findall(document)]
    if not own:
        raise LookupError("A document of a frame has no policy")
    return ", ".join([f"{own[0]}; {_SANDBOX}", *own[1:]])
