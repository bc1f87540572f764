/* The scrolling column. It follows the newest line while the reader is at the end, and stops at the
   smallest scroll up. From then on the row at the top of the window is an anchor: its position is kept
   when content grows, loads or is inserted before it.

   A ResizeObserver of the content is used instead of React's renders: blocks are rendered by components
   of their own, and images and fonts load late. The browser's scroll anchoring is not used: Safari has
   none, and it does nothing at the very top, where earlier messages are inserted. */

import { useEffect, useRef, useState } from "react";
import { useWords } from "../shared/words.jsx";
import { onJump } from "./jump.js";

const NEAR = 24; // px from the end that still count as the end
const AHEAD = 1500; // px before the top at which earlier messages are requested
const GLIDE = 500; // ms of a smooth scroll to the end, which the space for the button that ends does not cut short
const STILL = "conversationstill";
const STILL_FOR = 1500; // ms in which another version comes and is drawn
const UP = new Set(["ArrowUp", "PageUp", "Home"]);

/** The part of the conversation below the turn of this element becomes another one: what is seen now stays where
    it is, above all the beginning of that turn. */
export const standStill = (element) => element.dispatchEvent(new CustomEvent(STILL, { bubbles: true }));

/** The row to hold, and how far below the top edge of the window it begins: the first that begins
    in the upper half, for the one across the edge may still change its height above it. */
function anchorIn(box) {
  const { top: edge, height } = box.getBoundingClientRect();
  let across = null;
  for (const row of box.querySelectorAll(".turn > .row")) {
    const { top, bottom } = row.getBoundingClientRect();
    if (bottom <= edge || !row.getClientRects().length) continue; // also of folded steps
    if (top >= edge) return across && top > edge + height / 2 ? across : { row, offset: top - edge };
    across ??= { row, offset: top - edge };
  }
  return across;
}

