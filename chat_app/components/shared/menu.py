"""The menu button: three dots (or a trigger of its own) that open a list of actions.

Compose it of items, here or in JavaScript:

    Menu.create(
        MenuItem.create(text.RENAME, icon=lucide("pencil"), on_click=...),
        MenuSeparator.create(),
        MenuItem.create(text.DELETE, icon=lucide("trash-2"), danger=True, on_click=...),
        label=text.MORE,
    )
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import VarData

from chat_app.components.shared import JS


def lucide(name: str) -> rx.Var[Any]:
    """The component of a Lucide icon, for a prop that takes an icon; `name` as of `icon`."""
    made = rx.icon(name)
    imports = {str(made.library): [made.import_var]}
    return rx.Var(str(made.alias), _var_data=VarData(imports=imports))


class Menu(rx.Component):
    """The button and its menu. `label` is the name of both.

    `title`: the tooltip, if not the label. `test_id` is of the button.
    """

    library = JS["menu.jsx"]
    tag = "Menu"

    label: rx.Var[str]
    title: rx.Var[str]


class MenuItem(rx.Component):
    """An action: `on_click`, or a link with `href` (and `download`).

    `checked` makes it a choice that is on or off. `detail` is a second line.
    """

    library = JS["menu.jsx"]
    tag = "MenuItem"

    icon: rx.Var[Any]
    href: rx.Var[str]
    disabled: rx.Var[bool]
    danger: rx.Var[bool]
    checked: rx.Var[bool]
    detail: rx.Var[str]


class SubMenu(rx.Component):
    """An item that opens more items below itself."""

    library = JS["menu.jsx"]
    tag = "SubMenu"

    label: rx.Var[str]
    icon: rx.Var[Any]
    disabled: rx.Var[bool]


class MenuSeparator(rx.Component):
    """A line between groups of items."""

    library = JS["menu.jsx"]
    tag = "MenuSeparator"
