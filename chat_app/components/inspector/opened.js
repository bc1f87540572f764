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

const inRem = (px) => px / parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Where the inspector is on the page: "beside" the conversation, "over" a part of it, or a "sheet" over all. Other
    than in media queries, a rem is as large as the person has chosen. */
export function placeNow() {
  const [wide, high] = [inRem(window.innerWidth), inRem(window.innerHeight)];
  if (wide <= 47.5 || high <= 30) return "sheet";
  return wide <= 68.75 ? "over" : "beside";
}

export const opened = kept("chat_inspector", false);
export const chosenTab = kept("chat_inspector_tab", "");
export const width = kept("chat_inspector_width", 0);

/** The run that the Timeline tab is to show; empty for the newest one. Not remembered. */
export const wantedRun = shared("");

/** The span that the Timeline tab is to begin with; empty for none. */
export const wantedSpan = shared("");

// On a phone it would cover the chat that a person came for.
if (typeof window !== "undefined" && placeNow() === "sheet") opened.set(false);
