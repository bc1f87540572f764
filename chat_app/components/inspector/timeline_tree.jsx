/* The bars of a timeline, as a treegrid: one stop of the Tab key, whose active row the arrow keys move. Of many rows
   only those that can be seen are on the page. */

import { Fragment, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import Ban from "lucide-react/dist/esm/icons/ban.mjs";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import DatabaseZap from "lucide-react/dist/esm/icons/database-zap.mjs";
import Hand from "lucide-react/dist/esm/icons/hand.mjs";
import LoaderCircle from "lucide-react/dist/esm/icons/loader-circle.mjs";
import Wrench from "lucide-react/dist/esm/icons/wrench.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { counted, filled } from "../shared/words.jsx";
import { markInChat, useMarked } from "./timeline_marks.js";
import { barOf, inSeconds, madeBy, moveTo, nested, parentOf, ticksOf, tokensOf, unfolded } from "./timeline_rows.js";

const MANY = 200; // rows; fewer are all on the page
const AROUND = 10; // rows above and below of those that can be seen
const LEVELS = 6; // deeper ones are not moved further in
const icon = { size: "0.875rem", strokeWidth: 1.9, "aria-hidden": true };
const STATES = { running: LoaderCircle, done: Check, failed: X, interrupted: Hand, cached: DatabaseZap };

const TICK = 3; // rem for a mark of the axis and its time
const ROOM = 0.8; // of that, which a time at the end of the axis needs, or it would run into the next column
const WORDS = /(?<=[._\-/:])(?=.)|(?<=[a-z])(?=[A-Z])/;

const percent = (part) => `${(part * 100).toFixed(3)}%`;

/** How long something took, in the words of the page. */
export function useTook(words) {
  return (ms) => {
    const [amount, unit] = inSeconds(Math.max(ms, 0), words.language);
    return filled(words.took, { amount, unit });
  };
}

export const StateIcon = ({ state }) => {
  const Icon = STATES[state] ?? Ban;
  return <Icon {...icon} className={`timeline-state ${state}`} />;
};

/* Which part of the list can be seen; all of a short one. */
function useWindow(box, count) {
  const [seen, setSeen] = useState([0, MANY]);
  const look = () => {
    const height = box.current?.querySelector("[role=row]")?.offsetHeight || 36;
    const first = Math.floor(box.current.scrollTop / height) - AROUND;
    const size = Math.ceil(box.current.clientHeight / height) + 2 * AROUND;
    const from = Math.max(0, first - (first % AROUND));
    setSeen(([a, b]) => (a === from && b === from + size + AROUND ? [a, b] : [from, from + size + AROUND]));
  };
  useLayoutEffect(() => {
    if (count > MANY) look();
  }, [count > MANY]);
  return { from: count > MANY ? seen[0] : 0, to: count > MANY ? Math.min(seen[1], count) : count, look };
}

/* A long name may be broken where one of its words ends. */
const Name = ({ name }) => (
  <bdi>
    {name.split(WORDS).map((word, at) => (
      <Fragment key={at}>
        {at > 0 && <wbr />}
        {word}
      </Fragment>
    ))}
  </bdi>
);

function Bar({ row, span, words, told }) {
  const { begin, length } = barOf(row, span);
  return (
    <span className="timeline-track" role="gridcell">
      <span className="unseen">{told}</span>
      <span
        className={`timeline-bar ${row.state}`}
        data-kind={row.kind}
        data-inexact={!row.exact || undefined}
        style={{ "--begin": percent(begin), "--length": percent(length) }}
      />
      {row.tried.map((at) => (
        <span key={at} className="timeline-retry" title={words.retried} style={{ "--begin": percent(barOf({ start: at }, span).begin) }} />
      ))}
    </span>
  );
}

function useRowWords(words) {
  const took = useTook(words);
  return (row, to) => {
    const { start, end, state, attempts, cost, interrupts } = row;
    const tokens = tokensOf(row);
    const time = took((end ?? to) - start);
    return {
      time,
      tokens: tokens ? tokens.toLocaleString(words.language) : "",
      state: words.states[state] ?? state,
      more: [
        attempts > 1 && counted(words.attempts, attempts, words.language),
        interrupts > 0 && counted(words.waits, interrupts, words.language),
        tokens > 0 && counted(words.tokens, tokens, words.language),
        cost > 0 && filled(words.cost, { cost: cost.toLocaleString(words.language, { maximumSignificantDigits: 2 }) }),
      ].filter(Boolean),
    };
  };
}

function Row({ one, at, id, span, words, isActive, isSelected, isFolded, isMarked, say, ...does }) {
  const { row, level, place, size, isParent } = one;
  const said = say(row, span.to);
  const name = row.name || words.step;
  return (
    <div
      role="row"
      id={id}
      aria-rowindex={at + 1}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={size}
      aria-expanded={isParent ? !isFolded : undefined}
      aria-selected={isSelected}
      data-active={isActive || undefined}
      data-marked={isMarked || undefined}
      data-state={row.state}
      data-testid="span"
      title={[name, said.state, said.time, ...said.more].join(words.between)}
      onClick={() => does.onSelect(at)}
      onPointerEnter={() => does.onPoint(row)}
      onPointerLeave={() => does.onPoint(null)}
    >
      <span className="timeline-name" role="rowheader" style={{ "--level": Math.min(level - 1, LEVELS) }}>
        <span
          className="timeline-fold"
          data-parent={isParent || undefined}
          onClick={(event) => {
            if (!isParent) return;
            event.stopPropagation();
            does.onFold(at);
          }}
        >
          {isParent && <ChevronRight {...icon} />}
        </span>
        {row.kind === "tool" && <Wrench {...icon} className="timeline-kind" />}
        <Name name={name} />
        {row.attempts > 1 && <small>{filled(words.times, { count: row.attempts })}</small>}
      </span>
      <Bar row={row} span={span} words={words} told={[said.state, ...said.more].join(words.between)} />
      <span className="timeline-figures" role="gridcell">
        <span>{said.time}</span>
        <StateIcon state={row.state} />
      </span>
      <span className="timeline-tokens" role="gridcell">{said.tokens}</span>
    </div>
  );
}

/* As many marks as there is room for. */
function Axis({ span, words }) {
  const took = useTook(words);
  const track = useRef(null);
  const [most, setMost] = useState(4);
  useEffect(() => {
    const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
    const observer = new ResizeObserver(([{ contentRect }]) => setMost(Math.floor(contentRect.width / rem() / TICK)));
    observer.observe(track.current);
    return () => observer.disconnect();
  }, []);
  const ticks = useMemo(() => ticksOf(span, most), [span.from, span.to, most]);
  const whole = span.to - span.from;
  const fits = (at) => (1 - at / whole) * most >= ROOM;
  return (
    <div className="timeline-axis" aria-hidden="true">
      <span>{words.name}</span>
      <span className="timeline-ticks" ref={track}>
        {ticks.map((at) => (
          <span key={at} style={{ "--begin": percent(at / whole) }}>{fits(at) && took(at)}</span>
        ))}
      </span>
      <span>{words.duration}</span>
      <span className="timeline-tokens">{words.tokensShort}</span>
    </div>
  );
}

/** `rows` are those of the route by their ids, `span` is the time that is drawn, in ms since the run's start. */
export function TimelineTree({ rows, span, places, selected, onSelect, words }) {
  const id = useId();
  const box = useRef(null);
  const [folded, setFolded] = useState(new Set());
  const [active, setActive] = useState("");
  const list = useMemo(() => unfolded(nested(rows), folded), [rows, folded]);
  const marked = useMarked();
  const say = useRowWords(words);
  const { from, to, look } = useWindow(box, list.length);
  const found = list.findIndex(({ row }) => row.id === active);
  const now = found < 0 ? 0 : found;
  const idOf = (at) => `${id}-${at}`;
  const point = (row) => markInChat(row ? madeBy(row) : [], places);
  const reveal = (at) => {
    const height = box.current.querySelector("[role=row]")?.offsetHeight ?? 0;
    const { scrollTop, clientHeight } = box.current;
    if (at * height < scrollTop) box.current.scrollTop = at * height;
    else if ((at + 1) * height > scrollTop + clientHeight) box.current.scrollTop = (at + 1) * height - clientHeight;
  };
  const show = (at) => {
    setActive(list[at].row.id);
    reveal(at);
    point(list[at].row);
  };
  const fold = (at, isFolded) => {
    const { id: row } = list[at].row;
    const next = new Set(folded);
    if (isFolded ?? !folded.has(row)) next.add(row);
    else next.delete(row);
    setFolded(next);
  };
  const select = (at) => {
    setActive(list[at].row.id);
    onSelect(list[at].row.id);
  };
  const onKeyDown = (event) => {
    if (!list.length || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const page = Math.max(1, Math.floor(box.current.clientHeight / 40));
    const to = moveTo(list, now, key, page);
    const { isParent, row } = list[now];
    if (to !== null) show(to);
    else if (key === "ArrowRight" && isParent) folded.has(row.id) ? fold(now, false) : show(Math.min(now + 1, list.length - 1));
    else if (key === "ArrowLeft") isParent && !folded.has(row.id) ? fold(now, true) : show(Math.max(parentOf(list, now), 0));
    else if (key === "Enter" || key === " ") select(now);
    else return;
    event.preventDefault();
  };
  /* The details, which open below, leave less room for the rows. */
  useLayoutEffect(() => {
    const at = list.findIndex(({ row }) => row.id === selected);
    if (at >= 0) reveal(at);
  }, [selected]);
  useEffect(() => () => markInChat([], {}), []);
  const spread = { onSelect: select, onPoint: point, onFold: fold };
  return (
    <div className="timeline-grid">
      <Axis span={span} words={words} />
      <div
        className="timeline-rows"
        role="treegrid"
        aria-label={words.rows}
        aria-rowcount={list.length}
        aria-colcount={4}
        aria-activedescendant={list.length && now >= from && now < to ? idOf(now) : undefined}
        tabIndex={0}
        ref={box}
        onScroll={list.length > MANY ? look : undefined}
        onKeyDown={onKeyDown}
        onBlur={() => markInChat([], {})}
      >
        <div role="presentation" className="timeline-space" style={{ "--rows": from }} />
        {list.slice(from, to).map((one, place) => (
          <Row
            key={one.row.id}
            one={one}
            at={from + place}
            id={idOf(from + place)}
            isActive={from + place === now}
            isSelected={one.row.id === selected}
            isFolded={folded.has(one.row.id)}
            isMarked={marked.size > 0 && madeBy(one.row).some((made) => marked.has(made))}
            {...{ span, words, say }}
            {...spread}
          />
        ))}
        <div role="presentation" className="timeline-space" style={{ "--rows": list.length - to }} />
      </div>
    </div>
  );
}
