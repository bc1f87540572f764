/* The State tab: the values of a checkpoint with what changed of them, and what can be done there. */

import { useEffect, useMemo, useRef, useState } from "react";
import { announce } from "../shared/announce.js";
import { filled } from "../shared/filled.js";
import { Checkpoints, Comparison, nameOf } from "./checkpoints.jsx";
import { useHistory, useShownState } from "./state_asking.js";
import { Breakpoints, EditForm, RunForm } from "./state_forms.jsx";
import { ValueTree } from "./value_tree.jsx";

export function StateTab({ address, thread, running, words, ...rest }) {
  if (!address) return <p className="inspector-note">{words.empty}</p>;
  return <ThreadStates key={thread} {...{ address, thread, running, words }} {...rest} />;
}

function ThreadStates({ address, thread, running, words, edited, onLoad, onOpen, onClose, onSave, onGoOn, onRun, onStep, onBreakpoints }) {
  const [selected, select] = useState(""); // empty: what the chat shows, live
  const [mode, setMode] = useState("");
  const [base, setBase] = useState(""); // that is compared with; empty: the one before
  const [isListed, setListed] = useState(false);
  const [found, problem, lookAgain] = useShownState(address, running, selected, mode === "compare" ? base : "");
  const now = found?.checkpoint;
  const history = useHistory(address, found?.newest, isListed || mode === "compare");
  const named = now && (history.rows.find(({ id }) => id === now.id) ?? now);
  const head = useRef(null);
  useEffect(() => {
    onLoad(); // its result is no function that ends an effect
  }, [thread]);
  useSettled(edited, () => {
    lookAgain();
    if (edited.problem) return;
    select("");
    if (mode === "edit" || mode === "run") leave("");
  });
  const leave = (next) => {
    if (mode === "edit") onClose();
    setMode(next);
    if (!next) head.current?.focus({ preventScroll: true });
  };
  const turn = (next) => {
    leave(mode === next ? "" : next);
    if (next === "edit" && mode !== "edit") onOpen(now.id);
    if (next === "compare") setBase("");
  };
  const from = useMemo(
    () => ({ address, query: { checkpoint: now?.id ?? "", base: found?.base || "-" } }),
    [address, now?.id, found?.base],
  );
  if (!found) return <p className="inspector-note">{problem ? problem.trim() || words.failed : words.loading}</p>;
  if (!now && !found.page.rows.length) return <p className="inspector-note">{words.none}</p>;
  const common = { words, isRunning: running, problem: edited.problem, detail: edited.problem_detail, settled: edited.settled };
  const hasForm = mode === "run" || (mode === "edit" && edited.checkpoint); // which says itself what is wrong
  const hasNext = now?.next.length > 0;
  const isReading = found.of !== selected; // what is done would be done with the one before
  const action = (name, label, isOff = false) => (
    <button type="button" className="quiet-button" aria-pressed={mode === name} disabled={!now || isReading || isOff} onClick={() => turn(name)}>{label}</button>
  );
  return (
    <div className="state" data-testid="state">
      <header className="state-head">
        <p ref={head} tabIndex={-1} data-testid="state-name">
          {named ? nameOf(named, words) : words.unnamed}
          <small>{found.of ? words.past : now?.id === found.newest ? words.newest : words.inChat}</small>
          {selected && (isReading || found.newest !== now?.id) && (
            <button type="button" className="quiet-button" onClick={() => select("")}>{words.toNewest}</button>
          )}
        </p>
        {hasNext && <p className="state-next">{filled(words.next, { nodes: now.next.join(", ") })}</p>}
        <div className="state-actions" role="group" aria-label={words.actions}>
          <button type="button" className="quiet-button" aria-expanded={isListed} onClick={() => setListed(!isListed)}>{words.checkpoints}</button>
          {action("edit", words.edit)}
          <button type="button" className="quiet-button" disabled={!now || isReading || running} title={hasNext ? words.goOnRuns : words.goOnShows} onClick={() => onGoOn(now.id, hasNext)}>
            {words.goOn}
          </button>
          {action("run", words.runFrom)}
          <button type="button" className="quiet-button" disabled={!hasNext || isReading || running} title={words.stepMeans} onClick={() => onStep(now.id)}>{words.oneStep}</button>
          {action("compare", words.compare)}
          {action("breakpoints", words.breakpoints)}
        </div>
        {!hasForm && edited.problem && <p className="state-problem" role="alert">{edited.problem}</p>}
        {!edited.problem && edited.said && <p className="state-said">{edited.said}</p>}
        {problem && <p className="state-problem" role="alert">{problem.trim() || words.failed}</p>}
      </header>
      <div className="state-body">
        {isListed && <Checkpoints {...{ history, words }} now={now?.id} shown={found.shown} onSelect={(id) => select(id === found.newest && id === found.shown ? "" : id)} />}
        {mode === "edit" && edited.checkpoint && (
          <EditForm key={edited.checkpoint} {...common} {...edited} isLate={edited.is_late} onSave={onSave} onClose={() => leave("")} />
        )}
        {mode === "run" && now && <RunForm {...common} onRun={(given) => onRun(now.id, given)} onClose={() => leave("")} />}
        {mode === "compare" && now && <Comparison {...{ address, history, now, base, words }} onBase={setBase} onClose={() => leave("")} />}
        {mode === "breakpoints" && <Breakpoints {...edited} words={words} onSet={onBreakpoints} onClose={() => leave("")} />}
        <ValueTree page={found.page} {...{ from, words }} />
      </div>
    </div>
  );
}

/* Tells what came of a request, and calls `then` once for each. */
function useSettled(edited, then) {
  const known = useRef(edited.settled);
  useEffect(() => {
    if (edited.settled === known.current) return;
    known.current = edited.settled;
    announce(edited.said);
    then();
  }, [edited.settled]);
}
