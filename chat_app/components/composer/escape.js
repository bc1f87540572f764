/* Escape stops the run, unless something else handles the key. */

import { useEffect } from "react";

/* Popovers and dialogs close on Escape, and a field may handle the key itself. */
const isTaken = ({ target, defaultPrevented, isComposing }) =>
  defaultPrevented ||
  isComposing ||
  target.matches?.("input, select") ||
  document.fullscreenElement ||
  document.querySelector(":popover-open, dialog[open]");

export function useEscape(busy, onStop) {
  useEffect(() => {
    if (!busy) return;
    const onEscape = (event) => event.key === "Escape" && !isTaken(event) && onStop();
    document.addEventListener("keydown", onEscape);
    return () => document.removeEventListener("keydown", onEscape);
  }, [busy]);
}
