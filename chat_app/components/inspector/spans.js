/* The spans of a run, for the timeline and for the counts in the drawing of the graph. The route tells what has
   changed since the version that is here; nothing of it goes through the app's state. */

import { useRef, useState } from "react";
import { usePolling } from "./polling.js";
import { merged } from "./timeline_rows.js";

const NONE = { version: 0, run: null, rows: new Map(), failed: "" };

/** What the route has told of the `wanted` run, or of the newest one without. */
export function useSpans(address, wanted, isRunning) {
  const [seen, setSeen] = useState(NONE);
  const of = useRef("");
  const asked = `${address} ${wanted}`;
  const ask = async (signal) => {
    if (!address) return false;
    const since = of.current === asked ? seen : NONE;
    const query = new URLSearchParams({ after: since.version, ...(since.run && { of: since.run.id }), ...(wanted && { run: wanted }) });
    const response = await fetch(`${address}/spans?${query}`, { signal });
    if (signal.aborted) return false;
    if (!response.ok) {
      setSeen((last) => ({ ...last, failed: response.status === 404 ? "gone" : "failed" }));
      return false;
    }
    const told = await response.json();
    if (signal.aborted) return false;
    const isSame = since.run?.id === told.run?.id;
    of.current = asked;
    if (isSame && told.run && told.version === since.version && !since.failed) return false;
    const rows = isSame && !told.whole ? since.rows : NONE.rows;
    setSeen({ ...told, failed: "", rows: merged(rows, told.rows ?? []) });
    return told.run !== null;
  };
  usePolling(ask, isRunning || seen.run?.state === "running", [asked]);
  return of.current === asked ? seen : NONE;
}
