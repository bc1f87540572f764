"""A page that is connected again keeps what it shows until the app knows it again.

A page that has lost its process comes to another one, which begins with an empty state: the page
would be emptied, and would have lost its place when the thread is there again. So what such a
process says is held back, and shown at once as soon as it has told the thread, and of an answer
that is being written as much as the page has already; or after a while, whatever it has told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reflex_base.plugins import Plugin

if TYPE_CHECKING:
    from typing import Unpack

    from reflex_base.plugins.base import PreCompileContext

_SCRIPT = "utils/state.js"
_BEFORE = "export const connect = async ("
_APPLIED = """        for (const substate in delta) {
          dispatch[substate](delta[substate]);
        }
        applyClientStorageDelta(client_storage, delta);"""
_INSTEAD = """        showNews(delta, dispatch);
        applyClientStorageDelta(client_storage, delta);"""
HELD = """/* Begin of chat_app/built_page/reconnect.py.
   `news` are the changes by substate that are not shown yet, or null. */
const HELD_FOR = 2500; // ms
// How far up the page was: see chat_app/state/transcript.py. One that is loaded anew is at the end.
if (typeof window !== "undefined") window.sessionStorage.removeItem("chat_window");
const reconnected = { news: null, wasTold: false, isTold: false, timer: 0, size: 0, shown: {} };
const MEASURED = ["transcript_state", "tail_state", "run_state"];

const merged = (known, delta) => {
  const all = { ...known };
  for (const substate in delta) all[substate] = { ...all[substate], ...delta[substate] };
  return all;
};
const measured = (changes) =>
  Object.fromEntries(
    Object.entries(changes).flatMap(([substate, vars]) => {
      const name = MEASURED.find((each) => substate.endsWith(`____${each}`));
      return name ? [[name, vars]] : [];
    }),
  );
const textOf = ({ md, text }) => (md?.length ?? 0) + (text?.length ?? 0);
/* Characters of the conversation that these changes make. */
const sizeOf = ({ transcript_state: rows, tail_state: tail }) => {
  const all = ["old", "middle", "new"].flatMap((name) => rows?.[`${name}_rx_state_`] ?? []);
  const open = (tail?.head_rx_state_?.length ?? 0) + (tail?.text_rx_state_?.length ?? 0);
  return all.reduce((size, row) => size + textOf(row), open);
};
const isComplete = () => {
  if (!reconnected.isTold) return false;
  const news = measured(reconnected.news);
  return !news.run_state?.running_rx_state_ || sizeOf(news) >= reconnected.size;
};
const showHeld = (dispatch) => {
  const news = reconnected.news ?? {};
  clearTimeout(reconnected.timer);
  reconnected.news = null;
  for (const substate in news) dispatch[substate](news[substate]);
};

function showNews(delta, dispatch) {
  const root = Object.keys(delta).find((substate) => !substate.includes("."));
  const isNew = delta[root]?.is_hydrated_rx_state_ === false;
  const tells = Object.values(delta).some((changes) => "told_rx_state_" in changes);
  if (isNew && reconnected.wasTold) {
    dispatch[root]({ is_hydrated_rx_state_: false });
    if (!reconnected.news) reconnected.size = sizeOf(reconnected.shown);
    Object.assign(reconnected, { news: reconnected.news ?? {}, isTold: false }); // it is said twice
    clearTimeout(reconnected.timer);
    reconnected.timer = setTimeout(showHeld, HELD_FOR, dispatch);
  } else if (tells && !isNew) Object.assign(reconnected, { wasTold: true, isTold: true });
  reconnected.shown = merged(reconnected.shown, measured(delta));
  if (!reconnected.news) {
    for (const substate in delta) dispatch[substate](delta[substate]);
    return;
  }
  reconnected.news = merged(reconnected.news, delta);
  if (isComplete()) showHeld(dispatch);
}
/* End of chat_app/built_page/reconnect.py. */

"""
_KNOWN = re.compile(
    r"/\* Begin of chat_app/\S*reconnect\.py\..*?End of chat_app/\S*reconnect\.py\. \*/\n\n",
    re.DOTALL,
)
"""Of any version of the app: Reflex keeps the script from build to build."""


class PageReconnect(Plugin):
    """A Reflex plugin, for `rx.Config(plugins=[...])`."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"](_SCRIPT, with_held_news)


def with_held_news(script: str) -> str:
    """Reflex's `utils/state.js`, holding back what a page is told until that is enough.

    Raises:
        LookupError: the script is not the one these edits were written for.
    """
    if _KNOWN.search(script):  # of an earlier build
        return _KNOWN.sub(lambda _: HELD, script)
    for line in (_BEFORE, _APPLIED):
        if script.count(line) != 1:
            raise LookupError(f"Reflex's {_SCRIPT} changed: {line} is not in it once")
    return script.replace(_BEFORE, HELD + _BEFORE).replace(_APPLIED, _INSTEAD)
