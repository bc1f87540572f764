/* Asks for layouts: in a worker, or in the page where a browser starts none. */

import { useEffect, useState } from "react";

const PATIENCE = 20_000; // ms
const LATE = new Error("too large to be laid out");

function askWorker(folded, options, signal) {
  const worker = new Worker(new URL("./graph_worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(LATE), PATIENCE);
    signal.addEventListener("abort", reject);
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    worker.postMessage({ folded, options });
    worker.cancel = () => {
      clearTimeout(timer);
      worker.terminate();
    };
  }).finally(() => worker.cancel());
}

async function inPage(folded, options) {
  const [dagre, { fitting }] = await Promise.all([import("@dagrejs/dagre"), import("./graph_layout.js")]);
  return fitting(dagre, folded, options);
}

async function arrange(folded, options, signal) {
  try {
    return await askWorker(folded, options, signal);
  } catch (error) {
    if (signal.aborted || error === LATE) throw error; // the page would stand still for as long
    return inPage(folded, options);
  }
}

/** The layout of a `plan`, which has what is `folded` and the `options` of its layout, for a frame, once there is one;
    together with the plan it is of and how long it took in ms. Until a new one is there the last one stays. */
export function useArranged(plan, frame) {
  const [found, setFound] = useState(null);
  const hasFrame = Boolean(frame?.width && frame.height);
  useEffect(() => {
    if (!hasFrame) return undefined;
    const ending = new AbortController();
    const begin = performance.now();
    arrange(plan.folded, { ...plan.options, frame }, ending.signal)
      .then((layout) => ending.signal.aborted || setFound({ ...plan, ...layout, took: performance.now() - begin }))
      .catch(() => {}); // the list of the nodes is there without a drawing
    return () => ending.abort();
  }, [plan, hasFrame]);
  return found;
}
