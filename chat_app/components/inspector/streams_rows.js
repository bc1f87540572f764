/* The rows of the list of events: asked for a page at a time, kept beside React's state, drawn at most a few times
   a second. */

import { useReducer, useRef } from "react";
import { usePolling } from "./polling.js";

const MOST = 1000; // rows of one answer
const KEPT = 20_000; // rows; older ones are asked for again
const PAGES = 40; // in a row, before others have their turn

const NOTHING = {
  run: "", runs: [], rows: [], counts: {}, nodes: [], first: 1, older: 0, next: 0, start: 0, version: 0,
  over: false, cut: false, empty: false, stored: false, failed: false, isReading: true, isFiltered: false,
};

const NAMES = ["number", "at", "event", "mode", "node", "size", "preview", "isWhole"];

export const rowOf = (values) => Object.fromEntries(NAMES.map((name, at) => [name, values[at]]));

/** The query for what is wanted; what is empty is not in it. */
export const queryOf = (wanted) => new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));

/** What is known after an answer: its rows come behind those that are known of the same run. */
export function joined(known, told) {
  const goesOn = known.run === told.run;
  const before = goesOn ? known : NOTHING;
  const added = told.rows.map(rowOf);
  // The rows are one growing list; whoever draws it is told by the version that it has grown.
  const rows = goesOn ? before.rows : [];
  rows.push(...added);
  if (rows.length > KEPT) rows.splice(0, rows.length - KEPT);
  const { next, first, over, cut, empty, stored = false, run, runs, counts = {}, nodes = [] } = told;
  const start = before.start || rows[0]?.at || 0;
  const version = before.version + (added.length > 0 || !goesOn ? 1 : 0);
  return { ...before, rows, next, first, over, cut, empty, stored, run, runs, counts, nodes, start, version, isReading: false };
}

async function told(address, query, signal) {
  const response = await fetch(`${address}/events?${query}`, { signal });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** What is known of the events that are wanted, and a function that reads the older ones again. */
export function useEvents(address, wanted, { isPaused, running }) {
  const known = useRef(NOTHING);
  const of = useRef("");
  const [, draw] = useReducer((count) => count + 1, 0);
  const asked = `${address} ${queryOf(wanted)}`;
  if (of.current !== asked) {
    of.current = asked;
    const { counts, nodes, runs, start } = known.current;
    const isSame = known.current.address === address;
    known.current = {
      ...NOTHING, ...(isSame && { counts, nodes, runs, start }), rows: [], address, isReading: Boolean(address),
      isFiltered: Boolean(wanted.mode || wanted.node || wanted.search),
    };
  }
  const ask = async (signal) => {
    if (!address || (isPaused && known.current.run)) return false;
    let isNew = false;
    for (let page = 0; page < PAGES; page += 1) {
      const before = known.current;
      let answer;
      try {
        const place = { of: before.run, after: before.next, most: MOST };
        answer = await told(address, `${queryOf({ ...wanted, ...place })}`, signal);
      } catch (error) {
        if (!signal.aborted && !before.failed) {
          known.current = { ...before, failed: true, isReading: false };
          draw();
        }
        throw error;
      }
      if (signal.aborted || known.current !== before) return true;
      const after = { ...joined(before, answer), failed: false };
      known.current = after;
      const isChanged = ["version", "run", "over", "cut", "empty", "stored", "failed", "isReading", "first"].some((name) => before[name] !== after[name]);
      const isGrown = JSON.stringify(before.counts) !== JSON.stringify(after.counts);
      if (isChanged || isGrown) draw();
      isNew = isNew || after.next > before.next || isChanged;
      if (answer.next >= answer.last) break;
    }
    return isNew;
  };
  usePolling(ask, running && !isPaused, [asked, isPaused]);

  /* Resolves to whether the server still had them. */
  const readAgain = async () => {
    const before = known.current;
    const older = [];
    let after = 0;
    const until = (before.rows[0]?.number ?? before.first) - 1;
    try {
      while (after < until && older.length < KEPT - before.rows.length) {
        const place = { run: before.run, again: 1, after, most: MOST };
        const answer = await told(address, `${queryOf({ ...wanted, ...place })}`);
        older.push(...answer.rows.map(rowOf).filter(({ number }) => number <= until));
        if (answer.next <= after) break;
        after = answer.next;
      }
    } catch {
      return false;
    }
    if (!older.length || of.current !== asked) return false;
    const rows = [...older, ...known.current.rows];
    known.current = { ...known.current, rows, older: older.length, start: older[0].at, version: known.current.version + 1 };
    draw();
    return true;
  };
  return { seen: known.current, readAgain };
}
