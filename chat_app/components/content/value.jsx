/* Any JSON value as a tree. Its content is shown as text: no markup, no links, and keys such as `__proto__`
   are treated as any other. Branches are rendered when they are opened. */

import { useMemo, useState } from "react";
import { counted, filled, useWords } from "../shared/words.jsx";

const OPEN_LEVELS = 2;
const LONG_BRANCH = 20; // entries; a branch with more is collapsed at first
const MOST_ENTRIES = 50; // rendered at first
const LONG_STRING = 400; // characters; the rest on demand

const sizeOf = (value) => (Array.isArray(value) ? value : Object.keys(value)).length;
const isBranch = (value) => typeof value === "object" && value !== null && sizeOf(value) > 0;
const nounOf = (value) => (Array.isArray(value) ? "item" : "key");

/** Returns a function that says how many of something there are: ``3 items``. */
function useCounted() {
  const { counts, language } = useWords();
  return (count, noun) => counted(counts[noun], count, language);
}

/** The first entries of a list, and a button for the rest of them. */
function useBeginning(all, most, noun) {
  const [whole, setWhole] = useState(false);
  if (whole || all.length <= most) return [all, null];
  return [all.slice(0, most), <More count={all.length} noun={noun} onClick={() => setWhole(true)} />];
}

function More({ count, noun, onClick }) {
  const amount = useCounted()(count, noun);
  const { showAllOf } = useWords();
  return <button type="button" className="more" onClick={onClick}>{filled(showAllOf, { amount })}</button>;
}

function Text({ text, quote = "" }) {
  const [whole, setWhole] = useState(false);
  if (whole || text.length <= LONG_STRING) return quote + text + quote;
  return (
    <>
      {`${quote}${text.slice(0, LONG_STRING)}…`}
      <More count={text.length} noun="character" onClick={() => setWhole(true)} />
    </>
  );
}

function Leaf({ value, quote }) {
  const kind = value === null ? "null" : typeof value;
  const isString = kind === "string";
  return <span className={`leaf ${kind}`}>{isString ? <Text text={value} quote={quote} /> : JSON.stringify(value)}</span>;
}

function Entry({ name, value, level }) {
  const label = <span className="name">{name}</span>;
  if (!isBranch(value)) return <>{label}: <Leaf value={value} quote={'"'} /></>;
  return <Fold label={label} value={value} level={level} />;
}

function Fold({ label, value, level }) {
  const inWords = useCounted();
  const [open, setOpen] = useState(level <= OPEN_LEVELS && sizeOf(value) <= LONG_BRANCH);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{label} <span className="count">{inWords(sizeOf(value), nounOf(value))}</span></summary>
      {open && <Branch value={value} level={level} />}
    </details>
  );
}

function Branch({ value, level }) {
  const columns = useMemo(() => columnsOf(value), [value]);
  return columns ? <Table rows={value} columns={columns} /> : <Entries value={value} level={level} />;
}

function Entries({ value, level }) {
  const [entries, rest] = useBeginning(Object.entries(value), MOST_ENTRIES, nounOf(value));
  const isFlat = !entries.some(([, item]) => isBranch(item));
  return (
    <>
      <ul data-flat={isFlat || undefined}>
        {entries.map(([name, item]) => (
          <li key={name}><Entry name={name} value={item} level={level + 1} /></li>
        ))}
      </ul>
      {rest}
    </>
  );
}

/** The columns of a list of flat objects with mostly the same keys; null if it is not such a list. */
function columnsOf(rows) {
  if (!Array.isArray(rows) || rows.length < 2) return null;
  const columns = new Set();
  let cells = 0;
  for (const row of rows) {
    if (!isBranch(row) || Array.isArray(row) || Object.values(row).some(isBranch)) return null;
    for (const name of Object.keys(row)) columns.add(name);
    cells += Object.keys(row).length;
  }
  return cells >= 0.75 * columns.size * rows.length ? [...columns] : null;
}

function Table({ rows, columns }) {
  const { table } = useWords();
  const [shown, rest] = useBeginning(rows, MOST_ENTRIES, "row");
  const kinds = useMemo(() => columns.map((name) => kindOf(rows, name)), [rows, columns]);
  return (
    <>
      <div className="grid" tabIndex={0} role="region" aria-label={table}>
        <table>
          <thead>
            <tr>{columns.map((name, at) => <th key={name} scope="col" className={kinds[at]}>{name}</th>)}</tr>
          </thead>
          <tbody>
            {shown.map((row, number) => (
              <tr key={number}>
                {columns.map((name, at) => (
                  <td key={name} className={kinds[at]}>{Object.hasOwn(row, name) && <Leaf value={row[name]} quote="" />}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest}
    </>
  );
}

const kindOf = (rows, column) =>
  rows.every((row) => !Object.hasOwn(row, column) || typeof row[column] === "number") ? "numeric" : undefined;

export function Value({ value }) {
  return (
    <div className="value">
      {isBranch(value) ? <Branch value={value} level={0} /> : <Leaf value={value ?? null} quote="" />}
    </div>
  );
}
