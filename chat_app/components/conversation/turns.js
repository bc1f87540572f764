/* Groups the rows of a conversation into turns: what a person wrote, and what the agent made of it. A turn
   whose rows did not change is the same object as before, so that only the last one renders again while an
   answer is written. */

const STEPS = new Set(["tool", "handoff", "reasoning", "agent", "inner", "event"]);

const turnsOf = new WeakMap(); // cache: first row of a turn -> the turn
const levels = new WeakMap(); // cache: row -> level of the highest heading in it

/** Whether the row folds with the steps of its turn; results made for people stay. */
export const isStep = (row) => STEPS.has(row.kind) && !row.stays;

const isAsked = (row) => row.kind === "human" || (row.kind === "media" && Boolean(row.sent));
const indexOf = (row) => row.key.split(".", 1)[0]; // of the message that the row belongs to

/* Level of the highest heading in a Markdown row; 7 without any. */
function levelIn(row) {
  if (row.kind !== "text" || !row.md || !row.md.includes("#")) return 7;
  if (!levels.has(row)) {
    const isCode = /^\s*(?:```|~~~)/.test(row.md) || row.path?.endsWith("pre");
    const marks = isCode ? [] : [...row.md.matchAll(/^ {0,3}(#{1,6})(?=\s)/gm)];
    levels.set(row, Math.min(7, ...marks.map(([, mark]) => mark.length)));
  }
  return levels.get(row);
}

const highest = (rows) => {
  const level = Math.min(...rows.map((row) => Math.min(levelIn(row), ...(row.pieces ?? []).map(levelIn))), 7);
  return level > 6 ? 1 : level;
};

/* The line of the steps is sent after the last of them, and shown above the first. */
function inOrder(rows, steps) {
  if (!steps) return rows;
  const at = rows.findIndex(isStep);
  return rows.toSpliced(Math.max(at, 0), 0, steps);
}

const isSame = (known, turn) =>
  known &&
  known.key === turn.key &&
  known.isLast === turn.isLast &&
  known.steps === turn.steps &&
  known.source.length === turn.source.length &&
  known.source.every((row, at) => row === turn.source[at]);

function shared({ key, isAsked, source, steps, isLast }) {
  const turn = { key, isAsked, source, steps, isLast };
  const known = turnsOf.get(source[0]);
  if (isSame(known, turn)) return known;
  turn.rows = inOrder(source, steps);
  turn.names = [...new Set(source.filter((row) => row.kind === "speaker").map((row) => row.name))];
  turn.level = highest(source);
  if (source.length) turnsOf.set(source[0], turn);
  return turn;
}

/** The turns of these rows. `askedAt`: index of the question of the first row's turn, which may be above
    all rows. While a run is `running` the last turn is the agent's, and may have no rows yet. */
export function turned(rows, askedAt, running) {
  const turns = [];
  let place = String(askedAt);
  const begin = (isAsked, key) => turns.push({ key, isAsked, source: [], steps: null, isLast: false });
  for (const row of rows) {
    const last = turns.at(-1);
    const index = indexOf(row);
    if (row.kind === "steps") {
      if (last && !last.isAsked) last.steps = row;
      continue;
    }
    if (isAsked(row)) {
      if (!last?.isAsked || place !== index) begin(true, `asked ${index}`);
      place = index;
    } else if (!last || (last.isAsked && !(row.kind === "raw" && index === place))) {
      begin(false, `answer ${place}`);
    }
    turns.at(-1).source.push(row);
  }
  if (running && (!turns.length || turns.at(-1).isAsked)) begin(false, `answer ${place}`);
  if (turns.length) turns.at(-1).isLast = true;
  return turns.map(shared);
}
