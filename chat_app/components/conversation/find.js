/* The places of the words that were searched for in a message. They are highlighted without a change of the
   elements, which belong to React. */

const NAME = "found"; // of the highlight, in navigation/search.css
const MOST = 500; // places that are highlighted
const MARKS = /[\u0300-\u036f]/g;

const folded = (text) => text.normalize("NFKD").replace(MARKS, "").toLowerCase();

function termsOf(query) {
  const terms = [...folded(query).replace(/[“”„«»]/g, '"').matchAll(/"([^"]*)(?:"|$)|([^\s"]+)/g)];
  return terms.map(([, phrase, word]) => (word ?? phrase).trim()).filter(Boolean);
}

/* The text of an element, folded, and where each of its characters comes from. */
function read(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const from = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("button, .unseen, [aria-hidden=true]")) continue;
    for (let at = 0; at < node.data.length; ) {
      const letter = String.fromCodePoint(node.data.codePointAt(at));
      for (const part of folded(letter)) {
        text += part;
        for (let n = 0; n < part.length; n++) from.push({ node, at, end: at + letter.length });
      }
      at += letter.length;
    }
  }
  return { text, from };
}

function rangesOf(element, terms) {
  const { text, from } = read(element);
  const ranges = [];
  for (const term of terms) {
    for (let at = text.indexOf(term); at >= 0 && ranges.length < MOST; at = text.indexOf(term, at + term.length)) {
      const last = from[at + term.length - 1];
      const range = document.createRange();
      range.setStart(from[at].node, from[at].at);
      range.setEnd(last.node, last.end);
      ranges.push(range);
    }
  }
  return ranges.sort((one, other) => one.compareBoundaryPoints(Range.START_TO_START, other));
}

/** Highlights the words of a query in these elements; returns the first place, or null. */
export function highlight(elements, query) {
  const terms = termsOf(query);
  const ranges = terms.length ? elements.flatMap((element) => rangesOf(element, terms)) : [];
  clearHighlight();
  if (globalThis.CSS?.highlights && ranges.length) CSS.highlights.set(NAME, new Highlight(...ranges));
  return ranges[0] ?? null;
}

export const clearHighlight = () => globalThis.CSS?.highlights?.delete(NAME);
