/* A turn of the conversation: an article with a heading, so that a screen reader can jump from one to the
   next. The steps of a finished turn fold to one line, which opens. */

import { createContext, useContext, useId, useLayoutEffect, useRef, useState } from "react";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import { HeadingBase } from "../prose/headings.jsx";
import { useWords } from "../shared/words.jsx";

const STEPS = ["tool", "handoff", "reasoning", "agent", "inner", "event"];
const STEP_ROWS = `:scope > .row:is(${STEPS.map((kind) => `[data-kind="${kind}"]`)}):not([data-stays])`;
const MOST_KNOWN = 500; // turns
const GLIDE = { duration: 160, easing: "ease-out" };

const Thread = createContext("");
const Agent = createContext("");
const Fold = createContext(null);

/* Whether the steps of a turn are open, as long as the page is: a turn is removed with the rows that scroll
   out of a long thread, and made anew when the reader comes back. */
const opened = new Map();

function remember(id, isOpen) {
  opened.delete(id);
  opened.set(id, isOpen);
  if (opened.size > MOST_KNOWN) opened.delete(opened.keys().next().value);
}

/** Gives all turns the id of the thread and the name of its agent. */
export function Turns({ thread, options, chosen, children }) {
  const option = options?.find(({ id }) => id === chosen);
  const agent = option?.label || option?.name || "";
  return (
    <Thread value={thread}>
      <Agent value={agent}>{children}</Agent>
    </Thread>
  );
}

/* Whether folding now would take something from the reader: the focus, a selection, a card that they
   opened, or steps that they scrolled up to. */
function isRead(article) {
  const steps = [...article.querySelectorAll(STEP_ROWS)];
  const selection = document.getSelection();
  const isSelected = (row) => !selection.isCollapsed && selection.containsNode(row, true);
  if (steps.some((row) => row.contains(document.activeElement) || row.querySelector("details[open]") || isSelected(row)))
    return true;
  const box = article.closest("[data-reading]");
  if (!box) return false;
  const { top, bottom } = box.getBoundingClientRect();
  return steps.some((row) => {
    const at = row.getBoundingClientRect();
    return at.bottom > top && at.top < bottom;
  });
}

const tops = (article) =>
  new Map([...article.children].map((row) => [row, row.getClientRects()[0]?.top]));

/* Where the rows were before the line of the steps was put above the first of them. */
function topsBefore(article) {
  const now = tops(article);
  const line = article.querySelector(':scope > .row[data-kind="steps"]');
  const shift = line?.nextElementSibling ? now.get(line.nextElementSibling) - now.get(line) : 0;
  for (let row = line?.nextElementSibling; row; row = row.nextElementSibling) now.set(row, now.get(row) - shift);
  return now;
}

/* Lets the rows glide to their new places, once the column has scrolled: its observer is the older one, and
   so the first to be called. */
function glide(article, before) {
  const { matches: isCalm } = window.matchMedia("(prefers-reduced-motion: reduce)");
  if (isCalm) return;
  const placed = new ResizeObserver(() => {
    placed.disconnect();
    for (const [row, top] of tops(article)) {
      const by = before.get(row) - top; // NaN if it is folded or new
      if (Math.abs(by) > 1) row.animate([{ translate: `0 ${by}px` }, { translate: "0" }], GLIDE);
    }
  });
  placed.observe(article);
}

/* Steps that were seen at work fold when the turn is done, others are folded from the beginning. */
function useFold(id, steps, article) {
  const isDone = Boolean(steps);
  const first = () => ({ id, isOpen: opened.get(id) ?? !isDone });
  const [known, setKnown] = useState(first);
  const last = useRef({ id, isDone });
  const { isOpen } = known.id === id ? known : first();
  const set = (now) => setKnown({ id, isOpen: now });
  useLayoutEffect(() => {
    const isOver = isDone && last.current.id === id && !last.current.isDone;
    last.current = { id, isDone };
    if (!isOver) return;
    const stays = opened.get(id) ?? isRead(article.current);
    if (stays) remember(id, true);
    else glide(article.current, topsBefore(article.current));
    set(stays);
  }, [id, isDone]);
  const toggle = () => {
    remember(id, !isOpen);
    set(!isOpen);
  };
  return { isOpen: isOpen || !isDone, toggle };
}

export function Turn({ turn, you, agent, children }) {
  const heading = useId();
  const article = useRef(null);
  const thread = useContext(Thread);
  const assistant = useContext(Agent) || agent;
  const fold = useFold(`${thread} ${turn.key}`, turn.steps, article);
  const name = turn.isAsked ? you : turn.names.join(", ") || assistant;
  return (
    <article
      className="turn"
      ref={article}
      aria-labelledby={heading}
      data-testid="turn"
      data-asked={turn.isAsked || undefined}
      data-folded={!fold.isOpen || undefined}
    >
      <h2 className="unseen" id={heading}>{name}</h2>
      <Fold value={fold}>
        <HeadingBase value={turn.level}>{children}</HeadingBase>
      </Fold>
    </article>
  );
}

/** The line for the steps of a finished turn. */
export function StepsLine({ sentence }) {
  const fold = useContext(Fold);
  if (!fold) return null;
  return (
    <button type="button" className="steps-line" aria-expanded={fold.isOpen} onClick={fold.toggle} data-testid="steps">
      {sentence}
      <ChevronRight className="chevron" size="1.15em" aria-hidden="true" />
    </button>
  );
}
