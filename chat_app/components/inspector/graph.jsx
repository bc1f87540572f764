/* The Graph tab: the graph of the assistant as the server describes it, and what its nodes do at the moment. */

import { useCallback, useEffect, useMemo, useState } from "react";
import FoldVertical from "lucide-react/dist/esm/icons/fold-vertical.mjs";
import UnfoldVertical from "lucide-react/dist/esm/icons/unfold-vertical.mjs";
import { counted, filled } from "../shared/words.jsx";
import { Canvas } from "./graph_canvas.jsx";
import { folded, ordered } from "./graph_fold.js";
import { NodeList } from "./graph_list.jsx";
import { ran, running } from "./graph_runs.js";
import { labelled, measurer, shaped } from "./graph_sizes.js";
import { chosenTab, wantedRun, wantedSpan } from "./opened.js";
import { useSpans } from "./spans.js";

const MANY = 60; // nodes: in a larger graph the subgraphs are closed at first

/* The description from the server: `graph`, or the name of a `problem`. It is asked for again as a run begins, which
   may be another assistant's; where nothing has changed, it stays the same object. */
function useGraph(address, isRunning) {
  const [found, setFound] = useState({});
  const [tries, setTries] = useState(0);
  useEffect(() => setFound({}), [address, tries]);
  useEffect(() => {
    if (!address) return;
    const aborted = new AbortController();
    const fail = () => !aborted.signal.aborted && setFound((now) => (now.graph ? now : { problem: "failed" }));
    fetch(`${address}/graph`, { signal: aborted.signal })
      .then(async (answer) => {
        if (!answer.ok) return fail();
        const said = await answer.text();
        setFound((now) => (now.said === said ? now : { ...JSON.parse(said), said }));
      })
      .catch(fail);
    return () => aborted.abort();
  }, [address, tries, isRunning]);
  return { ...found, again: () => setTries((count) => count + 1) };
}

/* The page measures names in the fonts that it draws them in. */
function useMeasure() {
  return useMemo(() => measurer(typeof document === "undefined" ? "" : getComputedStyle(document.body).fontFamily), []);
}

function useClosed(graph) {
  const [closed, setClosed] = useState([]);
  const tops = useMemo(() => (graph ? graph.groups.map(({ id }) => id) : []), [graph]);
  useEffect(() => setClosed(graph && graph.nodes.length > MANY ? tops : []), [graph]);
  const fold = useCallback(
    (id) => setClosed((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id])),
    [],
  );
  return { closed, fold, openAll: () => setClosed([]), closeAll: () => setClosed(tops), hasGroups: tops.length > 0 };
}

/* What is shown, with the sizes that its layout needs. */
function planned(shown, measure, words) {
  const shapes = new Map(shown.boxes.map((box) => [box.id, shaped(box, measure, words)]));
  const labels = shown.pieces.map((piece) => labelled(piece, measure));
  const size = ({ width, height }) => ({ width, height });
  const options = { sizes: new Map([...shapes].map(([id, shape]) => [id, size(shape)])), labels: labels.map(size) };
  return { folded: shown, shapes, labels, options };
}

function Shown({ graph, assistant, whole, spans, words, showStep }) {
  const measure = useMeasure();
  const [chosen, choose] = useState("");
  const { closed, fold, openAll, closeAll, hasGroups } = useClosed(graph);
  const shown = useMemo(() => folded(graph, closed), [graph, closed]);
  const list = useMemo(() => ordered(shown), [shown]);
  const plan = useMemo(() => planned(shown, measure, words), [shown, measure]);
  const parents = useMemo(() => new Map([...graph.groups, ...graph.nodes].map(({ id, group }) => [id, group])), [graph]);
  const runs = useMemo(() => ran(spans, shown.boxes, parents), [spans, shown, parents]);
  const lit = useMemo(() => running(shown.boxes, runs), [shown, runs]);
  const size = [counted(words.nodeCount, graph.nodes.length, words.language), counted(words.edgeCount, graph.edges.length, words.language)];
  const label = filled(words.picture, { assistant, size: size.join(words.between) });
  const isAllOpen = !closed.length;
  const all = { label: isAllOpen ? words.closeAll : words.openAll, icon: isAllOpen ? FoldVertical : UnfoldVertical };
  const AllIcon = all.icon;
  return (
    <div className="graph-room">
      <div className="graph">
        <p className="graph-about">
          <strong dir="auto">{assistant}</strong>
          <span>{size.join(words.between)}</span>
          {graph.edges.some(({ conditional }) => conditional) && <span className="graph-legend">{words.conditional}</span>}
          {graph.left_out > 0 && <span>{counted(words.leftOut, graph.left_out, words.language)}</span>}
          {!whole && <span>{words.flat}</span>}
        </p>
        <Canvas first={list[0]?.id} running={lit} onChoose={choose} {...{ plan, runs, chosen, measure, words, label }}>
          {hasGroups && (
            <button type="button" aria-label={all.label} title={all.label} onClick={isAllOpen ? closeAll : openAll}>
              <AllIcon size="1rem" strokeWidth={1.7} aria-hidden="true" />
            </button>
          )}
        </Canvas>
        <NodeList folded={shown} onChoose={choose} onFold={fold} {...{ list, runs, chosen, showStep, words }} />
      </div>
    </div>
  );
}

/* The Timeline tab with one span selected. */
function showInTimeline(span) {
  wantedSpan.set(span);
  chosenTab.set("timeline");
}

export function GraphTab({ address, running: isRunning, words }) {
  const { graph, assistant, whole, problem, again } = useGraph(address, isRunning);
  const { rows: spans } = useSpans(address, wantedRun.use(), isRunning);
  if (!address) return <p className="inspector-note">{words.empty}</p>;
  if (problem)
    return (
      <div className="inspector-note">
        <p>{words.problems[problem] ?? words.problems.failed}</p>
        <button type="button" className="button" onClick={again}>{words.retry}</button>
      </div>
    );
  if (!graph) return <p className="inspector-note">{words.reading}</p>;
  return <Shown {...{ graph, assistant, whole, spans, words }} showStep={showInTimeline} />;
}
