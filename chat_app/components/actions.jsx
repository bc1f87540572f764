/* What can be done with a message: copy it, as it was written or as plain text; and what is known of
   it. The words are taken from the page, where they are already, in the moment they are wanted. */

import { useEffect, useState } from "react";
import { copyText, markdownOf } from "../prose/copying.js";

const HUMAN = '[data-kind="human"]';

/* The elements with words of the turn that `row` ends, oldest first. */
function written(row) {
  if (row.matches(HUMAN)) return [row.querySelector(".bubble")];
  const found = [];
  for (let at = row.previousElementSibling; at && !at.matches(HUMAN); at = at.previousElementSibling)
    if (at.matches('[data-kind="text"]')) found.unshift(at.querySelector(".prose"));
  return found;
}

const joined = (row, wordsOf) => written(row).map(wordsOf).join("\n\n").replace(/\n{3,}/g, "\n\n").trim();
const asMarkdown = (row) => joined(row, (element) => markdownOf(element) ?? element.textContent);
const asPlain = (row) => joined(row, (element) => element.innerText);

function Copy({ label, words, children }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    const timer = done && setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async (event) => {
    setDone(await copyText(words(event.currentTarget.closest(".row"))));
  };
  return (
    <button type="button" aria-label={label} title={label} onClick={copy}>
      {done ? <Drawn d="M5 12.5l4.5 4.5L19 7.5" /> : children}
      <span className="unseen" role="status">{done ? "Copied" : ""}</span>
    </button>
  );
}

const Drawn = ({ d }) => (
  <svg viewBox="0 0 24 24" width="15" height="15" aria-hidden="true">
    <path d={d} fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
);

function Time({ at }) {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  return (
    <time dateTime={then.toISOString()} title={then.toLocaleString()}>
      {then.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}

export function Actions({ at, facts, model }) {
  return (
    <div className="actions">
      <Copy label="Copy as Markdown" words={asMarkdown}>
        <Drawn d="M9 9h11v11H9zM5 15H4V4h11v1" />
      </Copy>
      <Copy label="Copy as plain text" words={asPlain}>
        <Drawn d="M5 6h14M5 11h14M5 16h8" />
      </Copy>
      {at > 0 && <Time at={at} />}
      {facts && <span className="facts" title={model || undefined}>{facts}</span>}
    </div>
  );
}
