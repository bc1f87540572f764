/* Names of nodes, broken into lines that fit into a box. A name is often one long word: it is broken where its
   own parts begin, after `_`, `-`, `.`, `/`, `:` and before a capital, and only else anywhere. */

const ELLIPSIS = "…";
const PARTS = /[^\s_\-./:]*[\s_\-./:]+|[^\s_\-./:]+/gu;
const HUMPS = /(?<=\p{Ll}|\d)(?=\p{Lu})/u;

const partsOf = (name) => (name.match(PARTS) ?? []).flatMap((part) => part.split(HUMPS));

/* The longest beginning of `text` that fits, at least one character. */
function beginning(text, width, measure) {
  const characters = [...text];
  let [fits, over] = [1, characters.length + 1];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (measure(characters.slice(0, middle).join("")) <= width) fits = middle;
    else over = middle;
  }
  return characters.slice(0, fits).join("");
}

/* The text, or as much of it as fits together with an ellipsis. */
export function shortened(text, width, measure) {
  if (measure(text) <= width) return text;
  return beginning(text, width - measure(ELLIPSIS), measure).trimEnd() + ELLIPSIS;
}

/** Breaks `name` into at most `most` lines of `width`, as `measure` says how wide a text is; several are about as wide
    as each other. The last line is shortened where there is more. Together the lines have all characters but white
    space at their ends. */
export function wrapped(name, { width, most, measure }) {
  const lines = broken(name, { width, most, measure });
  if (lines.length === 1 || lines.at(-1).endsWith(ELLIPSIS)) return lines;
  let [best, fits, tooNarrow] = [lines, width, 0];
  while (fits - tooNarrow > width / 20) {
    const middle = (fits + tooNarrow) / 2;
    const other = broken(name, { width: middle, most: lines.length, measure });
    if (other.every((line) => measure(line) <= middle) && !other.at(-1).endsWith(ELLIPSIS)) [best, fits] = [other, middle];
    else tooNarrow = middle;
  }
  return best;
}

function broken(name, { width, most, measure }) {
  const lines = [];
  const parts = partsOf(name);
  let line = "";
  while (parts.length) {
    const part = parts.shift();
    if (measure((line + part).trimEnd()) <= width) {
      line += part;
      continue;
    }
    if (lines.length === most - 1) return [...lines, shortened(line + part + parts.join(""), width, measure)];
    if (line.trim()) {
      lines.push(line.trimEnd());
      line = "";
      parts.unshift(part);
    } else {
      const begin = beginning(part, width, measure);
      lines.push(begin);
      line = "";
      if (begin.length < part.length) parts.unshift(part.slice(begin.length));
    }
  }
  if (line.trim() || !lines.length) lines.push(line.trimEnd());
  return lines;
}
