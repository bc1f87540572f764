/* The checkpoints of a thread, and what differs between two of them. */

import { useEffect, useId, useMemo, useState } from "react";
import { filled } from "../shared/filled.js";
import { lanesOf } from "./lanes.js";
import { ask } from "./state_asking.js";

/** A checkpoint in one line: its step, what has written it, and when. */
export function nameOf(row, words) {
  const by = row.nodes.join(", ") || words.sources[row.source] || row.source;
  const step = row.step === null ? "" : filled(words.step, { step: row.step });
  return [step, by, timeOf(row.at, words.language)].filter(Boolean).join(" · ");
}

function timeOf(at, language) {
  const then = new Date(at);
  return at && !Number.isNaN(then.getTime()) ? then.toLocaleTimeString(language, { timeStyle: "medium" }) : "";
}

export function Checkpoints({ history, now, shown, words, onSelect }) {
  const { rows, more, problem } = history;
  const lanes = useMemo(() => lanesOf(rows), [rows]);
  return (
    <section className="state-checkpoints" aria-label={words.checkpoints}>
      {problem && <p className="state-problem" role="alert">{problem.trim() || words.failed}</p>}
      <ol>
        {rows.map((row) => (
          <li key={row.id} style={{ "--lane": Math.min(lanes.get(row.id), 6) }}>
            <button
              type="button"
              aria-current={row.id === now ? "true" : undefined}
              onClick={() => onSelect(row.id)}
              data-testid="checkpoint"
              data-source={row.source}
            >
              <span className="state-lane" aria-hidden="true" />
              <span className="state-name">{nameOf(row, words)}</span>
              <small>
                {row.id === shown && <b>{words.inChat}</b>}
                {lanes.get(row.id) > 0 && <span>{filled(words.branch, { number: lanes.get(row.id) + 1 })}</span>}
                {row.next.length > 0 && <span>{filled(words.next, { nodes: row.next.join(", ") })}</span>}
                {row.asks && <span>{words.asks}</span>}
                {row.failed && <span className="state-failed">{row.failed}</span>}
              </small>
            </button>
          </li>
        ))}
      </ol>
      {more && <button type="button" className="quiet-button" onClick={more}>{words.older}</button>}
    </section>
  );
}

/** What became of the values of one checkpoint in the one that is looked at, one by one. */
export function Comparison({ address, history, now, base, words, onBase, onClose }) {
  const id = useId();
  const others = history.rows.filter((row) => row.id !== now.id);
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    setFound(null);
    if (!base) return undefined;
    const ending = new AbortController();
    ask(address, "difference", { a: base, b: now.id }, ending.signal)
      .then((told) => {
        setProblem(told.problem ?? "");
        setFound(told);
      })
      .catch((error) => ending.signal.aborted || setProblem(error.message || " "));
    return () => ending.abort();
  }, [address, base, now.id]);
  const more = async () => {
    const next = await ask(address, "difference", { a: base, b: now.id, start: found.rows.length }).catch(() => null);
    if (next) setFound({ ...found, rows: [...found.rows, ...next.rows], more: next.more });
  };
  return (
    <section className="state-form" aria-label={words.compare}>
      <label htmlFor={id}>{words.compareWith}</label>
      <select id={id} value={base} onChange={({ target }) => onBase(target.value)} autoFocus>
        <option value="">{words.choose}</option>
        {others.map((row) => <option key={row.id} value={row.id}>{nameOf(row, words)}</option>)}
      </select>
      {history.more && <button type="button" className="quiet-button" onClick={history.more}>{words.older}</button>}
      {problem && <p className="state-problem" role="alert">{problem.trim() || words.failed}</p>}
      {found && !found.rows.length && <p className="state-none">{words.same}</p>}
      {found && found.rows.length > 0 && (
        <ul className="state-changes" aria-label={words.changes}>
          {found.rows.map((row) => <ChangeRow key={`${row.kind} ${row.path.join("/")}`} row={row} words={words} />)}
        </ul>
      )}
      {found?.more && <button type="button" className="quiet-button" onClick={more}>{words.moreChanges}</button>}
      <button type="button" className="button" onClick={onClose}>{words.close}</button>
    </section>
  );
}

function ChangeRow({ row, words }) {
  const { before, after } = row;
  return (
    <li data-mark={row.kind} data-testid="change">
      <p>
        <span className="state-key" dir="auto">{row.path.join(" › ") || words.all}</span>
        <span className="state-mark">{row.kind === "moved" ? filled(words.moved, { place: row.from }) : words.marks[row.kind]}</span>
      </p>
      {before && <del dir="auto">{before.text || words.kinds[before.kind]}</del>}
      {after && <ins dir="auto">{after.text || words.kinds[after.kind]}</ins>}
    </li>
  );
}
