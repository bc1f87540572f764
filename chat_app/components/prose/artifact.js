/* What stands beside the conversation: a file of the agent by its `path`, whose text the app sends, or
   `{ name, language, text }` of something that is on the page already; null for nothing. */

import { shared } from "./store.js";

const opened = shared(null);
let opener = null; // where the focus goes back to

export const useArtifact = opened.use;
export const artifact = opened.get;

export function openBeside(thing) {
  if (!opened.get()) opener = document.activeElement;
  opened.set(thing);
}

/* The same thing grew; whatever else is open stays. */
export function updateBeside(thing) {
  if (opened.get()?.id === thing.id) opened.set(thing);
}

export function closeBeside() {
  if (!opened.get()) return;
  opened.set(null);
  const back = opener?.isConnected ? opener : document.querySelector(".composer textarea");
  back?.focus({ preventScroll: true });
}

/* Of another thread: nobody asked for the focus to go anywhere. */
export const dropBeside = () => opened.set(null);
