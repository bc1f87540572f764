/* The tabs of the panel: preview, source and changes of a document. The content is written by a model and
   not trusted: HTML is shown in a sandboxed frame (see preview.jsx), SVG as an image, which runs no scripts,
   and everything else is text. */

import { memo, useMemo } from "react";
import { Lines } from "../prose/diff.jsx";
import { Prose } from "../prose/prose.jsx";
import { markWords } from "../prose/word_diff.js";
import { filled, useWords } from "../shared/words.jsx";
import { Preview } from "./preview.jsx";

const PREVIEW = "preview";
const CODE = "code";
const CHANGES = "changes";

const DRAWN = { html: "page", htm: "page", svg: "drawing", md: "text", markdown: "text" };

const languageOf = ({ language, name }) =>
  (language ?? (/\.(\w{1,10})$/.exec(name)?.[1] || "text")).toLowerCase();

const drawnAs = (thing) => {
  const language = languageOf(thing);
  return Object.hasOwn(DRAWN, language) ? DRAWN[language] : "";
};

export function tabsOf(thing) {
  const changed = thing.diff?.length ? [CHANGES] : [];
  return drawnAs(thing) ? [PREVIEW, CODE, ...changed] : [CODE, ...changed];
}

/* The fence has to be longer than any in the text. */
function fenced(text, language) {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const name = /^[\w+#-]{1,20}$/.test(language) ? language : "text";
  return `${fence}${name}\n${text}\n${fence}`;
}

const Drawing = ({ text, name }) => (
  <div className="preview drawn">
    <img src={`data:image/svg+xml,${encodeURIComponent(text)}`} alt={name} />
  </div>
);

/* The lines of each change, with the words that differ between removed and added ones. A removed line has the
   number that it had in the old text. */
function linesOf(diff) {
  const changes = diff.map(({ kind, text, line }) => {
    if (kind === "gap") return [{ kind, text }];
    const number = kind === "removed" ? "old" : "new";
    return text.split("\n").map((one, at) => ({ kind, text: one, sign: "", [number]: line + at }));
  });
  markWords(changes.flat());
  return changes;
}

function Changes({ diff }) {
  const { lines, tabs } = useWords();
  const changes = useMemo(() => linesOf(diff), [diff]);
  const last = diff.reduce((most, { text, line }) => Math.max(most, line + text.split("\n").length), 1);
  return (
    <div
      className="changes"
      tabIndex={0}
      role="region"
      aria-label={tabs.changes}
      style={{ "--most": String(last).length }}
    >
      {diff.map(({ kind, text, line }, at) =>
        kind === "gap" ? (
          <p key={`gap ${line}`}>{filled(lines.gap, { count: text })}</p>
        ) : (
          <pre key={`${kind} ${line}`} data-kind={kind} aria-label={lines[kind]}>
            <Lines lines={changes[at]} />
          </pre>
        ),
      )}
    </div>
  );
}

/** Nothing if there is only one tab. */
export function TabBar({ tabs, tab, choose }) {
  const words = useWords();
  if (tabs.length < 2) return null;
  return (
    <div className="switch" role="group" aria-label={words.panelTabs}>
      {tabs.map((name) => (
        <button key={name} type="button" aria-pressed={name === tab} onClick={() => choose(name)}>
          {words.tabs[name]}
        </button>
      ))}
    </div>
  );
}

export const TabContent = memo(function TabContent({ thing, tab }) {
  if (tab === CHANGES) return <Changes diff={thing.diff} />;
  const language = languageOf(thing);
  const { text, name } = thing;
  if (tab === CODE) {
    return (
      <div className="panel-body source" tabIndex={0} role="group" aria-label={name}>
        <Prose source={fenced(text, language)} original={text} />
      </div>
    );
  }
  if (DRAWN[language] === "page") return <Preview text={text} name={name} />;
  if (DRAWN[language] === "drawing") return <Drawing text={text} name={name} />;
  return (
    <div className="panel-body" tabIndex={0} role="group" aria-label={name}>
      <Prose source={text} />
    </div>
  );
});
