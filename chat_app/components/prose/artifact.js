/* What the panel shows: a file of the agent by its `path`, whose text the app sends, or
   `{ name, language, text }` of something that is on the page already; null if it is closed. */

import { shared } from "./store.js";

const opened = shared(null);
let opener = null; // the element that gets the focus back

export const useArtifact = opened.use;
export const artifact = opened.get;

export function openBeside(thing) {
  if (!opened.get()) opener = document.activeElement;
  opened.set(thing);
}

/* Updates the open document, if it is the same one. */
export function updateBeside(thing) {
  if (opened.get()?.id === thing.id) opened.set(thing);
}

export function closeBeside() {
  if (!opened.get()) return;
  opened.set(null);
  const back = opener?.isConnected ? opener : document.querySelector(".composer textarea");
  back?.focus({ preventScroll: true });
}

/* Closes the panel when the thread changes, without moving the focus. */
export const dropBeside = () => opened.set(null);
