/* The chats that wait for a person. The selected one is the open thread of the page, so its address names it:
   what is said and asked there is drawn by the conversation beside the list. When the selected one waits no
   more, the next one is opened in its place. */

import { useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import Tray from "lucide-react/dist/esm/icons/inbox.mjs";
import { useRow } from "../commands/hints.js";
import { useCommand } from "../commands/registry.js";
import { announce } from "../shared/announce.js";
import { filled, isWide, nameOf, timeIn, useNow } from "./waiting.js";


const pathOf = (id) => (id ? `/inbox/${id}` : "/inbox");

export function Inbox({ rows, count, selected, loaded, more, over, agent, options, words, onMore }) {
  const navigate = useNavigate();
  const now = useNow();
  const box = useRef(null);
  const last = useRef({ id: "", at: -1 }); // where the selected one was when it was last listed
  const [isPastEnd, setPastEnd] = useState(false); // the next one is on the next page
  const at = rows.findIndex(({ id }) => id === selected);

  const go = (id, options) => navigate(pathOf(id), options);
  const step = (by) => {
    if (!rows.length) return;
    const place = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
    if (place >= rows.length && more) {
      setPastEnd(true);
      return onMore();
    }
    const next = rows[Math.max(0, Math.min(place, rows.length - 1))];
    if (next.id !== selected) go(next.id);
    return next;
  };

  useEffect(() => {
    if (!isPastEnd || at < 0 || at + 1 >= rows.length) return;
    setPastEnd(false);
    go(rows[at + 1].id);
  }, [rows]);

  useEffect(() => {
    if (at >= 0) {
      last.current = { id: selected, at };
      box.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
    } else if (loaded && selected && last.current.id === selected) {
      const place = Math.min(last.current.at, rows.length - 1);
      last.current = { id: "", at: -1 };
      go(rows[place]?.id, { replace: true });
    } else if (loaded && !selected && rows.length && isWide()) {
      go(rows[0].id, { replace: true });
    }
  }, [rows, selected, loaded]);

  useEffect(() => announce(over.sentence), [over]);
  useEffect(() => {
    if (at < 0) return;
    const { title, question } = rows[at];
    announce(`${filled(words.place, { at: at + 1, count })}: ${title}. ${question}`);
  }, [selected]);
  useEffect(() => {
    if (loaded && !rows.length && !selected) announce(words.empty);
  }, [loaded, rows.length, selected]);

  const stepByKey = (by) => {
    delete box.current.dataset.arrows;
    step(by);
  };
  useCommand("inbox-next", { run: () => stepByKey(1), isPossible: () => rows.length > 0 });
  useCommand("inbox-previous", { run: () => stepByKey(-1), isPossible: () => rows.length > 0 });

  /* With the arrow keys the focus stays in the list; whatever else leads to a question gives it the focus. */
  const onArrow = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    box.current.dataset.arrows = "";
    const next = step(by);
    if (next) box.current.querySelector(`[data-thread="${CSS.escape(next.id)}"]`)?.focus();
  };

  const byPress = () => delete box.current.dataset.arrows;

  return (
    <>
      {over.sentence && (
        <p className="inbox-over" data-testid="inbox-over">
          <span dir="auto">{over.sentence}</span>
          {!over.is_gone && <Link to={`/t/${over.id}`}>{words.open}</Link>}
        </p>
      )}
      {!loaded && <p className="inbox-none">{words.reading}</p>}
      {loaded && !rows.length && (
        <div className="inbox-none" data-testid="inbox-empty">
          <Tray strokeWidth={1.4} aria-hidden="true" />
          <p>{words.empty}</p>
          <small>{words.emptyMeans}</small>
        </div>
      )}
      <ol className="inbox-list" ref={box} aria-label={words.list} aria-description={words.keysMean} onKeyDown={onArrow} onClick={byPress}>
        {rows.map((row) => (
          <li key={row.id}>
            <Link
              to={pathOf(row.id)}
              className="inbox-row"
              aria-current={row.id === selected ? "true" : undefined}
              data-thread={row.id}
              data-testid="inbox-row"
            >
              <span className="title" dir="auto">{row.title}</span>
              <span className="question" dir="auto">
                {row.question}
                {row.questions > 1 && <em>{filled(words.several, { count: row.questions })}</em>}
              </span>
              <span className="from">
                <bdi>{nameOf(row, agent, options)}</bdi>
                {row.since > 0 && <time dateTime={new Date(row.since).toISOString()}>{timeIn(row.since, now, words)}</time>}
              </span>
            </Link>
          </li>
        ))}
      </ol>
      {more && <button type="button" className="button inbox-more" onClick={() => onMore()}>{words.more}</button>}
      {rows.length > 1 && <p className="inbox-keys" aria-hidden="true">{words.keys}</p>}
    </>
  );
}

export function InboxHead({ rows, count, selected, title, loaded, agent, options, words }) {
  const now = useNow();
  const previous = useRow("inbox-previous");
  const next = useRow("inbox-next");
  const at = rows.findIndex(({ id }) => id === selected);
  const row = rows[at];
  if (!selected) return null;
  const waits = row?.since > 0 && filled(words.waits, { time: timeIn(row.since, now, words) });
  const place = row && filled(words.place, { at: at + 1, count: Math.max(count, rows.length) });
  const from = row && [nameOf(row, agent, options), waits, place].filter(Boolean).join(" · ");
  const beside = (place, label, { keys, spoken }) => {
    const to = rows[place];
    if (!to) return <span className="button" aria-disabled="true">{label}</span>;
    return (
      <Link to={pathOf(to.id)} className="button" aria-keyshortcuts={spoken}>
        {label} <kbd aria-hidden="true">{keys[0]}</kbd>
      </Link>
    );
  };
  return (
    <div className="inbox-head" data-testid="inbox-head">
      <Link to="/inbox" className="inbox-back">{words.back}</Link>
      <h2 dir="auto" title={row?.title ?? title}>{row?.title ?? title}</h2>
      <p dir="auto">{from ?? (loaded && title ? words.notWaiting : "")}</p>
      <div className="inbox-ways">
        {rows.length > 1 && row && beside(at - 1, words.previous, previous)}
        {rows.length > 1 && row && beside(at + 1, words.next, next)}
        <Link to={`/t/${selected}`} className="button">{words.open}</Link>
      </div>
    </div>
  );
}
