/* Prompts that are pressed outside of the composer, and sent by it with all that is in it. */

import { useEffect, useRef } from "react";

let taker = null;

/** Returns whether there is a composer that took the prompt. */
export function handOver(prompt) {
  taker?.(prompt);
  return Boolean(taker);
}

/** `send` takes prompts while the component is on the page. */
export function usePrompts(send) {
  const now = useRef(send);
  now.current = send;
  useEffect(() => {
    const take = (prompt) => now.current(prompt);
    taker = take;
    return () => {
      if (taker === take) taker = null;
    };
  }, []);
}
