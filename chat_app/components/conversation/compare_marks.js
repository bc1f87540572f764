/* Marks the words in which two rendered texts differ, without changing their elements: by the browser's own
   highlights (see `::highlight(version)` in compare.css). Where it has none, nothing is marked.

   Texts are compared block by block (paragraphs, items, cells, code), the blocks that belong together word by
   word. The work is bounded; what is beyond the bound is marked as a whole. */

import { changedWords } from "../prose/word_diff.js";

const NAME = "version";
const TEXTS = ".prose, .bubble";
const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, td, th, pre, dt, dd, .bubble";
const MOST = 400; // blocks of a side that are aligned; of longer texts the ends that both share are left out first
const IGNORED = "button, .unseen, [aria-hidden=true], svg, style";

/* Blocks as { text, pieces }: the text nodes and where in the text each begins. */
function blocksIn(root) {
  const blocks = [];
  const byElement = new Map();
  for (const prose of root.querySelectorAll(TEXTS)) {
    const nodes = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const node = nodes.currentNode;
      const { parentElement: parent, data } = node;
      if (!data || parent.closest(IGNORED)) continue;
      const element = parent.closest(BLOCKS) ?? prose;
      if (!byElement.has(element)) {
        byElement.set(element, { text: "", pieces: [] });
        blocks.push(byElement.get(element));
      }
      const block = byElement.get(element);
      block.pieces.push({ node, at: block.text.length });
      block.text += data;
    }
  }
  return blocks.filter(({ text }) => text.trim());
}

/** Pairs of indices of equal texts, in order: the longest common subsequence, within bounds. */
export function commonPairs(left, right) {
  const pairs = [];
  let head = 0;
  while (head < Math.min(left.length, right.length) && left[head] === right[head]) pairs.push([head, head++]);
  let tail = 0;
  const most = Math.min(left.length, right.length) - head;
  while (tail < most && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  const a = left.slice(head, left.length - tail).slice(0, MOST);
  const b = right.slice(head, right.length - tail).slice(0, MOST);
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      length[i * width + j] =
        a[i] === b[j] ? length[(i + 1) * width + j + 1] + 1 : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([head + i++, head + j++]);
    else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) i += 1;
    else j += 1;
  }
  for (let at = tail; at > 0; at -= 1) pairs.push([left.length - at, right.length - at]);
  return pairs;
}

/** What differs, for each side: [index of the text, start, end] of each part. */
export function differences(left, right) {
  const found = [[], []];
  const whole = (side, index, text) => found[side].push([index, 0, text.length]);
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...commonPairs(left, right), [left.length, right.length]]) {
    for (; i < nextI || j < nextJ; ) {
      const both = i < nextI && j < nextJ ? changedWords(left[i], right[j]) : null;
      both?.forEach((parts, side) => {
        let at = 0;
        for (const [part, isChanged] of parts) {
          if (isChanged && part.trim()) found[side].push([side ? j : i, at, at + part.length]);
          at += part.length;
        }
      });
      if (!both && i < nextI) whole(0, i, left[i]);
      if (!both && j < nextJ) whole(1, j, right[j]);
      if (i < nextI) i += 1;
      if (j < nextJ) j += 1;
    }
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return found;
}

/* The place of a character of a block in its text nodes. */
function placeOf({ pieces }, index, isEnd) {
  const piece = pieces.findLast(({ at }) => (isEnd ? at < index : at <= index)) ?? pieces[0];
  return [piece.node, Math.min(index - piece.at, piece.node.data.length)];
}

function rangeOf(block, start, end) {
  const range = new Range();
  range.setStart(...placeOf(block, start, false));
  range.setEnd(...placeOf(block, end, true));
  return range;
}

/** Marks what differs between the texts in two elements; returns "marked", "same", or "" where the browser
    cannot mark anything. */
export function markDifferences(...roots) {
  unmark();
  if (roots.length !== 2 || !CSS.highlights) return "";
  const sides = roots.map(blocksIn);
  const found = differences(...sides.map((blocks) => blocks.map(({ text }) => text)));
  const ranges = found.flatMap((parts, side) => parts.map(([index, start, end]) => rangeOf(sides[side][index], start, end)));
  if (ranges.length) CSS.highlights.set(NAME, new Highlight(...ranges));
  return ranges.length ? "marked" : "same";
}

export const unmark = () => CSS.highlights?.delete(NAME);
