/* The words that differ between two versions of a line. The work is bounded: the ends that both have in common
   are found in linear time, and only a short middle is compared word by word. */

const LONGEST = 5_000; // characters of a line that is compared at all
const CELLS = 10_000; // words of one line times words of the other; a longer middle is marked as a whole
const TOTAL = 400_000; // of those for one diff
const TOO_MUCH = 0.75; // share of both lines that changed above which marks would not help

const WORDS = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;
const wordsOf = (text) => text.match(WORDS) ?? [];

/* Whether each word of `a` and of `b` is in their longest common subsequence. */
function common(a, b) {
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      length[i * width + j] =
        a[i] === b[j]
          ? length[(i + 1) * width + j + 1] + 1
          : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
  const kept = [a.map(() => false), b.map(() => false)];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) kept[0][i++] = kept[1][j++] = true;
    else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return kept;
}

/* Parts of a line as [text, isChanged]. A space between two words that changed counts as changed. */
function parts(pieces, isKept) {
  const found = [];
  pieces.forEach((piece, at) => {
    const isBetween = !piece.trim() && at > 0 && at < pieces.length - 1 && !isKept[at - 1] && !isKept[at + 1];
    const isChanged = isBetween || !isKept[at];
    if (found.length && found.at(-1)[1] === isChanged) found.at(-1)[0] += piece;
    else found.push([piece, isChanged]);
  });
  return found;
}

const changedShare = (found, text) =>
  found.reduce((sum, [part, isChanged]) => sum + (isChanged ? part.trim().length : 0), 0) / (text.trim().length || 1);

/* The parts of both lines; null where marks would not help. `budget` is shared by all lines of a diff. */
export function changedWords(before, after, budget = { cells: TOTAL }) {
  if (before === after || before.length > LONGEST || after.length > LONGEST) return null;
  const a = wordsOf(before);
  const b = wordsOf(after);
  const shortest = Math.min(a.length, b.length);
  let head = 0;
  while (head < shortest && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const middle = [a, b].map((line) => line.slice(head, line.length - tail));
  const cells = middle[0].length * middle[1].length;
  const isCompared = cells <= Math.min(CELLS, budget.cells);
  if (isCompared) budget.cells -= cells;
  const kept = isCompared ? common(...middle) : middle.map((line) => line.map(() => false));
  const ends = (is) => [...new Array(head).fill(true), ...is, ...new Array(tail).fill(true)];
  const both = [parts(a, ends(kept[0])), parts(b, ends(kept[1]))];
  const isOther = changedShare(both[0], before) > TOO_MUCH && changedShare(both[1], after) > TOO_MUCH;
  return isOther ? null : both;
}

/* Adds `parts` to removed lines and the added ones that follow them, compared one by one. Changes `lines`. */
export function markWords(lines) {
  const budget = { cells: TOTAL };
  for (let at = 0; at < lines.length; ) {
    const removed = at;
    while (lines[at]?.kind === "removed") at += 1;
    const added = at;
    while (lines[at]?.kind === "added") at += 1;
    const count = Math.min(added - removed, at - added); // lines that do not belong together get no marks
    for (let line = 0; line < count; line += 1) {
      const [before, after] = [lines[removed + line], lines[added + line]];
      [before.parts, after.parts] = changedWords(before.text, after.text, budget) ?? [];
    }
    if (at === removed) at += 1;
  }
  return lines;
}
