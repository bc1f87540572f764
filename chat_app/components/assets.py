"""The JavaScript and stylesheets of the components, linked into the build of the page.

Each group of components is a folder in which a `.jsx` file and a stylesheet lie beside the Python
that uses them. The build sees the same folders, so that a JavaScript file imports its neighbours
(`./fields.jsx`) and those of other groups (`../prose/prose.jsx`) by their paths in the sources.
The order of the stylesheets is in `chat_app.theme`.
"""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from reflex.assets import AssetPathStr
from reflex_base.constants import Dirs

_PROJECT = Path(__file__).resolve().parents[2]


def linked(package: str) -> dict[str, str]:
    """Link all JavaScript files and stylesheets of a group, where they are not linked yet.

    Call it from the `__init__.py` of the group with its `__file__`. A file can import those of
    another group as soon as that group is imported in Python, too, which the page does.

    `rx.asset` does the same for one file, but finds its caller by `inspect.stack()`: for a hundred
    files that was most of the time in which the app starts.

    Returns:
        The import path of each file (the `library` of a component), by the name of the file.
    """
    folder = Path(package).resolve().parent
    address = f"{Dirs.EXTERNAL_APP_ASSETS}/{folder.relative_to(_PROJECT).as_posix()}"
    beside = _PROJECT / Dirs.APP_ASSETS / address
    beside.mkdir(parents=True, exist_ok=True)
    paths = {}
    for file in sorted(folder.iterdir()):
        if file.suffix in {".js", ".jsx", ".css"}:
            _link(beside / file.name, file)
            paths[file.name] = AssetPathStr(f"/{address}/{file.name}").importable_path
    return paths


def _link(link: Path, file: Path) -> None:
    """Make a link in one step: several apps may start at once in one folder."""
    if link.is_symlink() and link.readlink() == file:
        return
    new = link.with_name(f".{uuid4().hex}.tmp")
    new.symlink_to(file)
    new.replace(link)
