/* Whether the inspector is open, which tab of it, and how wide it is: remembered by the browser. Another tab of it
   does not follow. */

import { shared } from "../prose/store.js";

function kept(key, initial) {
  const store = shared(initial);
  const set = (value) => {
    store.set(value);
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Storage full or forbidden: the value is then lost with the page.
    }
  };
  if (typeof window !== "undefined") {
    try {
      store.set(JSON.parse(localStorage.getItem(key)) ?? initial);
    } catch {
      // Forbidden, or written by something else.
    }
  }
  return { ...store, set };
}

/** Where the inspector covers the conversation. */
export const isPhone = () => window.matchMedia("(max-width: 47.5em), (max-height: 30em)").matches;

export const opened = kept("chat_inspector", false);
export const chosenTab = kept("chat_inspector_tab", "");
export const width = kept("chat_inspector_width", 0);

/** The run that the Timeline tab is to show; empty for the newest one. Not remembered. */
export const wantedRun = shared("");

// On a phone it would cover the chat that a person came for.
if (typeof window !== "undefined" && isPhone()) opened.set(false);
