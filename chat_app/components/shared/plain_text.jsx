/* Plain text of any length. A long text is split into pieces that the browser lays out only when they come
   into view: the layout of one paragraph of a megabyte would block the page. */

import { memo, useMemo } from "react";

const PIECE_LENGTH = 8_000; // characters

/* Splits after a line break or space, if the second half of a piece has one; never within a character. */
function* pieces(text) {
  let at = 0;
  while (text.length - at > PIECE_LENGTH) {
    const half = at + PIECE_LENGTH / 2;
    let end = at + PIECE_LENGTH;
    const cut = Math.max(text.lastIndexOf("\n", end - 1), text.lastIndexOf(" ", end - 1));
    if (cut >= half) end = cut + 1;
    else if (/[\ud800-\udbff]/.test(text[end - 1])) end -= 1;
    yield text.slice(at, end);
    at = end;
  }
  yield text.slice(at);
}

/* A text in an element that preserves line breaks. */
export const LongText = memo(function LongText({ text = "" }) {
  const cut = useMemo(() => (text.length > PIECE_LENGTH ? [...pieces(text)] : null), [text]);
  if (!cut) return text;
  return cut.map((piece, number) => (
    <span className="piece" key={number}>
      {piece.replace(/\n$/, "")}
    </span>
  ));
});

/* The source of something that cannot be rendered, below a `notice` that says why. */
export function PlainText({ text, notice }) {
  return (
    <div className="plain" dir="auto">
      {notice && <p className="plain-notice">{notice}</p>}
      <pre>
        <LongText text={text} />
      </pre>
    </div>
  );
}