export function Scroll({ children, thread, sent, count, earlier, onEarlier, more, latest, label }) {
  const { language } = useWords();
  const box = useRef(null);
  const content = useRef(null);
  const following = useRef(true);
  const anchor = useRef(null);
  const glideUntil = useRef(0);
  const page = useRef({ earlier: 0, asked: 0, ask: null });
  const [leftAt, setLeftAt] = useState(null); // number of messages when the reader scrolled up

  page.current.earlier = earlier;
  page.current.ask = onEarlier;
  const messages = useRef(count);
  messages.current = count;

  const follow = (is) => {
    if (following.current === is) return;
    following.current = is;
    setLeftAt(is ? null : messages.current);
  };

  const toEnd = (behavior = "instant") => {
    const element = box.current;
    if (!element) return;
    follow(true);
    glideUntil.current = behavior === "smooth" ? performance.now() + GLIDE : 0;
    element.scrollTo({ top: element.scrollHeight, behavior });
  };

  useEffect(() => {
    const element = box.current;
    let last = element.scrollTop;
    let tall = element.clientHeight;
    let high = element.scrollHeight;
    const askIfNearTop = () => {
      const { earlier: before, asked, ask } = page.current;
      if (following.current || !before || before === asked || element.scrollTop > AHEAD) return;
      page.current.asked = before;
      ask();
    };
    /* A scroll position is a whole number of pixels and heights are not: the rounding error of a correction
       is carried over to the next one, or ten of them would add up to a visible shift. */
    const settle = (rest = 0) => {
      last = element.scrollTop;
      tall = element.clientHeight;
      high = element.scrollHeight;
      anchor.current = following.current ? null : anchorIn(element);
      if (anchor.current) anchor.current.offset -= rest;
      askIfNearTop();
    };
    /* Moves the anchor back to where it was, less the distance scrolled by the reader since then: rows above
       it may grow between two frames, also while the wheel turns. Returns the rounding error. */
    const hold = () => {
      const held = anchor.current;
      if (!held?.row.getClientRects().length) return 0; // removed, or a folded step
      const top = held.row.getBoundingClientRect().top - element.getBoundingClientRect().top;
      const shift = top - held.offset + (element.scrollTop - last);
      const from = element.scrollTop;
      if (Math.abs(shift) >= 0.5) element.scrollTop = Math.round(from + shift);
      const rest = shift - (element.scrollTop - from);
      return Math.abs(rest) < 1 ? rest : 0; // a larger one means that the end of the column was reached
    };
    const onScroll = () => {
      const gap = element.scrollHeight - element.scrollTop - element.clientHeight;
      /* A taller window or shorter content changes the scroll position by itself: that is no scroll of the
         reader. Content that shrank may have grown again by now, so any change of its height counts. */
      const isResized = element.clientHeight !== tall || element.scrollHeight !== high;
      if (!isResized && element.scrollTop < last - 1 && gap > 2) follow(false);
      else if (gap <= NEAR && element.scrollTop >= last) follow(true);
      settle(following.current ? 0 : hold());
      if (still) still.held.offset = topOf(still.held.row);
      giveSpaceBack();
    };
    /* The line of folded steps stays where it is when they open, also at the end of the conversation. */
    let pinned = null;
    const onFold = ({ target }) => {
      const row = target.closest(".steps-line")?.closest(".row");
      if (row) pinned = { row, offset: row.getBoundingClientRect().top - element.getBoundingClientRect().top };
    };
    /* Another version of a turn: its beginning stays where it is, until the reader scrolls. Where the other one is
       shorter, space below it keeps the column from moving. */
    const topOf = (row) => row.getBoundingClientRect().top - element.getBoundingClientRect().top;
    let still = null;
    const onStill = ({ target }) => {
      const row = target.closest(".turn"); // its rows may be others
      if (!row) return;
      still = { held: { row, offset: topOf(row) }, until: performance.now() + STILL_FOR };
      content.current.style.minHeight = `${element.scrollTop + element.clientHeight}px`;
    };
    const stir = () => (still = null);
    const giveSpaceBack = () => {
      const { style } = content.current;
      const needed = element.scrollTop + element.clientHeight;
      if (style.minHeight && parseFloat(style.minHeight) > needed) style.minHeight = `${needed}px`;
    };
    const hasEnd = () => element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR;
    const grown = new ResizeObserver(() => {
      if (pinned) {
        anchor.current = pinned;
        pinned = null;
        const rest = hold();
        follow(hasEnd());
        settle(rest);
        return;
      }
      if (still && performance.now() < still.until) {
        anchor.current = { ...still.held };
        const rest = hold();
        follow(hasEnd());
        settle(rest);
        return;
      }
      const isGliding = performance.now() < glideUntil.current;
      if (following.current) element.scrollTo({ top: element.scrollHeight, behavior: isGliding ? "smooth" : "instant" });
      settle(following.current ? 0 : hold());
    });
    /* Following would cancel a scroll that has only begun, so the first upward event stops it. */
    const stopFollowing = () => {
      if (!following.current || element.scrollTop <= 0) return;
      follow(false);
      anchor.current = anchorIn(element);
    };
    const onWheel = (event) => {
      stir();
      if (event.deltaY < 0) stopFollowing();
    };
    const onKey = (event) => event.target === element && UP.has(event.key) && stopFollowing();
    /* Page Up and Page Down in a text box scroll the conversation, unless the text box itself can scroll. */
    const onPage = ({ key, target }) => {
      const isFree = target.tagName === "TEXTAREA" && target.scrollHeight <= target.clientHeight;
      const pages = { PageUp: -0.9, PageDown: 0.9 }[key];
      if (isFree && pages) element.scrollBy({ top: pages * element.clientHeight });
    };
    const endJumps = onJump((row, offset) => {
      follow(element.scrollHeight <= element.clientHeight); // all of it is seen
      element.scrollTop += row.getBoundingClientRect().top - element.getBoundingClientRect().top - offset;
      settle();
      anchor.current = { row, offset: row.getBoundingClientRect().top - element.getBoundingClientRect().top };
    });
    grown.observe(content.current);
    grown.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    element.addEventListener("wheel", onWheel, { passive: true });
    element.addEventListener("click", onFold);
    element.addEventListener(STILL, onStill);
    element.addEventListener("touchmove", stir, { passive: true });
    element.addEventListener("pointerdown", stir);
    element.addEventListener("keydown", onKey);
    document.addEventListener("keydown", onPage);
    return () => {
      endJumps();
      grown.disconnect();
      element.removeEventListener("scroll", onScroll);
      element.removeEventListener("wheel", onWheel);
      element.removeEventListener("click", onFold);
      element.removeEventListener(STILL, onStill);
      element.removeEventListener("touchmove", stir);
      element.removeEventListener("pointerdown", stir);
      element.removeEventListener("keydown", onKey);
      document.removeEventListener("keydown", onPage);
    };
  }, []);

  useEffect(() => {
    page.current.asked = 0;
    content.current.style.minHeight = "";
    toEnd();
  }, [thread, sent]);

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const fresh = leftAt === null ? 0 : Math.max(count - leftAt, 0);
  return (
    <div className="scroll-frame" data-left={leftAt !== null || undefined}>
      <div
        className="scroll"
        id="conversation"
        role="region"
        aria-label={label}
        ref={box}
        data-testid="scroll"
        data-reading={leftAt !== null || undefined}
        tabIndex={0}
      >
        <div ref={content}>
          {earlier > 0 && (
            <button type="button" className="earlier" data-testid="earlier" onClick={() => onEarlier()}>
              {more.replace("{count}", earlier.toLocaleString(language))}
            </button>
          )}
          {children}
        </div>
      </div>
      {leftAt !== null && (
        <button
          type="button"
          className="jump"
          data-testid="jump"
          aria-label={fresh ? `${latest} (${fresh})` : latest}
          title={latest}
          onClick={() => toEnd(calm() ? "instant" : "smooth")}
        >
          <svg viewBox="0 0 24 24" width="1.0625rem" height="1.0625rem" aria-hidden="true">
            <path d="M12 5v14m-6-6 6 6 6-6" fill="none" stroke="currentColor" strokeWidth="1.7" />
          </svg>
          {fresh > 0 && <span data-testid="fresh">{fresh}</span>}
        </button>
      )}
    </div>
  );
}
