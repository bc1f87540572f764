/* Syntax highlighting of a long block of code, a few lines at a time, so that no frame is blocked. The code
   is shown without colours until then, and when its language is unknown.

   A slice ends where the highlighter has no open scope: not within a string or a comment. The next slice
   can then be highlighted by itself. */

import { createElement, memo, useEffect, useMemo, useState } from "react";
import { highlighter } from "./highlighting.js";
import { useLanguage } from "./languages.js";

const LINES = 60; // of a slice
const MOST_LINES = 600; // of a slice without such an end: a very long string
const BUDGET = 8; // ms of a frame

const classOf = (scope) =>
  scope
    .split(".")
    .map((part, depth) => (depth ? part + "_".repeat(depth) : `hljs-${part}`))
    .join(" ");

function elements({ children }) {
  return children.map((child, at) => {
    if (typeof child === "string") return child;
    const className = child.scope ? classOf(child.scope) : undefined;
    return createElement("span", { key: at, className }, elements(child));
  });
}

function sliceFrom(lines, at, language) {
  for (let size = LINES; ; size += LINES) {
    const end = at + size >= lines.length ? lines.length : at + size;
    const text = lines.slice(at, end).join("");
    const result = highlighter().hljs.highlight(text, { language, ignoreIllegals: true });
    const isWhole = end === lines.length || !result._top?.parent || size >= MOST_LINES;
    if (isWhole) return { end, content: elements(result._emitter.rootNode) };
  }
}

/* The highlighted slices, as many as there was time for; continues in the next frame. */
function useColours(lines, language) {
  const [slices, setSlices] = useState([]);
  const isKnown = useLanguage(language);
  useEffect(() => {
    let frame = 0;
    let done = [];
    const goOn = () => {
      const start = performance.now();
      do {
        const at = done.at(-1)?.end ?? 0;
        done = [...done, sliceFrom(lines, at, language)];
      } while (done.at(-1).end < lines.length && performance.now() - start < BUDGET);
      setSlices(done);
      if (done.at(-1).end < lines.length) frame = requestAnimationFrame(goOn);
    };
    setSlices([]);
    if (lines.length && isKnown) frame = requestAnimationFrame(goOn);
    return () => cancelAnimationFrame(frame);
  }, [lines, language, isKnown]);
  return slices;
}

const Slice = memo(({ content }) => <span className="slice">{content}</span>);

export function Coloured({ text, language }) {
  const lines = useMemo(() => text.match(/[^\n]*\n|[^\n]+$/g) ?? [], [text]);
  const slices = useColours(lines, language);
  const rest = lines.slice(slices.at(-1)?.end ?? 0);
  return (
    <code className={`hljs language-${language}`}>
      {slices.map(({ end, content }) => <Slice key={end} content={content} />)}
      {rest.length > 0 && <span className="slice">{rest.join("")}</span>}
    </code>
  );
}
