"""The JavaScript and stylesheets of the components, linked into the build of the page.

Each group of components is a folder in which a `.jsx` file and a stylesheet lie beside the Python
that uses them. The build sees the same folders, so that a JavaScript file imports its neighbours
(`./fields.jsx`) and those of other groups (`../prose/prose.jsx`) by their paths in the sources.
The order of the stylesheets is in `chat_app.theme`.
"""

from __future__ import annotations

from pathlib import Path

import reflex as rx


def linked(package: str) -> dict[str, str]:
    """Link all JavaScript files and stylesheets of a group.

    Call it from the `__init__.py` of the group with its `__file__`: Reflex derives the address of
    the files from the calling module. A file can import those of another group as soon as that
    group is imported in Python, too, which the page does.

    Returns:
        The import path of each file (the `library` of a component), by the name of the file.
    """
    paths = {}
    for file in sorted(Path(package).parent.iterdir()):
        if file.suffix in {".js", ".jsx", ".css"}:
            paths[file.name] = rx.asset(file.name, shared=True, _stack_level=2).importable_path
    return paths
