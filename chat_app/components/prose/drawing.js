/* Renders diagrams in a hidden sandboxed frame with an opaque origin, which can reach neither the app nor
   the network. Mermaid measures text in a live document, and the content it inserts there is written by a
   model: image URLs, styles with imports. The Content-Security-Policy of the frame allows only the app's
   own scripts (assets/frames/diagram.html).

   The time for a layout grows faster than the diagram. Browsers with site isolation, such as Chrome on
   desktops, run the frame in a process of its own; in others it blocks the page. So the size of a diagram
   is limited, and after a timeout the diagram fails and the frame is removed. */

import { useEffect } from "react";
import { at } from "../shared/base.js";
import { shared } from "./store.js";

const MOST_KEPT = 60;

/* The design tokens used as colours in diagrams. */
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
    canvas.fillStyle = style.getPropertyValue(token); // converts any CSS notation to hex
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

/* The current colours; null until the first diagram is on the page. */
export function usePalette() {
  useEffect(() => {
    if (!palette.get()) watch();
  }, []);
  return palette.use();
}

const LOADED_WITHIN = 30_000; // ms for the frame and the library in it
const DRAWN_WITHIN = 5_000; // ms for one diagram

const MAX_LENGTH = 8_000; // characters
const MAX_LINES = 150;
const MAX_EDGES = 80;
const EDGE = /[-=.~]{2,}[->ox]?|&|->/g;

/* Lines and edges are counted without comments and directives. */
function isTooLarge(source) {
  if (source.length > MAX_LENGTH) return true;
  const shown = source.replace(/%%.*/g, "");
  if (shown.split(/[\n;]/).filter((line) => line.trim()).length > MAX_LINES) return true;
  return (shown.match(EDGE) ?? []).length > MAX_EDGES;
}

let opening = null; // a promise of the port to the frame
let frame = null;

/* The next message on a port; rejects after a timeout of `time` ms. */
const answer = (port, time) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(Error("late")), time);
    port.onmessage = ({ data }) => {
      clearTimeout(timer);
      resolve(data);
    };
  });

function close() {
  frame?.remove();
  frame = opening = null; // the next diagram gets a frame of its own
}

async function open() {
  // Only for the URL of the script, which the frame loads.
  const { address } = await import("./diagram_sandbox.js");
  frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.src = at("/frames/diagram.html");
  frame.className = "diagram-sandbox";
  frame.ariaHidden = "true";
  frame.tabIndex = -1;
  await new Promise((loaded) => {
    frame.onload = loaded;
    document.body.append(frame);
  });
  const { port1, port2 } = new MessageChannel();
  const ready = answer(port1, LOADED_WITHIN);
  frame.contentWindow.postMessage(new URL(address, location.href).href, "*", [port2]);
  await ready;
  return port1;
}

/* Validates the answer of the frame, which is not trusted. */
function checked({ svg, width, height, title }) {
  if (typeof svg !== "string" || !(width > 0) || !(height > 0)) return { failed: "wrong" };
  const url = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  return { svg, url, width: Number(width), height: Number(height), title: String(title ?? "") };
}

async function drawNow(source, colours) {
  try {
    opening ??= open();
    const port = await opening;
    const drawing = answer(port, DRAWN_WITHIN);
    port.postMessage({ source, colours });
    return checked(await drawing);
  } catch (problem) {
    close();
    return { failed: problem.message === "late" ? "late" : "wrong" };
  }
}

let last = Promise.resolve(); // one at a time, so that the timeout is that of one diagram

function drawAnew(source, colours) {
  if (isTooLarge(source)) return Promise.resolve({ failed: "large" });
  const drawing = last.then(() => drawNow(source, colours));
  last = drawing;
  return drawing;
}

const kept = new Map(); // cache by source and colours: the promise and its result
const keyOf = (source, colours) => JSON.stringify([colours, source]);

/* The cached drawing, or undefined. */
export const drawn = (source, colours) => kept.get(keyOf(source, colours))?.drawing;

/* Resolves to `{ svg, url, width, height, title }`, the size in pixels, or to `{ failed }`: "large",
   "late" or "wrong". */
export function draw(source, colours) {
  const key = keyOf(source, colours);
  if (!kept.has(key)) {
    const entry = { promise: drawAnew(source, colours) };
    entry.promise.then((drawing) => {
      entry.drawing = drawing;
      // An error is not cached, so that it is tried again; "large" and "late" are, as they would only recur.
      if (drawing.failed === "wrong") kept.delete(key);
    });
    kept.set(key, entry);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  }
  return kept.get(key).promise;
}
