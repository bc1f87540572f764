/* What stands above the bars: which run it is, how it is, what it cost, its metadata and its trace. */

import ExternalLink from "lucide-react/dist/esm/icons/external-link.mjs";
import { CopyTool } from "../prose/frame.jsx";
import { Value } from "../content/value.jsx";
import { counted, filled } from "../shared/words.jsx";
import { wantedRun } from "./opened.js";
import { tokensOfRun } from "./timeline_rows.js";
import { StateIcon, useTook } from "./timeline_tree.jsx";

const icon = { size: "0.875rem", strokeWidth: 1.8, "aria-hidden": true };
const SHORT = 8; // characters at the end of an id: those of one chat begin alike, with their time

const timeOf = (at, language) => (at ? new Date(at).toLocaleTimeString(language) : "");

/** The address of the trace; null where the settings name none, or it would be no web address. */
function traceOf(template, run, thread) {
  const filledIn = template.replaceAll("{run_id}", encodeURIComponent(run)).replaceAll("{thread_id}", encodeURIComponent(thread));
  return /^https?:\/\//.test(filledIn) ? filledIn : null;
}

/* The run that is shown is among those to choose from, also where the list does not have it yet. */
function Picker({ runs, run, wanted, words }) {
  const listed = runs.some(({ id }) => id === run.id) ? runs : [{ id: run.id, status: "", began: run.start }, ...runs];
  if (listed.length < 2) return null;
  return (
    <select aria-label={words.pick} value={wanted} onChange={({ target }) => wantedRun.set(target.value)}>
      <option value="">{words.newest}</option>
      {listed.map(({ id, status, began }) => (
        <option key={id} value={id}>
          {[timeOf(began, words.language), words.statuses[status] ?? status, id.slice(-SHORT)].filter(Boolean).join(words.between)}
        </option>
      ))}
    </select>
  );
}

export function TimelineHead({ seen, runs, wanted, trace, thread, words }) {
  const took = useTook(words);
  const { run, cut } = seen;
  const { dropped } = run;
  const tokens = tokensOfRun(run);
  const address = trace && traceOf(trace, run.id, thread);
  const facts = [
    took(run.seconds * 1000),
    tokens > 0 && counted(words.tokens, tokens, words.language),
    run.cost > 0 && filled(words.cost, { cost: run.cost.toLocaleString(words.language, { maximumSignificantDigits: 2 }) }),
    run.attempt > 1 && counted(words.attempts, run.attempt, words.language),
  ].filter(Boolean);
  const more = { metadata: run.metadata, config: run.config, usage: run.usage };
  return (
    <header className="timeline-head">
      <div>
        <span className={`timeline-status ${run.state}`} data-testid="run-state">
          <StateIcon state={run.state} />
          {words.states[run.state] ?? run.state}
        </span>
        {facts.map((fact) => <span key={fact}>{fact}</span>)}
        <span className="spring" />
        <Picker {...{ runs, run, wanted, words }} />
      </div>
      <div>
        <span className="timeline-id">
          {words.run} <code>{run.id}</code>
        </span>
        <span className="tools"><CopyTool text={run.id} label={words.copyRun} /></span>
        {address && (
          <a href={address} target="_blank" rel="noreferrer noopener">
            {words.trace} <ExternalLink {...icon} />
          </a>
        )}
      </div>
      {run.error && <p className="timeline-error">{run.error}</p>}
      {cut && <p>{words.cut}</p>}
      {dropped > 0 && <p>{counted(words.dropped, dropped, words.language)}</p>}
      {(run.metadata || run.config) && (
        <details>
          <summary>{words.more}</summary>
          <Value value={more} />
        </details>
      )}
    </header>
  );
}
