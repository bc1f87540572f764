/* What one bar is about: input, update, messages, error, checkpoint. Read when it is opened, and again when the bar
   has changed. */

import { useEffect, useRef, useState } from "react";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { Value } from "../content/value.jsx";
import { Tool } from "../prose/frame.jsx";
import { filled } from "../shared/words.jsx";
import { tokensOf } from "./timeline_rows.js";
import { StateIcon, useTook } from "./timeline_tree.jsx";

function useSpan(address, run, row) {
  const [seen, setSeen] = useState({ span: null, failed: false });
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    async function read() {
      try {
        const response = await fetch(`${address}/spans/${encodeURIComponent(row.id)}?run=${encodeURIComponent(run.id)}`, { signal });
        if (!response.ok) throw new Error(String(response.status));
        const span = await response.json();
        if (!signal.aborted) setSeen({ span, failed: false });
      } catch {
        if (!signal.aborted) setSeen((last) => ({ ...last, failed: true }));
      }
    }
    read();
    return () => ending.abort();
  }, [address, run.id, row]);
  return seen;
}

const isSomething = (value) => value !== null && value !== undefined && !(Array.isArray(value) && !value.length);

function Part({ title, value, isOpen = true }) {
  if (!isSomething(value)) return null;
  return (
    <details open={isOpen}>
      <summary>{title}</summary>
      <Value value={value} />
    </details>
  );
}

function Facts({ row, run, words }) {
  const took = useTook(words);
  const facts = [
    [words.state, words.states[row.state] ?? row.state],
    [words.began, took(row.start)],
    [words.duration, `${row.exact ? "" : words.about}${took((row.end ?? run.seconds * 1000) - row.start)}`],
    row.step !== null && [words.stepNumber, String(row.step)],
    row.attempts > 1 && [words.tries, String(row.attempts)],
    tokensOf(row) > 0 && [words.tokensShort, filled(words.inAndOut, { input: row.input_tokens.toLocaleString(words.language), output: row.output_tokens.toLocaleString(words.language) })],
    row.cost > 0 && [words.costs, filled(words.cost, { cost: row.cost.toLocaleString(words.language, { maximumSignificantDigits: 2 }) })],
  ].filter(Boolean);
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function TimelineDetails({ row, run, address, words, onClose }) {
  const box = useRef(null);
  const { span, failed } = useSpan(address, run, row);
  const name = row.name || words.step;
  const close = () => {
    const hadFocus = box.current.contains(document.activeElement);
    onClose();
    if (hadFocus) document.querySelector(".timeline-rows")?.focus({ preventScroll: true });
  };
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    <section className="timeline-details" aria-label={filled(words.details, { name })} ref={box} onKeyDown={onKeyDown} data-testid="span-details">
      <header>
        <StateIcon state={row.state} />
        <h3 dir="auto">{name}</h3>
        <span className="tools"><Tool icon={X} label={words.close} onClick={close} /></span>
      </header>
      <div className="timeline-parts" tabIndex={0} role="group" aria-label={name}>
        <Facts {...{ row, run, words }} />
        {(span?.error || row.error) && <p className="timeline-error">{span?.error || row.error}</p>}
        {failed && !span && <p role="status">{words.failed}</p>}
        {span?.elided && <p>{words.elided}</p>}
        <Part title={words.interrupts} value={span?.interrupts} />
        <Part title={words.input} value={span?.input} isOpen={false} />
        <Part title={words.update} value={span?.update} />
        <Part title={words.messages} value={row.messages} isOpen={false} />
        <Part title={words.namespace} value={row.namespace} isOpen={false} />
        <Part title={words.usage} value={span?.usage} isOpen={false} />
        <Part title={words.checkpoint} value={span?.checkpoint} isOpen={false} />
      </div>
    </section>
  );
}
