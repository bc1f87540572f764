/* A long block that was sent in pieces, rendered as one element: a list, table, paragraph or code block.
   Only the last piece still grows; the others are parsed once, a few in each frame. */

import { cloneElement, useEffect, useMemo, useRef, useState } from "react";
import ReactMarkdown from "react-markdown";
import { Live } from "./code.jsx";
import { keepMarkdown } from "./copying.js";
import { addedTo, childrenOf, joined } from "./joining.js";
import { allowedUrl } from "./links.jsx";
import { usePluginsOf } from "./plugins.js";

const BUDGET = 8; // ms of a frame for parsing
const LEAST = 2; // pieces that are parsed in each frame, even if that takes longer

const parsed = (source, plugins, components) =>
  childrenOf(
    ReactMarkdown({
      children: source,
      components,
      remarkPlugins: plugins.remark,
      rehypePlugins: plugins.rehype,
      urlTransform: allowedUrl,
    }),
  );

/* The first piece is parsed first, as the others are inserted into it; then the last, where the reader is. */
function* inOrder(count) {
  if (count) yield 0;
  for (let at = count - 1; at > 0; at -= 1) yield at;
}

/* The content of each piece, parsed once; the rest continues in the next frame. */
function useContents(pieces, pluginsOf, components) {
  const known = useRef(new WeakMap());
  const [, next] = useState(0);
  const start = performance.now();
  let isComplete = true;
  let count = 0;
  const contents = new Array(pieces.length);
  for (const at of inOrder(pieces.length)) {
    const piece = pieces[at];
    const plugins = pluginsOf(piece);
    let found = known.current.get(piece);
    if (found?.plugins !== plugins && (count < LEAST || performance.now() - start < BUDGET)) {
      count += 1;
      const isSpaced = at > 0 && / $/.test(pieces[at - 1].original || pieces[at - 1].md);
      const content = parsed(piece.md, plugins, components);
      found = { plugins, content, path: piece.path ?? "", isSpaced };
      known.current.set(piece, found);
    }
    isComplete &&= found?.plugins === plugins;
    contents[at] = found;
  }
  useEffect(() => {
    if (isComplete) return undefined;
    const frame = requestAnimationFrame(() => next((times) => times + 1));
    return () => cancelAnimationFrame(frame);
  });
  return contents;
}

/* `tail` renders the open end, which continues the last piece; `open` is its path. */
export function Joined({ pieces, open, tail, components }) {
  const box = useRef(null);
  const isCode = (open || pieces.at(-1).path || "").endsWith("pre");
  const pluginsOf = usePluginsOf(pieces, Boolean(open) || isCode);
  const contents = useContents(pieces, pluginsOf, components);
  useEffect(() => {
    keepMarkdown(box.current, pieces.map((piece) => piece.original || piece.md).join(""));
  }, [pieces]);
  const content = tail && cloneElement(tail, { key: "tail" });
  return (
    <div className="prose" ref={box}>
      <Live value={Boolean(open)}>{joined(contents, open && { path: open, content })}</Live>
    </div>
  );
}

/* The open end, inside the element that it continues. */
export function OpenEnd({ source, path, plugins, components }) {
  const { added, rest } = useMemo(() => {
    const content = parsed(source, plugins, components);
    return addedTo(path.split(" ").at(-1), content);
  }, [source, path, plugins, components]);
  return (
    <>
      {added}
      {rest}
    </>
  );
}
