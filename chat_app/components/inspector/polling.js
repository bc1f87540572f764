/* Asks a route of the inspector again and again: often while a run goes, ever less often at rest, one request at a
   time, and none while the page is hidden. */

import { useEffect, useRef } from "react";

const OFTEN = 250; // ms
const SELDOM = 15_000;
const GROWS = 1.7;

const now = () => performance.now();

/** `ask` gets an AbortSignal and returns whether there was something new. It is asked at once where one of `when`
    has changed, and no request of before is used then. */
export function usePolling(ask, isBusy, when) {
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    const ending = new AbortController();
    let timer = null;
    let pause = OFTEN;
    let isAsking = false;
    async function turn() {
      clearTimeout(timer);
      if (isAsking || document.hidden || ending.signal.aborted) return;
      isAsking = true;
      const begun = now();
      let isNew = false;
      try {
        isNew = await latest.current(ending.signal);
      } catch {
        // Asked again, as if there was nothing new.
      }
      isAsking = false;
      if (ending.signal.aborted) return;
      pause = isBusy || isNew ? OFTEN : Math.min(pause * GROWS, SELDOM);
      timer = setTimeout(turn, Math.max(pause - (now() - begun), OFTEN / 2));
    }
    const onVisible = () => {
      pause = OFTEN;
      turn();
    };
    document.addEventListener("visibilitychange", onVisible);
    turn();
    return () => {
      ending.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [isBusy, ...when]);
}
