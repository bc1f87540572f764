/* The spans of the run that the inspector shows, for the counts in the drawing. */

import { useRef, useState } from "react";
import { usePolling } from "./polling.js";
import { merged } from "./timeline_rows.js";

const NONE = { version: 0, run: "", state: "", rows: new Map() };

/** Rows of the `wanted` run, or without one of the newest, as the timeline has them. */
export function useSpans(address, wanted, isRunning) {
  const [seen, setSeen] = useState(NONE);
  const of = useRef("");
  const asked = `${address} ${wanted}`;
  const ask = async (signal) => {
    if (!address) return false;
    const since = of.current === asked ? seen : NONE;
    const query = new URLSearchParams({ after: since.version, of: since.run, run: wanted });
    const answer = await fetch(`${address}/spans?${query}`, { signal });
    const told = answer.ok ? await answer.json() : null;
    if (signal.aborted || !told) return false;
    const run = told.run?.id ?? "";
    const isSame = of.current === asked && since.run === run;
    if (isSame && told.version === since.version) return false;
    of.current = asked;
    const known = isSame && !told.whole ? since.rows : NONE.rows;
    setSeen({ version: told.version, run, state: told.run?.state ?? "", rows: merged(known, told.rows ?? []) });
    return Boolean(run);
  };
  usePolling(ask, isRunning || seen.state === "running", [asked]);
  return of.current === asked ? seen.rows : NONE.rows;
}
