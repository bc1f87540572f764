/* The list of events. Only what is visible of it is on the page: all rows are equally high, and their height is
   measured, for it grows with the text. The focus stays on the list; the arrow keys move in it. */

import { memo, useEffect, useId, useImperativeHandle, useLayoutEffect, useReducer, useRef, useState } from "react";

const BEYOND = 12; // rows above and below the visible ones
const HEIGHT = 28; // px, until it is measured
const FROM_END = 4; // px
const UNITS = ["B", "kB", "MB"];

const size = (bytes, language) => {
  const unit = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const digits = unit && bytes / 1000 ** unit < 10 ? 1 : 0;
  return `${(bytes / 1000 ** unit).toLocaleString(language, { maximumFractionDigits: digits })} ${UNITS[unit]}`;
};

export const sizeOf = size;

/** Seconds since the first event of the run. */
export const timeOf = (at, start, language) =>
  `+${(Math.max(0, at - start) / 1000).toLocaleString(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 })}`;

const Row = memo(function Row({ row, id, isActive, isOpen, top, place, start, language }) {
  return (
    <div
      role="option"
      id={id}
      className="streams-row"
      data-number={row.number}
      data-mode={row.mode}
      data-active={isActive || undefined}
      aria-selected={isOpen}
      aria-setsize={-1}
      aria-posinset={place}
      style={{ transform: `translateY(${top}px)` }}
    >
      <time title={new Date(row.at).toLocaleString(language)}>{timeOf(row.at, start, language)}</time>
      <span className="name" title={row.event}>{row.event}</span>
      <span className="node" title={row.node}>{row.node}</span>
      <span className="gist" dir="auto">{row.preview}</span>
      <span className="size">{row.size > 0 && size(row.size, language)}</span>
    </div>
  );
});

export function StreamList({ rows, start, open, words, isAtEnd, setAtEnd, onOpen, ref }) {
  const box = useRef(null);
  const id = useId();
  const height = useRef(HEIGHT);
  const shown = useRef([0, 0]);
  const [active, setActive] = useState(0); // the number of an event
  const [, draw] = useReducer((count) => count + 1, 0);
  const follows = useRef(true);

  const visible = box.current?.clientHeight ?? 0;
  const scrolled = follows.current ? rows.length * height.current - visible : box.current?.scrollTop ?? 0;
  const first = Math.max(0, Math.floor(scrolled / height.current) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((scrolled + visible) / height.current) + BEYOND);
  shown.current = [first, last];
  const placeOf = (number) => {
    let [low, high] = [0, rows.length]; // the rows are in the order of their numbers
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].number < number) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const isActiveShown = active > 0 && placeOf(active) >= first && placeOf(active) < last;
  const toEnd = () => {
    follows.current = true;
    box.current.scrollTop = box.current.scrollHeight;
    setAtEnd(true);
    draw();
  };
  useImperativeHandle(ref, () => ({ toEnd }));

  useLayoutEffect(() => {
    const measured = box.current.querySelector("[role=option]")?.getBoundingClientRect().height;
    if (measured && Math.abs(measured - height.current) > 0.5) {
      height.current = measured;
      draw();
    }
    if (follows.current) box.current.scrollTop = box.current.scrollHeight;
  });
  useEffect(() => {
    const watch = new ResizeObserver(() => draw());
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);

  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current;
    const ends = scrollTop + clientHeight >= scrollHeight - FROM_END;
    follows.current = ends;
    if (ends !== isAtEnd) setAtEnd(ends);
    const [from, to] = shown.current;
    const at = scrollTop / height.current;
    if ((at - BEYOND / 2 < from && from > 0) || (at + clientHeight / height.current + BEYOND / 2 > to && to < rows.length)) draw();
  };
  const reveal = (place) => {
    const [top, bottom] = [place * height.current, (place + 1) * height.current];
    const { scrollTop, clientHeight } = box.current;
    if (top < scrollTop) box.current.scrollTop = top;
    if (bottom > scrollTop + clientHeight) box.current.scrollTop = bottom - clientHeight;
    setActive(rows[place].number);
  };
  const onKeyDown = (event) => {
    const now = active ? placeOf(active) : Math.max(0, Math.floor(box.current.scrollTop / height.current) - 1);
    const page = Math.max(1, Math.floor(box.current.clientHeight / height.current) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length };
    if (event.key in steps) {
      event.preventDefault();
      reveal(Math.min(rows.length - 1, Math.max(0, now + steps[event.key])));
    } else if ((event.key === "Enter" || event.key === " ") && rows[placeOf(active)]?.number === active) {
      event.preventDefault();
      onOpen(rows[placeOf(active)]);
    }
  };
  const onClick = ({ target }) => {
    const number = Number(target.closest?.("[data-number]")?.dataset.number);
    const row = rows[placeOf(number)];
    if (row?.number !== number) return;
    setActive(number);
    onOpen(row);
  };
  return (
    <div
      ref={box}
      className="streams-list"
      role="listbox"
      tabIndex={0}
      aria-label={words.events}
      aria-activedescendant={isActiveShown ? `${id}-${active}` : undefined}
      {...{ onScroll, onKeyDown, onClick }}
    >
      <div role="presentation" style={{ height: `${rows.length * height.current}px` }}>
        {rows.slice(first, last).map((row, at) => (
          <Row
            key={row.number}
            id={`${id}-${row.number}`}
            row={row}
            isActive={row.number === active}
            isOpen={row.number === open}
            top={(first + at) * height.current}
            place={first + at + 1}
            language={words.language}
            start={start}
          />
        ))}
      </div>
    </div>
  );
}
