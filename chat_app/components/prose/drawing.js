/* Draws diagrams in a hidden frame that may not call anybody. Mermaid measures text in a live
   document, and what it puts there is a model's: images by address, styles that import. The frame's
   policy lets only the app's own scripts in, so neither is ever fetched or run. */

import { useEffect } from "react";
import { shared } from "./store.js";

const MOST_KEPT = 60;

/* The tokens of the stylesheet that diagrams are drawn in. */
const COLOURS = {
  paper: "--paper",
  raised: "--raised",
  line: "--line",
  ink: "--ink",
  soft: "--ink-soft",
  accent: "--accent",
};
const HUES = ["--accent", "--code-string", "--code-number", "--code-keyword", "--bad", "--good"];

function coloursNow() {
  const style = getComputedStyle(document.documentElement);
  const canvas = document.createElement("canvas").getContext("2d");
  const hex = (token) => {
    canvas.fillStyle = style.getPropertyValue(token); // whatever its notation
    return canvas.fillStyle;
  };
  const named = Object.entries(COLOURS).map(([name, token]) => [name, hex(token)]);
  return {
    ...Object.fromEntries(named),
    hues: HUES.map(hex),
    sans: style.getPropertyValue("--sans").trim(),
    dark: style.colorScheme.includes("dark"),
  };
}

const palette = shared(null);

function watch() {
  const update = () => {
    const now = coloursNow();
    if (JSON.stringify(now) !== JSON.stringify(palette.get())) palette.set(now);
  };
  update();
  const theme = { attributes: true, attributeFilter: ["class", "style"] };
  new MutationObserver(update).observe(document.documentElement, theme);
}

/* The app's colours as they are now; null until the first diagram is on the page. */
export function usePalette() {
  useEffect(() => {
    if (!palette.get()) watch();
  }, []);
  return palette.use();
}

let opening = null;

async function open() {
  // The address of the script that a frame of this page can run; here it does nothing.
  const { address } = await import("./easel.js");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${location.origin}`;
  const frame = document.createElement("iframe");
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">
    <body><script type="module" src="${address}"></script>`;
  frame.className = "easel";
  frame.ariaHidden = "true";
  frame.tabIndex = -1;
  await new Promise((loaded) => {
    frame.onload = loaded;
    document.body.append(frame);
  });
  if (frame.contentWindow.draw) return frame.contentWindow.draw;
  frame.remove();
  throw Error("The script that draws did not come");
}

async function drawAnew(source, colours) {
  try {
    opening ??= open().catch((problem) => {
      opening = null; // the next diagram tries again
      throw problem;
    });
    const paint = await opening;
    const drawing = await paint(source, colours);
    return { ...drawing, url: `data:image/svg+xml,${encodeURIComponent(drawing.svg)}` };
  } catch {
    return { failed: true };
  }
}

const kept = new Map(); // by source and colours: promises, and what they gave
const keyOf = (source, colours) => JSON.stringify([colours, source]);

/* What was drawn already; undefined where nothing was. */
export const drawn = (source, colours) => kept.get(keyOf(source, colours))?.drawing;

/* Resolves to `{ svg, url, width, height, title }`, or `{ failed }`; the size is in pixels. */
export function draw(source, colours) {
  const key = keyOf(source, colours);
  if (!kept.has(key)) {
    const entry = { promise: drawAnew(source, colours) };
    entry.promise.then((drawing) => {
      entry.drawing = drawing;
      if (drawing.failed) kept.delete(key);
    });
    kept.set(key, entry);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  }
  return kept.get(key).promise;
}
