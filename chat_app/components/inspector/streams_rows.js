/* The rows of the list of events: asked for a page at a time, kept beside React's state, drawn at most a few times
   a second. */

import { useReducer, useRef } from "react";
import { usePolling } from "./polling.js";
import { joined, KEPT, NOTHING, queryOf, rowOf } from "./streams_pages.js";

const MOST = 1000; // rows of one answer
const PAGES = 40; // in a row, before others have their turn

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
    const { counts, nodes, runs } = known.current;
    const isSame = known.current.address === address;
    known.current = {
      ...NOTHING, ...(isSame && { counts, nodes, runs }), rows: [], address, isReading: Boolean(address),
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
    known.current = { ...known.current, rows, older: older.length, version: known.current.version + 1 };
    draw();
    return true;
  };
  return { seen: known.current, readAgain };
}
