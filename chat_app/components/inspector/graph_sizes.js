/* How large boxes and labels are, in units: see graph_layout.js. */

import { shortened, wrapped } from "./graph_names.js";

export const NAME = 13; // the size of the font of a name
export const SMALL = 11; // of the tools below it, and of labels
export const LINE = 17; // from one line of a name to the next

const WIDEST = 180; // of a text in a box
const MOST_LINES = 3;
const LEAST = 56;
const PADDING = { x: 14, y: 9 };
const TOOLS_LINE = 15;
const LABEL = { most: 130, padding: 6, height: 16 };

/* Measures texts in a font of the page. Without a canvas every character counts as wide as most are. */
export function measurer(family) {
  const context = typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
  return (text, size) => {
    if (!context) return [...text].length * size * 0.6;
    context.font = `${size}px ${family}`;
    return context.measureText(text).width;
  };
}

/** The lines of a box and its size; `words` are the names of the start and the end. */
export function shaped(box, measure, words) {
  const name = words[box.kind] ?? box.name;
  const inName = (text) => measure(text, NAME);
  if (box.isOpen) {
    const line = shortened(name, 2 * WIDEST, inName);
    return { lines: [line], note: "", width: inName(line) + 2 * PADDING.x + 34, height: 0 };
  }
  const lines = wrapped(name, { width: WIDEST, most: MOST_LINES, measure: inName });
  const note = box.tools?.length ? shortened(box.tools.join(", "), WIDEST, (text) => measure(text, SMALL)) : "";
  const widest = Math.max(...lines.map(inName), measure(note, SMALL));
  const isGroup = box.kind === "group";
  return {
    lines,
    note,
    width: Math.max(LEAST, widest + 2 * PADDING.x + (isGroup ? 10 : 0)),
    height: lines.length * LINE + (note ? TOOLS_LINE : 0) + 2 * PADDING.y,
  };
}

/** The label of an edge, and the room that it needs; none for an edge without one. */
export function labelled({ label }, measure) {
  if (!label) return { text: "", width: 0, height: 0 };
  const text = shortened(label, LABEL.most, (one) => measure(one, SMALL));
  return { text, width: measure(text, SMALL) + 2 * LABEL.padding, height: LABEL.height };
}
