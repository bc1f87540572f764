"""Addresses of the app in the page: see ``base.js``."""

from __future__ import annotations

import reflex as rx
from reflex.vars import StringVar, VarData

from chat_app.components.shared import JS


def at(path: str) -> StringVar[str]:
    """The address of `path`, which begins with a slash, below the base path of the app."""
    imports = {JS["base.js"]: [rx.ImportVar(tag="at")]}
    return rx.Var(f'at("{path}")', _var_data=VarData(imports=imports)).to(StringVar)
