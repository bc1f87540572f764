/* The pages of a list of events, and the list that they add up to: pure functions. */

export const KEPT = 20_000; // rows; older ones are asked for again

export const NOTHING = {
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
  const { address, isFiltered } = known;
  const before = goesOn ? known : { ...NOTHING, address, isFiltered };
  const added = told.rows.map(rowOf);
  // The rows are one growing list; the version tells its component that it has grown.
  const rows = goesOn ? before.rows : [];
  rows.push(...added);
  if (rows.length > KEPT) rows.splice(0, rows.length - KEPT);
  const { next, first, over, cut, empty, stored = false, run, runs, counts = {}, nodes = [] } = told;
  const start = runs.find(({ id }) => id === run)?.start ?? rows[0]?.at ?? 0;
  const version = before.version + (added.length > 0 || !goesOn ? 1 : 0);
  return { ...before, rows, next, first, over, cut, empty, stored, run, runs, counts, nodes, start, version, isReading: false };
}
