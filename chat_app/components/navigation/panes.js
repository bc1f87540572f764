/* Moving between the parts of the page with the keyboard. F6 goes from the text box to the open question of
   the agent, from there to its answer, and back to the text box; Shift+F6 goes the other way round. */

import { useEffect } from "react";

export const READ_KEY = "F6";

const ASKED = '[data-kind="human"], [data-status="sent"]';
const TEXT = '[data-kind="text"], [data-kind="output"]';

/** The rows with the text of the last answer, without those of agents that were called. */
export function answerRows() {
  const rows = [...document.querySelectorAll('.log [data-testid="row"]')].filter((row) => !row.closest(".inner-log"));
  const asked = rows.findLastIndex((row) => row.matches(ASKED));
  return rows.slice(asked + 1).filter((row) => row.matches(TEXT));
}

const composer = () =>
  document.querySelector(".composer textarea:enabled, .composer :is(input, select):enabled, .composer [type=submit]");
const card = () => document.querySelector(".ask-action:not([data-decided])") ?? document.querySelector(".ask");
const answer = () => answerRows()[0]?.closest(".turn") ?? document.querySelector(".scroll");

/** Give an element the focus, whether or not it is a stop of the Tab key. */
export function focusOn(element) {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: element.clientHeight > window.innerHeight / 2 ? "start" : "nearest" });
}

const PANES = [
  { within: ".composer", find: composer },
  { within: ".ask", find: card },
  { within: ".scroll", find: answer },
];

function goOn(event) {
  if (event.key !== READ_KEY || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  const panes = PANES.map((pane) => ({ ...pane, target: pane.find() })).filter(({ target }) => target);
  const at = panes.findIndex(({ within }) => document.activeElement.closest(within));
  const next = event.shiftKey ? (at < 0 ? panes.length : at) - 1 : at + 1;
  const pane = panes.at(next % panes.length);
  if (!pane) return;
  event.preventDefault();
  focusOn(pane.target);
}

export function usePaneKeys() {
  useEffect(() => {
    document.addEventListener("keydown", goOn);
    return () => document.removeEventListener("keydown", goOn);
  }, []);
}
