/* Copying. A selection over several blocks puts their Markdown on the clipboard, as the model wrote it, so
   that lists, tables and code are preserved. A selection within one block is left to the browser. */

const markdown = new WeakMap();

export const keepMarkdown = (element, text) => {
  markdown.set(element, text);
};

/* The Markdown that a `.prose` element was rendered from; undefined for any other element. */
export const markdownOf = (element) => markdown.get(element);

/* Put `text` on the clipboard; resolves to whether that worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text); // There is no clipboard API on pages from plain http.
  }
}

function copyByCommand(text) {
  const put = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener("copy", put, { capture: true, once: true });
  const done = document.execCommand("copy");
  window.removeEventListener("copy", put, { capture: true });
  return done;
}

const OURS = "button, figcaption, .said, .unseen";

function contentsOf(range) {
  const contents = range.cloneContents();
  contents.querySelectorAll(OURS).forEach((element) => element.remove());
  return contents;
}

function rangeBetween(start, end) {
  const range = document.createRange();
  range.setStart(...start);
  range.setEnd(...end);
  return range;
}

const startOf = (range) => [range.startContainer, range.startOffset];
const endOf = (range) => [range.endContainer, range.endOffset];

/* The part of `range` within a block, and whether it covers all visible text of the block. */
function within(range, block) {
  const whole = document.createRange();
  whole.selectNodeContents(block);
  const startsHere = range.compareBoundaryPoints(Range.START_TO_START, whole) > 0;
  const endsHere = range.compareBoundaryPoints(Range.END_TO_END, whole) < 0;
  const before = startsHere && contentsOf(rangeBetween(startOf(whole), startOf(range)));
  const after = endsHere && contentsOf(rangeBetween(endOf(range), endOf(whole)));
  const start = startsHere ? startOf(range) : startOf(whole);
  const part = rangeBetween(start, endsHere ? endOf(range) : endOf(whole));
  const isWhole = [before, after].every((rest) => !rest || !rest.textContent.trim());
  return { part, isWhole };
}

/* Text and Markdown in the order of the page: blocks, and the elements between them. `said` returns the
   visible text of a range. */
function pieces(range, blocks, said) {
  const found = [];
  let reached = startOf(range);
  for (const block of blocks) {
    const { part, isWhole } = within(range, block);
    found.push(said(rangeBetween(reached, startOf(part))));
    found.push(isWhole ? markdown.get(block) : said(part));
    reached = endOf(part);
  }
  found.push(said(rangeBetween(reached, endOf(range))));
  return found.map((piece) => piece.replace(/^\n+|\s+$/g, "")).filter(Boolean);
}

/* The visible text of a range is only available from a selection: without collapsed content and tools. */
function speaking(selection, work) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  const said = (range) => {
    if (range.collapsed) return "";
    selection.setBaseAndExtent(...startOf(range), ...endOf(range));
    return selection.toString();
  };
  try {
    return work(said);
  } finally {
    selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  }
}

function onCopy(event) {
  const selection = document.getSelection();
  if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
  const range = selection.getRangeAt(0);
  const all = [...document.querySelectorAll(".prose")].filter((block) => markdown.has(block));
  const blocks = all.filter((block) => range.intersectsNode(block));
  if (!blocks.length || blocks[0].contains(range.commonAncestorContainer)) return;
  const text = speaking(selection, (said) => pieces(range, blocks, said)).join("\n\n");
  const page = document.createElement("div");
  page.append(contentsOf(range));
  event.clipboardData.setData("text/plain", text);
  event.clipboardData.setData("text/html", page.innerHTML);
  event.preventDefault();
}

if (typeof document !== "undefined") document.addEventListener("copy", onCopy);
