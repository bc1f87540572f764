/* A long block is sent in pieces, each a row of its own, so that only its end is sent and rendered again.
   Here the rows of one block are grouped into one row, to be rendered as one element. */

const isMarkdown = (row) => row.kind === "text";

/* Characters of a paragraph: each piece appended to it causes a new layout, so a longer one is split. */
const MAX_PARAGRAPH = 50_000;

const groups = new WeakMap(); // cache: first row of a block -> its last group

function group(pieces, open) {
  const [first] = pieces;
  const known = groups.get(first);
  const isSame = (piece, at) => piece === known.pieces[at];
  if (known?.open === open && known.pieces.length === pieces.length && pieces.every(isSame)) {
    return known;
  }
  const made = { ...first, pieces, open };
  groups.set(first, made);
  return made;
}

/* Groups the rows of one block. `open`: the path of the tail, if it continues the last row; see `Piece` in
   chat_app/transcript/markdown/cuts.py. */
export function grouped(rows, open) {
  if (!open && !rows.some((row) => row.path)) return rows;
  const blocks = [];
  let length = 0; // of the last block
  for (const row of rows) {
    const last = blocks.at(-1);
    const fits = length < MAX_PARAGRAPH || !row.path?.endsWith("p");
    if (row.path && last && fits && isMarkdown(row) && isMarkdown(last[0])) last.push(row);
    else {
      blocks.push([row]);
      length = 0;
    }
    length += row.md?.length ?? 0;
  }
  return blocks.map((pieces, at) => {
    const goesOn = at === blocks.length - 1 ? open : "";
    return pieces.length > 1 || goesOn ? group(pieces, goesOn) : pieces[0];
  });
}
