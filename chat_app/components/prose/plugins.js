/* The plugins that a block needs. Maths and East Asian scripts need a large part of the page's code and are
   rare: each is loaded with the first block that needs it. The lists are cached per combination, as
   react-markdown parses the text again when it gets a new list. */

import { useEffect, useState } from "react";
import remarkGfm from "remark-gfm";
import { callouts, columnHeads, lineBreaks, taskNames } from "./github.js";
import { highlighter, loadHighlighter } from "./highlighting.js";
import { allowedHtml } from "./html.js";
import { languagesOf } from "./languages.js";
import { boundedMaths } from "./maths.js";
import { direction, notes, straightLinks } from "./tree.js";

const GFM = { singleTilde: false }; // "~5 and ~10" is not struck through
const MOST_HIGHLIGHTED = 3_000; // characters; longer code is highlighted in slices, see colouring.jsx

/* Highlights code; `parts` may have languages beside the common ones. */
const highlighting = (parts) => {
  const { common, rehypeHighlight } = highlighter();
  const languages = Object.assign({}, common, ...parts.map((part) => part.languages));
  return { rehype: [[rehypeHighlight, { detect: false, languages }]] };
};

const EXTRAS = [
  {
    wanted: /\$|(?:`{3}|~{3})[ \t]*math\b/,
    // MathML is rendered by the browser: it needs no fonts and no stylesheet.
    fetch: async () => {
      const [math, katex] = await Promise.all([import("remark-math"), import("rehype-katex")]);
      const safe = { output: "mathml", throwOnError: false, trust: false, maxSize: 40 };
      return { remark: [math.default], rehype: [boundedMaths, [katex.default, safe]] };
    },
  },
  {
    // Emphasis next to full-width punctuation: CommonMark's rules depend on spaces, of which there are none.
    wanted: /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]/,
    fetch: async () => {
      const [emphasis, strike] = await Promise.all([
        import("remark-cjk-friendly"),
        import("remark-cjk-friendly-gfm-strikethrough"),
      ]);
      return { remark: [emphasis.default, [strike.default, GFM]] };
    },
  },
  {
    wanted: /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/,
    plugins: { rehype: [direction] },
  },
];

/* Highlighting itself. */
const CODE = {
  id: "code",
  wanted: /`{3}|~{3}|<code/i,
  fetch: async () => {
    await loadHighlighter();
    return {};
  },
};

const fetched = (extra) =>
  (extra.fetching ??= extra.fetch().then((plugins) => {
    extra.plugins = plugins;
  }));

const lists = new Map();

function listsFor(extras, coloured, live) {
  const key = [...extras.map((extra) => extra.id ?? EXTRAS.indexOf(extra)), coloured, live].join();
  if (!lists.has(key)) {
    const parts = extras.map((extra) => extra.plugins);
    if (coloured) parts.push(highlighting(parts));
    lists.set(key, {
      remark: [[remarkGfm, GFM], ...parts.flatMap((part) => part.remark ?? [])],
      rehype: [
        [allowedHtml, { live }],
        callouts,
        lineBreaks,
        columnHeads,
        taskNames,
        straightLinks,
        ...parts.flatMap((part) => part.rehype ?? []),
        notes,
      ],
    });
  }
  return lists.get(key);
}

/* The extras that a text needs; code that still grows is not highlighted. */
const wantedFor = (source, live) => [
  ...EXTRAS.filter((extra) => extra.wanted.test(source)),
  ...(live ? [] : coloursOf(source)),
];

/* What highlights the code in a text: nothing is loaded for one that has none, or too much. */
const coloursOf = (source) =>
  CODE.wanted.test(source) && source.length < MOST_HIGHLIGHTED ? [CODE, ...languagesOf(source)] : [];

const wantedBy = new WeakMap(); // cache: piece -> the extras it needs

function extrasOf(piece) {
  if (!wantedBy.has(piece)) wantedBy.set(piece, wantedFor(piece.md, false));
  return wantedBy.get(piece);
}

/* Renders again when missing extras are loaded. */
function useExtras(wanted) {
  const [, redraw] = useState(0);
  const missing = wanted.filter((extra) => !extra.plugins);
  useEffect(() => {
    let mounted = true;
    Promise.all(missing.map(fetched)).then(
      () => mounted && missing.length && redraw((times) => times + 1),
      () => {}, // The text is shown without the extra; a reload tries again.
    );
    return () => {
      mounted = false;
    };
  }, [missing.length]);
}

const pluginsFor = (wanted, live) => {
  const ready = wanted.filter((extra) => extra.plugins);
  return listsFor(ready, !live && ready.includes(CODE), Boolean(live));
};

/* The `{ remark, rehype }` for a text; a `live` one is not highlighted. */
export function usePlugins(source, live) {
  const wanted = wantedFor(source, live);
  useExtras(wanted);
  const isSoon = Boolean(live) && CODE.wanted.test(source); // the highlighter is wanted at the end
  useEffect(() => {
    if (isSoon) loadHighlighter().catch(() => {});
  }, [isSoon]);
  return pluginsFor(wanted, live);
}

/* A function that returns them for a piece of a block. */
export function usePluginsOf(pieces, live) {
  useExtras([...new Set(pieces.flatMap(extrasOf))]);
  return (piece) => pluginsFor(extrasOf(piece), live);
}
