"""The files of the components that are no Python, linked into the build of the page.

Each group of components is a folder in which a `.jsx` file and a stylesheet lie beside the Python
that uses them. The build sees the same folders, so that a JavaScript file imports its neighbours
(`./fields.jsx`) and those of other groups (`../prose/prose.jsx`) by the paths that an editor can
follow. In which order the stylesheets apply is said in `chat_app.theme`.
"""

from __future__ import annotations

from pathlib import Path

import reflex as rx


def linked(package: str) -> dict[str, str]:
    """Link all JavaScript files and stylesheets of a group.

    To be called from the `__init__.py` of the group, whose `__file__` is the `package`: Reflex
    derives the address of the files from the module that calls. Files of other groups are found as
    soon as these were imported, which the page does.

    Returns:
        What to import each file by, as the `library` of a component; by the name of the file.
    """
    paths = {}
    for file in sorted(Path(package).parent.iterdir()):
        if file.suffix in {".js", ".jsx", ".css"}:
            paths[file.name] = rx.asset(file.name, shared=True, _stack_level=2).importable_path
    return paths
