/* The branches of a thread's history: which one each checkpoint is on. */

/** By the id of each checkpoint the number of its branch. `rows` are newest first; the newest is on branch 0, as are
    all that led to it. */
export function lanesOf(rows) {
  const wanted = []; // by the number of a branch: the checkpoint that it comes from
  const lanes = new Map();
  for (const { id, parent } of rows) {
    const found = wanted.indexOf(id);
    const lane = found < 0 ? wanted.length : found;
    // Where two branches part, the one with the lower number goes on.
    const other = parent ? wanted.indexOf(parent) : -1;
    if (other > lane) wanted[other] = null;
    wanted[lane] = parent && (other < 0 || other > lane) ? parent : null;
    lanes.set(id, lane);
  }
  return lanes;
}
