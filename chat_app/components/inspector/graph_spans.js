/* The steps of the newest run, asked for while the tab is seen: four times a second while a run goes, and ever more
   rarely at rest. One request is under way at a time, and each asks only for what has changed. */

import { useEffect, useState } from "react";
import { merged } from "./graph_runs.js";

const OFTEN = 250; // ms
const RARELY = 8_000; // ms
const SLOWER = 1.6;

const NONE = { run: null, spans: [] };

export function useSpans(address, isRunning) {
  const [found, setFound] = useState(NONE);
  useEffect(() => {
    setFound(NONE);
  }, [address]);
  useEffect(() => {
    if (!address) return;
    const aborted = new AbortController();
    let [timer, pause, version, of, spans] = [0, OFTEN, 0, "", new Map()];
    const ask = async () => {
      if (!document.hidden) {
        try {
          const answer = await fetch(`${address}/spans?after=${version}&of=${of}`, { signal: aborted.signal });
          const body = answer.ok ? await answer.json() : null;
          if (body && (body.version !== version || (body.run?.id ?? "") !== of)) {
            spans = merged(spans, body);
            [version, of] = [body.version, body.run?.id ?? ""];
            pause = OFTEN;
            setFound({ run: body.run, spans: [...spans.values()] });
          }
        } catch {
          if (aborted.signal.aborted) return;
        }
      }
      if (!isRunning) pause = Math.min(pause * SLOWER, RARELY);
      timer = setTimeout(ask, pause);
    };
    const onVisible = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      pause = OFTEN;
      ask();
    };
    document.addEventListener("visibilitychange", onVisible);
    ask();
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      clearTimeout(timer);
      aborted.abort();
    };
  }, [address, isRunning]);
  return found;
}
