/* Escape stops the run, unless something else has a use for it. */

import { useEffect } from "react";

/* What is open closes on Escape, and a field may have a use of its own for it. */
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
