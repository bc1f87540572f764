/* A JSON value of any size as a tree: the rows below one are requested when it is opened. All of it is shown as text. */

import { useEffect, useId, useRef, useState } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import Copy from "lucide-react/dist/esm/icons/copy.mjs";
import { announce } from "../shared/announce.js";
import { counted, filled } from "../shared/words.jsx";
import { copyText } from "../prose/copying.js";
import { ask } from "./state_asking.js";

const BRANCHES = new Set(["object", "list", "message"]);
const MOST_SHOWN = 100_000; // characters of a text; more would make the page slow
const SAID_FOR = 1500; // ms
const icon = { size: "0.875rem", strokeWidth: 1.8, "aria-hidden": true };

/** `from`: the address of the routes, and which checkpoint is compared with which. */
export function ValueTree({ page, from, words }) {
  if (!page.rows.length) return <p className="state-none">{words.noValues}</p>;
  return <Rows page={page} at="" {...{ from, words }} />;
}

function Rows({ page, at, from, words }) {
  const [more, setMore] = useState([]);
  useEffect(() => setMore([]), [page]);
  const rows = [...page.rows, ...more];
  const left = page.count - page.start - rows.length;
  const show = async () => {
    const next = await ask(from.address, "state", { ...from.query, at, start: page.start + rows.length }).catch(() => null);
    if (next) setMore((known) => [...known, ...next.rows]);
  };
  return (
    <ul className="state-rows">
      {rows.map((row) => <Row key={`${row.at} ${row.key}`} {...{ row, from, words }} />)}
      {left > 0 && (
        <li>
          <button type="button" className="quiet-button" onClick={show}>
            {filled(words.moreRows, { count: left.toLocaleString(words.language) })}
          </button>
        </li>
      )}
    </ul>
  );
}

function Row({ row, from, words }) {
  const isBranch = BRANCHES.has(row.kind) && row.size > 0;
  const [chosen, choose] = useState(null); // whether it is open; null: as it comes
  const isOpen = isBranch && (chosen ?? Boolean(row.below));
  const below = useBelow(row, from, isOpen);
  const id = useId();
  const name = (
    <span className="state-key" title={row.keyLength ? row.key : undefined} data-item={row.isItem || undefined}>
      {row.key === "" ? <i>{words.noName}</i> : row.key}
    </span>
  );
  return (
    <li data-mark={row.mark ?? (row.moved === undefined ? undefined : "moved")} data-testid="state-row" data-key={row.key}>
      <div className="state-row">
        {isBranch ? (
          <button type="button" className="state-fold" aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} onClick={() => choose(!isOpen)}>
            <ChevronRight {...icon} />
            {name}
          </button>
        ) : (
          name
        )}
        <Value row={row} isOpen={isOpen} from={from} words={words} />
        <Mark row={row} words={words} />
        <CopyValue row={row} from={from} words={words} />
      </div>
      {isOpen && <div id={id}>{below ? <Rows page={below} at={row.at} {...{ from, words }} /> : <p className="state-none">{words.loading}</p>}</div>}
    </li>
  );
}

/* The first rows below a row: those that came with it, or else requested while it is open. */
function useBelow(row, from, isOpen) {
  const [asked, setAsked] = useState(null);
  useEffect(() => {
    if (!isOpen || row.below) return undefined;
    const ending = new AbortController();
    ask(from.address, "state", { ...from.query, at: row.at }, ending.signal).then(setAsked, () => {});
    return () => ending.abort();
  }, [isOpen, row, from]);
  return row.below ?? asked;
}

function Value({ row, isOpen, from, words }) {
  const [whole, setWhole] = useState(null);
  useEffect(() => setWhole(null), [row]);
  if (BRANCHES.has(row.kind)) {
    const noun = row.kind === "list" ? "item" : "key";
    return (
      <span className="state-value" dir="auto">
        {!isOpen && row.text && <span className="state-gist">{row.text}</span>} <small>{counted(words.counts[noun], row.size, words.language)}</small>
      </span>
    );
  }
  if (row.kind !== "string") return <span className="state-value" data-kind={row.kind}>{row.text}</span>;
  const left = row.size - row.text.length;
  const show = () => ask(from.address, "state", { ...from.query, at: row.at, whole: 1 }).then(setWhole, () => {});
  const shown = whole === null ? row.text : whole.slice(0, MOST_SHOWN);
  return (
    <span className="state-value" data-kind="string" dir="auto">
      {shown}
      {whole === null && left > 0 && (
        <button type="button" className="more" onClick={show}>
          {filled(words.wholeText, { amount: counted(words.counts.character, row.size, words.language) })}
        </button>
      )}
      {whole !== null && whole.length > MOST_SHOWN && <small>{words.restIsCopied}</small>}
    </span>
  );
}

/* What became of it since the other checkpoint, in words; the colour only repeats them. */
function Mark({ row, words }) {
  const said = [];
  if (row.moved !== undefined) said.push(filled(words.moved, { place: row.moved }));
  if (row.mark) said.push(words.marks[row.mark]);
  if (!said.length) return row.inside ? <span className="state-dot" title={words.inside}><span className="unseen">{words.inside}</span></span> : null;
  return (
    <span className="state-mark">
      {said.join(", ")}
      {row.was !== undefined && <> <s dir="auto">{row.was}</s></>}
    </span>
  );
}

function CopyValue({ row, from, words }) {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    const value = await ask(from.address, "state", { ...from.query, at: row.at, whole: 1 }).catch(() => undefined);
    const done = value !== undefined && (await copyText(JSON.stringify(value, null, 2)));
    announce(done ? words.copied : words.notCopied);
    setCopied(done);
    timer.current = setTimeout(() => setCopied(false), SAID_FOR);
  };
  const label = filled(words.copyOne, { name: row.key });
  return (
    <button type="button" className="state-copy" aria-label={label} title={words.copyTitle} onClick={copy}>
      {isCopied ? <Check {...icon} /> : <Copy {...icon} />}
    </button>
  );
}
