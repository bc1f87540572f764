/* What the list of waiting chats and its head share: how long a chat waits. */

import { useEffect, useState } from "react";
import { filled } from "../shared/words.jsx";

export { filled };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RENEWED_AFTER = MINUTE / 2;
const NARROW = "(max-width: 47.5em)";

/* On narrow screens the list and the selected chat are not on the page at the same time. */
export const isWide = () => !window.matchMedia(NARROW).matches;

/** The time now in milliseconds, renewed twice a minute. */
export function useNow() {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), RENEWED_AFTER);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long it is since a time, in words. */
export function timeIn(since, now, { now: justNow, minutes, hours, days }) {
  const passed = Math.max(now - since, 0);
  if (passed < MINUTE) return justNow;
  if (passed < HOUR) return filled(minutes, { n: Math.floor(passed / MINUTE) });
  if (passed < DAY) return filled(hours, { n: Math.floor(passed / HOUR) });
  return filled(days, { n: Math.floor(passed / DAY) });
}

/** What the assistant of a chat is called. */
export function nameOf({ assistant, graph }, agent, options) {
  const found = options.find(({ id }) => id === assistant);
  return agent || found?.label || found?.name || graph || "";
}
