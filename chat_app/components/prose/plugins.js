/* Which plugins a block needs. Maths and the scripts of East Asia are a large part of the page's
   code and rare: each is fetched when the first block asks for it. The lists are made once per
   choice, for a new list is to react-markdown a new text. */

import { useEffect, useState } from "react";
import { common } from "lowlight";
import rehypeHighlight from "rehype-highlight";
import remarkGfm from "remark-gfm";
import { callouts, columnHeads, lineBreaks } from "./github.js";
import { allowedHtml } from "./html.js";
import { languagesOf } from "./languages.js";
import { boundedMaths } from "./maths.js";
import { direction, notes, straightLinks } from "./tree.js";

const GFM = { singleTilde: false }; // "~5 and ~10" is no strikethrough
const MOST_HIGHLIGHTED = 3_000; // characters; longer code is coloured in slices, see colouring.jsx

/* Colours code; `parts` may bring languages beside the common ones. */
const highlighting = (parts) => {
  const languages = Object.assign({}, common, ...parts.map((part) => part.languages));
  return { rehype: [[rehypeHighlight, { detect: false, languages }]] };
};

const EXTRAS = [
  {
    wanted: /\$|(?:`{3}|~{3})[ \t]*math\b/,
    // Set as MathML, which browsers draw themselves, so it needs no fonts and no stylesheet.
    fetch: async () => {
      const [math, katex] = await Promise.all([import("remark-math"), import("rehype-katex")]);
      const safe = { output: "mathml", throwOnError: false, trust: false, maxSize: 40 };
      return { remark: [math.default], rehype: [boundedMaths, [katex.default, safe]] };
    },
  },
  {
    // Emphasis next to a full-width stop: CommonMark finds words by spaces, of which there are none.
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
        straightLinks,
        ...parts.flatMap((part) => part.rehype ?? []),
        notes,
      ],
    });
  }
  return lists.get(key);
}

/* What a text wants beside the usual; code that is still growing is not coloured. */
const wantedFor = (source, live) => [
  ...EXTRAS.filter((extra) => extra.wanted.test(source)),
  ...(live ? [] : languagesOf(source)),
];

const wantedBy = new WeakMap(); // piece -> the extras it wants

function extrasOf(piece) {
  if (!wantedBy.has(piece)) wantedBy.set(piece, wantedFor(piece.text, false));
  return wantedBy.get(piece);
}

/* Draws again when the extras have come that are missing. */
function useExtras(wanted) {
  const [, redraw] = useState(0);
  const missing = wanted.filter((extra) => !extra.plugins);
  useEffect(() => {
    let mounted = true;
    Promise.all(missing.map(fetched)).then(
      () => mounted && missing.length && redraw((times) => times + 1),
      () => {}, // The text stands as it is; a reload tries again.
    );
    return () => {
      mounted = false;
    };
  }, [missing.length]);
}

const pluginsFor = (wanted, source, live) => {
  const ready = wanted.filter((extra) => extra.plugins);
  return listsFor(ready, !live && source.length < MOST_HIGHLIGHTED, Boolean(live));
};

/* The `{ remark, rehype }` for a text; a `live` one is not coloured yet. */
export function usePlugins(source, live) {
  const wanted = wantedFor(source, live);
  useExtras(wanted);
  return pluginsFor(wanted, source, live);
}

/* A function that tells them for each of the pieces of a block. */
export function usePluginsOf(pieces, live) {
  useExtras([...new Set(pieces.flatMap(extrasOf))]);
  return (piece) => pluginsFor(extrasOf(piece), piece.text, live);
}
