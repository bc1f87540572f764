"""The page's events: none of them is code that comes as text.

Reflex evaluates what an event of the server names: a script, a function, the address of a download,
a component. That needs ``'unsafe-eval'`` in the policy of the page, and makes code of whatever such
an event holds. The app sends none of these: each is taken out of the page, and fails if it comes.

The app's own `page_event` takes their place: an event for the document, by name.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from reflex.event import EventSpec, server_side
from reflex_base.plugins import Plugin

if TYPE_CHECKING:
    from typing import Unpack

    from reflex_base.plugins.base import PreCompileContext

_SCRIPT = "utils/state.js"
_NAME = "_page_event"
_FIRST = '  if (event.name == "_redirect") {'
_OWN = f"""  if (event.name == "{_NAME}") {{
    document.dispatchEvent(new Event(event.payload.event));
    return;
  }}

"""
_EVAL = re.compile(r"\beval(?:\?\.)?\(")
_CODE = re.compile(r"\beval\b|\bFunction\(")
_REFUSED = "notEvaluated("
_REFUSAL = """
/* Nothing is evaluated in this page: see chat_app/built_page/events.py. */
const notEvaluated = () => {
  throw new Error("The page does not evaluate text");
};
"""


class PageEval(Plugin):
    """A Reflex plugin, for `rx.Config(plugins=[...])`."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"](_SCRIPT, without_eval)


def page_event(event: str) -> EventSpec:
    """An event for the page's document, as ``new Event(event)``."""
    return server_side(_NAME, inspect.signature(page_event), event=event)


def without_eval(script: str) -> str:
    """Reflex's `utils/state.js`, with events for the document, and without those that are code.

    Raises:
        LookupError: the script is not the one these edits were written for.
    """
    if _OWN in script:
        return script
    if _FIRST not in script or not _EVAL.search(script):
        raise LookupError(f"Reflex's {_SCRIPT} changed: it has no events of the kinds known here")
    edited = _EVAL.sub(_REFUSED, script).replace(_FIRST, _OWN + _FIRST, 1) + _REFUSAL
    if _CODE.search(edited):
        raise LookupError(f"Reflex's {_SCRIPT} changed: it evaluates text in another way")
    return edited
