/* Moving between the parts of the page with the keyboard: from the text box to the open question of the agent,
   from there to its answer, and back to the text box; or the other way round. */

import { useCommand } from "../commands/registry.js";

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

/** Where the message to the agent is written. */
export const focusComposer = () => composer()?.focus({ preventScroll: true });

function next(isBack) {
  const panes = PANES.map((pane) => ({ ...pane, target: pane.find() })).filter(({ target }) => target);
  const at = panes.findIndex(({ within }) => document.activeElement.closest(within));
  const place = isBack ? (at < 0 ? panes.length : at) - 1 : at + 1;
  return panes.at(place % panes.length)?.target;
}

export function usePaneCommands() {
  useCommand("next-pane", { run: () => focusOn(next(false)), isPossible: () => Boolean(next(false)) });
  useCommand("previous-pane", { run: () => focusOn(next(true)), isPossible: () => Boolean(next(true)) });
}
