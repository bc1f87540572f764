"""The built page below a base path: one build serves any, which is known only at the start.

The scripts and stylesheets of the build name each other relative to themselves (`PageBase` has the
build do so). What names them from the root are the documents and the list of scripts of the routes:
a few files, of which copies with the base path are written at the start, and found before those of
the build. Copies keep the times of their originals, from which browsers are told whether a file has
changed.
"""

from __future__ import annotations

import gzip
import os
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from reflex_base.constants import ReactRouter
from reflex_base.plugins import Plugin
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from typing import Unpack

    from reflex_base.plugins.base import PreCompileContext
    from starlette.types import ASGIApp

_EXPERIMENTAL = "  experimental: {\n"
_RELATIVE = """    // One build serves any base path: files name each other from where they are.
    // The name of a stylesheet React compares with the one in the document.
    renderBuiltUrl: (file, { hostType, ssr }) => {
      if (hostType === "html" || ssr) return undefined;
      if (hostType === "css" || !file.endsWith(".css")) return { relative: true };
      const base = '(globalThis.window?.__reactRouterContext?.basename ?? "/")';
      return { runtime: `${base} + ${JSON.stringify(file)}` };
    },
"""
_BASENAME = '"basename":"/"'
_ASSET = re.compile(r'"/assets/')
_ADDRESS = re.compile(r'(\s(?:href|src|action)=")/(?!/)')
_DOCUMENTS, _MANIFEST = "*.html", "assets/manifest-*.js"


class PageBase(Plugin):
    """A Reflex plugin, for `rx.Config(plugins=[...])`."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"](ReactRouter.VITE_CONFIG_FILE, with_relative_addresses)


def with_relative_addresses(configuration: str) -> str:
    """Vite's configuration, by which built files name each other relative to themselves.

    Raises:
        LookupError: the configuration is not the one this edit was written for.
    """
    if _RELATIVE in configuration:
        return configuration
    if _EXPERIMENTAL not in configuration:
        raise LookupError(f"Reflex's {ReactRouter.VITE_CONFIG_FILE} changed")
    return configuration.replace(_EXPERIMENTAL, _EXPERIMENTAL + _RELATIVE, 1)


def with_base(content: str, base: str, *, is_document: bool) -> str:
    """A document of the build, or its list of scripts, for the base path `base`.

    Raises:
        LookupError: the file is not the one this edit was written for.
    """
    if is_document:
        if _BASENAME not in content:
            raise LookupError("React Router's pages changed: they do not name their base path")
        content = content.replace(_BASENAME, f'"basename":"{base}/"')
        content = _ADDRESS.sub(rf"\g<1>{base}/", content)
    # In a document these are what is left: the imports of its inline module.
    return _ASSET.sub(f'"{base}/assets/', content)


@cache
def documents(build: Path, base: str) -> TemporaryDirectory[str]:
    """A folder with those files of `build` that name the base path; it ends with the process.

    Raises:
        LookupError: the build is not one that `with_base` knows.
    """
    found = [*build.glob(_DOCUMENTS), *build.glob(_MANIFEST)]
    if len(found) < 2:
        raise LookupError("React Router's build changed: it has no list of scripts")
    edits = {
        file: with_base(file.read_text("utf-8"), base, is_document=file.suffix == ".html")
        for file in found
    }
    folder = TemporaryDirectory(prefix="chat_page_")
    for file, edited in edits.items():
        copy = Path(folder.name) / file.relative_to(build)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(edited, encoding="utf-8")
        packed = copy.with_name(f"{copy.name}.gz")
        packed.write_bytes(gzip.compress(edited.encode(), mtime=0))
        for written in (copy, packed):
            os.utime(written, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    return folder


def served_below(app: ASGIApp, build: Path, base: str) -> ASGIApp:
    """Reflex's own app, which then serves the built page below `base`; an `api_transformer`."""
    routes: list[Any] = getattr(app, "routes", []) if base else []
    for route in routes:
        files = route.app if isinstance(route, Mount) else None
        if isinstance(files, StaticFiles) and files.directory == build.resolve():
            files.all_directories.insert(0, documents(build, base).name)
    return app
