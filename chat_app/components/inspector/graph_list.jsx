/* The nodes as a list beside the drawing: the same for keyboards and screen readers, and the way to one node among a
   hundred. Up and down move in it, right and left along the edges of the graph. */

import { useEffect, useMemo, useRef, useState } from "react";
import ChevronDown from "lucide-react/dist/esm/icons/chevron-down.mjs";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import { counted, filled } from "../shared/words.jsx";
import { neighbours } from "./graph_fold.js";

const SEARCHED = 12; // nodes that a person finds without a search
const MOST_STEPS = 30; // the newest
const SECONDS = { maximumFractionDigits: 1, minimumFractionDigits: 1 };

const icon = { size: "0.875rem", strokeWidth: 1.8, "aria-hidden": true };

export const nameOf = (box, words) => words[box.kind] ?? box.name;

/* What is said of a box beside its name. */
function told(runs, words) {
  const { count = 0, state = "" } = runs ?? {};
  const parts = [];
  if (count) parts.push(counted(words.ran, count, words.language));
  if (state && state !== "done") parts.push(words.states[state] ?? state);
  return parts;
}

function Ends({ title, ends, boxes, words, go }) {
  if (!ends.length) return null;
  return (
    <div className="graph-ends">
      <span>{title}</span>
      {ends.map(({ id, label, conditional }) => (
        <button key={id} type="button" onClick={() => go(id)}>
          <bdi>{nameOf(boxes.get(id), words)}</bdi>
          {(label || conditional) && <small>{label || words.conditional}</small>}
        </button>
      ))}
    </div>
  );
}

/* Each time that a node ran: when, how long, and how it ended. A click opens it in the timeline. */
function Steps({ steps, words, showStep }) {
  const shown = steps.slice(-MOST_STEPS);
  const first = steps.length - shown.length;
  const seconds = (ms) => filled(words.seconds, { seconds: (ms / 1000).toLocaleString(words.language, SECONDS) });
  return (
    <ol className="graph-steps" start={first + 1} aria-label={words.steps}>
      {shown.map(({ id, start, end, state, error, input_tokens: took, output_tokens: gave }) => (
        <li key={id}>
          <button type="button" data-state={state} title={words.showStep} onClick={() => showStep(id)}>
            <i className="graph-state" aria-hidden="true" />
            <span>{filled(words.at, { time: seconds(start) })}</span>
            <span>{[end !== null && seconds(end - start), state !== "done" && words.states[state]].filter(Boolean).join(words.between)}</span>
            {took + gave > 0 && <span>{counted(words.tokens, took + gave, words.language)}</span>}
            {error && <em>{error}</em>}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Details({ box, runs, around, boxes, words, go, showStep }) {
  const pauses = [box.before && words.before, box.after && words.after].filter(Boolean);
  return (
    <div className="graph-details">
      {box.tools?.length > 0 && (
        <p className="graph-ends">
          <span>{words.tools}</span>
          {box.tools.map((tool) => <code key={tool}>{tool}</code>)}
        </p>
      )}
      {pauses.map((sentence) => <p key={sentence}>{sentence}</p>)}
      {box.listed === false && <p>{words.unlisted}</p>}
      <Ends title={words.from} ends={around.from} {...{ boxes, words, go }} />
      <Ends title={words.to} ends={around.to} {...{ boxes, words, go }} />
      {runs?.steps.length > 0 && <Steps steps={runs.steps} {...{ words, showStep }} />}
    </div>
  );
}

export function NodeList({ list, folded, runs, chosen, onChoose, onFold, showStep, words }) {
  const box = useRef(null);
  const [query, setQuery] = useState("");
  const [stop, setStop] = useState(""); // which of them the Tab key goes to
  const boxes = useMemo(() => new Map(list.map((one) => [one.id, one])), [list]);
  const wanted = query.trim().toLowerCase();
  const found = wanted ? list.filter((one) => `${one.name} ${(one.tools ?? []).join(" ")}`.toLowerCase().includes(wanted)) : list;
  const current = found.some(({ id }) => id === stop) ? stop : (found.find(({ id }) => id === chosen) ?? found[0])?.id;
  const rowOf = (id) => [...box.current.querySelectorAll("[data-row]")].find(({ dataset }) => dataset.row === id);
  const focus = (id) => {
    setQuery("");
    setStop(id);
    // At once, as the next key is meant for it; while only some are listed, after all are again.
    if (query) requestAnimationFrame(() => rowOf(id)?.focus());
    else rowOf(id)?.focus();
  };
  useEffect(() => {
    if (chosen) rowOf(chosen)?.closest("li").scrollIntoView({ block: "nearest" }); // with its details
  }, [chosen]);
  const onKeyDown = (event) => {
    const id = event.target.dataset.row;
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = found.findIndex((one) => one.id === id);
    const around = () => neighbours(id, folded);
    const next = {
      ArrowDown: () => found[at + 1]?.id,
      ArrowUp: () => found[at - 1]?.id,
      Home: () => found[0].id,
      End: () => found.at(-1).id,
      ArrowRight: () => around().to.find((one) => one.id !== id)?.id,
      ArrowLeft: () => around().from.find((one) => one.id !== id)?.id,
    }[event.key];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    const to = next();
    if (to) focus(to);
  };
  const go = (id) => {
    onChoose(id);
    focus(id);
  };
  return (
    <div className="graph-list" ref={box}>
      {list.length > SEARCHED && (
        <input
          type="search"
          value={query}
          placeholder={words.find}
          aria-label={words.find}
          onChange={({ target }) => setQuery(target.value)}
          onKeyDown={({ key }) => key === "Enter" && found.length && go(found[0].id)}
        />
      )}
      {wanted && !found.length && <p className="graph-none" role="status">{words.none}</p>}
      <ul aria-label={words.nodes} {...{ onKeyDown }}>
        {found.map((one) => {
          const state = runs.get(one.id)?.state ?? "";
          const isChosen = one.id === chosen;
          const said = told(runs.get(one.id), words);
          const Fold = one.isOpen ? ChevronDown : ChevronRight;
          return (
            <li key={one.id} style={{ "--level": wanted ? 0 : one.level }} data-chosen={isChosen || undefined}>
              <div className="graph-row">
                {one.kind === "group" && (
                  <button
                    type="button"
                    className="graph-fold"
                    aria-expanded={one.isOpen}
                    aria-label={filled(words.inside, { name: one.name })}
                    onClick={() => onFold(one.id)}
                  >
                    <Fold {...icon} />
                  </button>
                )}
                <button
                  type="button"
                  className="graph-name"
                  data-row={one.id}
                  data-state={state || undefined}
                  tabIndex={one.id === current ? 0 : -1}
                  aria-expanded={isChosen}
                  onClick={() => onChoose(isChosen ? "" : one.id)}
                  onFocus={() => setStop(one.id)}
                >
                  <i className="graph-state" aria-hidden="true" />
                  <bdi title={one.name}>{nameOf(one, words)}</bdi>
                  {said.length > 0 && <small>{said.join(words.between)}</small>}
                </button>
              </div>
              {isChosen && (
                <Details box={one} runs={runs.get(one.id)} around={neighbours(one.id, folded)} {...{ boxes, words, go, showStep }} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
