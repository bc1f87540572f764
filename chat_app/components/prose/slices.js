/* Time slicing for the parsing and rendering of Markdown, so that the page stays responsive.

   Many blocks that mount at once, as when a thread is opened, would be one long task. After the first few
   milliseconds the others are rendered in later tasks, the last ones first, where the reader is. The open
   block is rendered again with each update, which takes longer the longer it is; it is then throttled. */

import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

const FIRST_SLICE = 40; // ms of a task after which blocks that mount wait for a later one
const SLICE = 25; // ms of rendering before the page is laid out again, which takes as long
const ALWAYS = 8; // blocks per task that are not deferred: as many as an answer completes at once
const CHEAP = 12; // ms; an open block that takes less is rendered with each update

let task = null; // { start, mounted } of the running task

function mountsNow() {
  if (!task) {
    task = { start: performance.now(), mounted: 0 };
    setTimeout(() => {
      task = null;
    });
  }
  task.mounted += 1;
  return task.mounted <= ALWAYS || performance.now() - task.start < FIRST_SLICE;
}

const waiting = new Set(); // functions that render a block
let isScheduled = false;

function drawSome() {
  isScheduled = false;
  const start = performance.now();
  while (waiting.size && performance.now() - start < SLICE) {
    const last = [...waiting].at(-1);
    waiting.delete(last);
    flushSync(last);
  }
  schedule();
}

function schedule() {
  if (isScheduled || !waiting.size) return;
  isScheduled = true;
  setTimeout(drawSome, 8);
}

/* Whether a block is to be rendered yet. */
export function useSlice(live) {
  const [isDue, setDue] = useState(() => live || mountsNow());
  useEffect(() => {
    if (isDue) return undefined;
    const draw = () => setDue(true);
    waiting.add(draw);
    schedule();
    return () => waiting.delete(draw);
  }, [isDue]);
  return isDue;
}

/* `source`, or while it grows faster than it can be rendered, an earlier state of it. Call `drawn` with the
   milliseconds that rendering took. */
export function usePaced(source, live) {
  const [, redraw] = useState(0);
  const pace = useRef({ source, cost: 0, at: 0 });
  const wait = pace.current.at + 2 * pace.current.cost - performance.now();
  if (!live || pace.current.cost < CHEAP || wait <= 0) pace.current.source = source;
  const isBehind = pace.current.source !== source;
  useEffect(() => {
    if (!isBehind) return undefined;
    const timer = setTimeout(() => redraw((times) => times + 1), Math.max(wait, 0));
    return () => clearTimeout(timer);
  }, [isBehind, source]);
  const drawn = (cost) => {
    pace.current.cost = cost;
    pace.current.at = performance.now();
  };
  return [pace.current.source, drawn];
}
