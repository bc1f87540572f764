/* A long block comes in pieces, each a row of its own, so that only its end is sent and drawn again.
   Here the rows of one block become one row: they are drawn as the one element they are. */

const isMarkdown = (row) => row.kind === "text" && !row.status;

/* Characters of a paragraph: each piece that joins it lays it out anew, so a longer one is several. */
const MAX_PARAGRAPH = 50_000;

const groups = new WeakMap(); // first row of a block -> its group as it was last

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

/* `rows` with those of one block in one. `open`: the path of the tail, where it goes on with the
   last row; see `Piece` in chat_app/transcript/markdown/cuts.py. */
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
    length += row.text?.length ?? 0;
  }
  return blocks.map((pieces, at) => {
    const goesOn = at === blocks.length - 1 ? open : "";
    return pieces.length > 1 || goesOn ? group(pieces, goesOn) : pieces[0];
  });
}
