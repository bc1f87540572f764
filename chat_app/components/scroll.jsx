/* The scrolling column. It follows the newest line while the reader is at the end, lets go at the
   smallest scroll up, and holds still then, however much text arrives below.

   It watches the content's height instead of React's renders: blocks are drawn by components of
   their own, images and fonts load late, and all of that has to count. */

import { useEffect, useRef, useState } from "react";

const NEAR = 24; // px from the end that still count as being there

export function Scroll({ children, thread, sent }) {
  const box = useRef(null);
  const content = useRef(null);
  const following = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = (behavior = "instant") => {
    const element = box.current;
    if (!element) return;
    following.current = true;
    setAway(false);
    element.scrollTo({ top: element.scrollHeight, behavior });
  };

  useEffect(() => {
    const element = box.current;
    let last = element.scrollTop;
    const onScroll = () => {
      const gap = element.scrollHeight - element.scrollTop - element.clientHeight;
      if (element.scrollTop < last - 1 && gap > 2) following.current = false;
      else if (gap <= NEAR) following.current = true;
      last = element.scrollTop;
      setAway(!following.current);
    };
    const grown = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight;
      last = element.scrollTop;
    });
    grown.observe(content.current);
    grown.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      grown.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, []);

  useEffect(() => toEnd(), [thread, sent]);

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return (
    <div className="scroll-frame">
      <div className="scroll" ref={box} data-testid="scroll" tabIndex={-1}>
        <div ref={content}>{children}</div>
      </div>
      {away && (
        <button
          type="button"
          className="jump"
          data-testid="jump"
          aria-label="Jump to latest"
          title="Jump to latest"
          onClick={() => toEnd(calm() ? "instant" : "smooth")}
        >
          <svg viewBox="0 0 24 24" width="17" height="17" aria-hidden="true">
            <path d="M12 5v14m-6-6 6 6 6-6" fill="none" stroke="currentColor" strokeWidth="1.7" />
          </svg>
        </button>
      )}
    </div>
  );
}
