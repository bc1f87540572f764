/* The rows of a timeline: pure functions from what the route tells to what is drawn. */

const LEAST_STEPS = 2; // marks on the axis
const NICE = [1, 2, 5];

/** The rows by their ids, with those that have changed. The order is that of the route. */
export function merged(known, changed) {
  if (!changed.length) return known;
  const rows = new Map(known);
  for (const row of changed) rows.set(row.id, row);
  return rows;
}

/** All rows as a tree in a list: each with its level and its place, the ones around it first. Rows whose parent is
    not there stand at the top. */
export function nested(rows) {
  const below = new Map();
  for (const row of rows.values()) {
    const parent = row.parent && row.parent !== row.id && rows.has(row.parent) ? row.parent : "";
    if (!below.has(parent)) below.set(parent, []);
    below.get(parent).push(row);
  }
  const list = [];
  const seen = new Set();
  const open = [{ siblings: below.get("") ?? [], at: 0 }];
  while (open.length) {
    const level = open.at(-1);
    const row = level.siblings[level.at];
    if (!row) {
      open.pop();
      continue;
    }
    level.at += 1;
    if (seen.has(row.id)) continue;
    seen.add(row.id);
    const inner = below.get(row.id) ?? [];
    const of = { row, level: open.length, place: level.at, size: level.siblings.length, isParent: inner.length > 0 };
    list.push(of);
    if (inner.length) open.push({ siblings: inner, at: 0 });
  }
  return list;
}

/** Without what is inside of folded rows. */
export function unfolded(list, folded) {
  if (!folded.size) return list;
  const shown = [];
  let below = Infinity;
  for (const one of list) {
    if (one.level > below) continue;
    below = folded.has(one.row.id) ? one.level : Infinity;
    shown.push(one);
  }
  return shown;
}

/** Where a bar begins and how long it is, each as a part of the whole. One without an end goes on until `to`. */
export function barOf({ start, end }, { from, to }) {
  const whole = Math.max(to - from, 1);
  const within = (at) => Math.min(Math.max((at - from) / whole, 0), 1);
  const begin = within(start ?? from);
  return { begin, length: Math.max(within(end ?? to) - begin, 0) };
}

/** Moments for the axis, in ms after the beginning: round numbers, and at most `most` of them. */
export function ticksOf({ from, to }, most) {
  const whole = to - from;
  if (!(whole > 0) || most < LEAST_STEPS) return [];
  let step = 10 ** Math.floor(Math.log10(whole / most));
  while (whole / step > most) {
    const size = 10 ** Math.floor(Math.log10(step) + 1e-9);
    const place = NICE.indexOf(Math.round(step / size));
    step = place === NICE.length - 1 ? 10 * size : NICE[place + 1] * size;
  }
  const count = Math.floor(whole / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, n) => n * step);
}

/** The call of a tool that a row is of; empty where it is of none. */
export const callOf = ({ id, kind }) => (kind === "tool" ? id.slice(id.lastIndexOf("/") + 1) : "");

/** The ids of what a row has made in the chat. */
export const madeBy = (row) => [...row.messages, callOf(row)].filter(Boolean);

export const tokensOf = (row) => row.input_tokens + row.output_tokens;

export const tokensOfRun = ({ usage }) => usage.reduce((sum, { input, output }) => sum + input + output, 0);

/** The row that the arrow keys lead to from the one at `at`; null where the key does something else. */
export function moveTo(list, at, key, page) {
  const last = list.length - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, last);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "PageDown":
      return Math.min(at + page, last);
    case "PageUp":
      return Math.max(at - page, 0);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** The place of the row around the one at `at`; -1 at the top. */
export function parentOf(list, at) {
  const { level } = list[at];
  for (let place = at - 1; place >= 0; place -= 1) if (list[place].level < level) return place;
  return -1;
}

/** A time in ms as it is written on the axis and beside bars. */
export function inSeconds(ms, language) {
  if (ms < 1000) return [Math.round(ms), "ms"];
  const digits = ms < 9950 ? 1 : 0;
  if (ms < 60_000) return [(ms / 1000).toLocaleString(language, { minimumFractionDigits: 0, maximumFractionDigits: digits }), "s"];
  return [`${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`, "min"];
}
