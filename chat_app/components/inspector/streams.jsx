/* The Streams tab: every event of a run as it arrived, by stream mode. */

import { useEffect, useRef, useState } from "react";
import ArrowDown from "lucide-react/dist/esm/icons/arrow-down.mjs";
import Download from "lucide-react/dist/esm/icons/download.mjs";
import Pause from "lucide-react/dist/esm/icons/pause.mjs";
import Play from "lucide-react/dist/esm/icons/play.mjs";
import { counted, filled } from "../shared/words.jsx";
import { StreamEvent } from "./streams_event.jsx";
import { StreamList } from "./streams_list.jsx";
import { Modes } from "./streams_modes.jsx";
import { queryOf } from "./streams_pages.js";
import { useEvents } from "./streams_rows.js";

const ALL = "events"; // this tab has every event, the unknown ones, too
const NAMES = ["values", "updates", "messages", "custom", "tasks", "checkpoints", "debug", ALL];
const BY_DEFAULT = ["values", "updates", "messages", "custom"];
const MOVES = { ArrowLeft: -1, ArrowRight: 1 };
const WAIT = 200; // ms after the last key
const SHORT = 8; // letters of a run's id

const icon = { size: "0.9375rem", strokeWidth: 1.7, "aria-hidden": true };

/* Ids of runs begin with their time: those of one chat differ in their ends. */
const nameOf = (id, start, language) =>
  [start && new Date(start).toLocaleTimeString(language), id.slice(-SHORT)].filter(Boolean).join(" · ");

const countOf = (name, counts) =>
  name === ALL ? Object.values(counts).reduce((sum, count) => sum + count, 0) : counts[name] ?? 0;

function ModeTabs({ now, counts, words, choose }) {
  const list = useRef(null);
  const onKeyDown = (event) => {
    const at = NAMES.indexOf(now);
    const to = { Home: 0, End: NAMES.length - 1 }[event.key] ?? at + (MOVES[event.key] ?? NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    const next = (to + NAMES.length) % NAMES.length;
    choose(NAMES[next]);
    list.current.children[next].focus();
  };
  return (
    <div className="streams-tabs" role="tablist" aria-label={words.tabs} ref={list} onKeyDown={onKeyDown}>
      {NAMES.map((name) => {
        const count = countOf(name, counts);
        return (
          <button
            key={name}
            type="button"
            role="tab"
            aria-label={name}
            aria-selected={name === now}
            tabIndex={name === now ? 0 : -1}
            onClick={() => choose(name)}
          >
            {name} {count > 0 && <span className="count">{count.toLocaleString(words.language)}</span>}
          </button>
        );
      })}
    </div>
  );
}

function Filters({ wanted, want, nodes, runs, words }) {
  const [typed, setTyped] = useState(wanted.search);
  useEffect(() => {
    const timer = setTimeout(() => typed !== wanted.search && want({ search: typed }), WAIT);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <>
      <input
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        maxLength={200}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      {(nodes.length > 1 || wanted.node) && (
        <select aria-label={words.node} value={wanted.node} onChange={({ target }) => want({ node: target.value })}>
          <option value="">{words.allNodes}</option>
          {nodes.map((name) => <option key={name}>{name}</option>)}
        </select>
      )}
      {(runs.length > 1 || wanted.run) && (
        <select aria-label={words.run} value={wanted.run} onChange={({ target }) => want({ run: target.value })}>
          <option value="">{words.newest}</option>
          {runs.map(({ id, start }) => <option key={id} value={id}>{nameOf(id, start, words.language)}</option>)}
        </select>
      )}
    </>
  );
}

/* Why the list is empty, in a sentence. */
function whyEmpty({ address, seen, wanted, chosen, running, words }) {
  if (!address || !seen.run) return words.empty;
  if (seen.empty) return words.gone;
  if (wanted.search || wanted.node) return words.noneFound;
  const asked = chosen.length ? chosen : [...BY_DEFAULT, "tasks"];
  return wanted.mode && !asked.includes(wanted.mode) && !running ? words.notAsked : words.none;
}

function Earlier({ seen, readAgain, words }) {
  const [state, setState] = useState("");
  const count = seen.first - 1 - seen.older;
  useEffect(() => setState(""), [seen.run]);
  if (count <= 0 || seen.isFiltered) return null;
  const read = async () => {
    setState("reading");
    setState((await readAgain()) ? "" : "notAgain");
  };
  return (
    <p className="streams-note">
      {counted(words.earlier, count, words.language)}{" "}
      {state === "notAgain" ? words.notAgain : (
        <button type="button" onClick={read} disabled={state === "reading"}>{state ? words.reading : words.again}</button>
      )}
    </p>
  );
}

export function StreamsTab({ address, running, chosen, trouble, words, onChoose }) {
  const [wanted, setWanted] = useState({ mode: "", node: "", search: "", run: "" });
  const [isPaused, pause] = useState(false);
  const [open, setOpen] = useState(null); // a row, and the run that it is of
  const [isAtEnd, setAtEnd] = useState(true);
  const list = useRef(null);
  const want = (change) => setWanted((last) => ({ ...last, ...change }));
  const { seen, readAgain } = useEvents(address, wanted, { isPaused, running });
  useEffect(() => {
    setOpen(null);
    pause(false);
    setWanted((last) => ({ ...last, run: "", node: "" }));
  }, [address]);
  const { rows, run } = seen;
  const download = `${address}/events.jsonl?${queryOf({ ...wanted, run })}`;
  return (
    <div className="streams">
      <ModeTabs now={wanted.mode || ALL} counts={seen.counts} words={words} choose={(name) => want({ mode: name === ALL ? "" : name })} />
      <div className="streams-bar">
        <Filters {...{ wanted, want, words }} nodes={seen.nodes} runs={seen.runs} key={address} />
        <button type="button" className="streams-pause" aria-pressed={isPaused} onClick={() => pause(!isPaused)}>
          {isPaused ? <Play {...icon} /> : <Pause {...icon} />}
          {isPaused ? words.goOn : words.pause}
        </button>
        {run && (
          <a className="icon-button" href={download} download aria-label={words.download} title={words.download}>
            <Download {...icon} />
          </a>
        )}
      </div>
      <Modes {...{ chosen, trouble, words, onChoose }} usual={BY_DEFAULT} />
      {isPaused && <p className="streams-note" role="status">{words.paused}</p>}
      {seen.failed && <p className="streams-note" role="status">{words.failed}</p>}
      {seen.stored && <p className="streams-note">{words.stored}</p>}
      {seen.cut && !seen.empty && <p className="streams-note">{words.cut}</p>}
      <Earlier {...{ seen, readAgain, words }} />
      {rows.length ? (
        <div className="streams-box">
          <StreamList
            ref={list}
            key={`${run} ${wanted.mode} ${wanted.node} ${wanted.search}`}
            {...{ rows, words, isAtEnd, setAtEnd }}
            start={seen.start}
            open={open?.run === run ? open.row.number : 0}
            onOpen={(row) => setOpen({ row, run })}
          />
          {!isAtEnd && (
            <button type="button" className="streams-follow" onClick={() => list.current.toEnd()}>
              <ArrowDown {...icon} /> {words.follow}
            </button>
          )}
        </div>
      ) : (
        <p className="inspector-note">
          {seen.isReading ? words.reading : whyEmpty({ address, seen, wanted, chosen, running, words })}
        </p>
      )}
      {open && (
        <StreamEvent key={`${open.run} ${open.row.number}`} {...open} {...{ address, words }} start={seen.start} onClose={() => setOpen(null)} />
      )}
    </div>
  );
}
