/* Renders the part of a long list that is visible. All rows are equally high, and so are all headings; their
   heights are measured from those that are rendered, for they grow with the text. A short list is rendered whole,
   in the flow of the page. */

import { useEffect, useLayoutEffect, useReducer, useRef } from "react";

const SHORT = 200; // items
const BEYOND = 600; // px rendered above and below the visible part

const heightOf = (element) => element?.getBoundingClientRect().height ?? 0;

/* Where each item begins, in px, and where the last one ends. */
function placesOf(items, { row, heading }) {
  const places = new Array(items.length + 1);
  let at = 0;
  items.forEach((item, index) => {
    places[index] = at;
    at += item.row ? row : heading;
  });
  places[items.length] = at;
  return places;
}

/* The last item that begins at or before `at`. */
function itemAt(places, at) {
  let [low, high] = [0, places.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (places[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

/** `box` is the ref of the element that scrolls; the row of the key `kept` is rendered wherever it is.
 *
 * Returns the items to render, each with its `top` in px (undefined in a short list), the whole height, and
 * `reveal`, which scrolls to the item of a key. */
export function useWindow(box, items, kept) {
  const [, draw] = useReducer((count) => count + 1, 0);
  const sizes = useRef({ row: 0, heading: 0 });
  const drawn = useRef({ first: 0, last: 0, places: [0] });
  const anchor = useRef(null);
  const isLong = items.length > SHORT && sizes.current.row > 0;
  const places = isLong ? placesOf(items, sizes.current) : [0];
  const scrolled = box.current?.scrollTop ?? 0;
  const visible = box.current?.clientHeight ?? 0;
  const first = isLong ? itemAt(places, scrolled - BEYOND) : 0;
  const last = isLong ? itemAt(places, scrolled + visible + BEYOND) : items.length - 1;
  drawn.current = { first, last, places, items, isLong };

  useLayoutEffect(() => {
    const row = heightOf(box.current.querySelector("[data-row]:not([data-edited])"));
    const heading = heightOf(box.current.querySelector(".thread-group"));
    const known = sizes.current;
    const next = { row: row || known.row, heading: heading || known.heading };
    if (next.row === known.row && next.heading === known.heading) return;
    sizes.current = next;
    draw();
  });

  // What is visible stays where it is when rows come or go above it: browsers do that for the flow only.
  useLayoutEffect(() => {
    const now = drawn.current;
    if (now.isLong && anchor.current && box.current.scrollTop > 0) {
      const at = now.items.findIndex(({ key }) => key === anchor.current.key);
      const moved = at < 0 ? 0 : now.places[at] - anchor.current.top;
      if (moved) box.current.scrollTop += moved;
    }
    const index = now.isLong ? itemAt(now.places, box.current.scrollTop) : -1;
    anchor.current = index < 0 ? null : { key: now.items[index]?.key, top: now.places[index] };
  }, [items]);

  useEffect(() => {
    let frame = 0;
    const check = () => {
      frame = 0;
      const now = drawn.current;
      if (!now.isLong) return;
      const { scrollTop, clientHeight } = box.current;
      const index = itemAt(now.places, scrollTop);
      anchor.current = { key: now.items[index]?.key, top: now.places[index] };
      const isInside = (at, edge) => Math.abs(itemAt(now.places, at) - edge) < 4;
      if (!isInside(scrollTop - BEYOND, now.first) || !isInside(scrollTop + clientHeight + BEYOND, now.last)) draw();
    };
    const later = () => (frame ||= requestAnimationFrame(check));
    const element = box.current;
    const resized = new ResizeObserver(() => draw());
    element.addEventListener("scroll", later, { passive: true });
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", later);
      resized.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);

  const reveal = (key) => {
    const at = items.findIndex((item) => item.key === key);
    if (at < 0 || !isLong) return;
    const { scrollTop, clientHeight } = box.current;
    const [top, bottom] = [places[at], places[at + 1]];
    if (top < scrollTop) box.current.scrollTop = top - sizes.current.heading;
    else if (bottom > scrollTop + clientHeight) box.current.scrollTop = bottom - clientHeight;
    draw();
  };

  const shown = [];
  const keptAt = isLong && kept ? items.findIndex(({ key }) => key === kept) : -1;
  if (keptAt >= 0 && keptAt < first) shown.push({ ...items[keptAt], top: places[keptAt] });
  for (let at = first; at <= last; at += 1) shown.push({ ...items[at], top: isLong ? places[at] : undefined });
  if (keptAt > last) shown.push({ ...items[keptAt], top: places[keptAt] });
  return { shown, height: isLong ? places.at(-1) : undefined, reveal };
}
