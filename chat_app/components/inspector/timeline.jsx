/* The Timeline tab: the nodes and tasks of a run, each as a bar in time. */

import { useEffect, useMemo, useRef, useState } from "react";
import { wantedRun, wantedSpan } from "./opened.js";
import { useSpans } from "./spans.js";
import { TimelineDetails } from "./timeline_details.jsx";
import { TimelineHead } from "./timeline_head.jsx";
import { usePointedAt } from "./timeline_marks.js";
import { madeBy } from "./timeline_rows.js";
import { TimelineTree } from "./timeline_tree.jsx";

const NO_PLACES = {};
const MOST_PLACES = 2000; // ids that are looked for in the chat at once: the newest

export function TimelineTab({ address, running, trace, thread, runs, places, words, onPlaces, onRuns }) {
  const wanted = wantedRun.use();
  const [selected, select] = useState(wantedSpan.get);
  const seen = useSpans(address, wanted, running);
  const { run, rows, failed } = seen;
  const span = useMemo(() => ({ from: 0, to: Math.max((run?.seconds ?? 0) * 1000, 1) }), [run?.seconds]);
  const last = useRef(thread);
  useEffect(() => {
    if (last.current && last.current !== thread) select("");
    last.current = thread;
    wantedSpan.set("");
  }, [thread]);
  useEffect(() => {
    onRuns();
  }, [thread, run?.id, run?.state]);
  // Where the messages of these rows are in the chat: asked when there are others than before.
  const ids = useMemo(() => [...rows.values()].flatMap(madeBy).slice(-MOST_PLACES), [rows]);
  const named = ids.join(" ");
  useEffect(() => {
    if (!named) return undefined;
    const timer = setTimeout(() => onPlaces(ids), running ? 1000 : 100);
    return () => clearTimeout(timer);
  }, [named, running]);
  const known = places ?? NO_PLACES;
  usePointedAt(known);
  if (!run) return <p className="inspector-note" role={failed && "status"}>{failed ? words[failed] : words.empty}</p>;
  const chosen = rows.get(selected);
  const isEmpty = rows.size === 0 && run.state !== "running";
  return (
    <div className="timeline">
      <TimelineHead {...{ seen, runs, wanted, trace, thread, words }} />
      {failed && <p className="timeline-failed" role="status">{words[failed]}</p>}
      {isEmpty && <p className="inspector-note">{words.nothing}</p>}
      <TimelineTree {...{ rows, span, words, selected }} places={known} onSelect={(id) => select(id === selected ? "" : id)} />
      {chosen && (
        <TimelineDetails key={chosen.id} row={chosen} run={run} {...{ address, words }} onClose={() => select("")} />
      )}
    </div>
  );
}
