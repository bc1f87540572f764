/* The line of a graph inside the graph. Its rows come from the app, and only while it is open; an app
   that forgot about it, after a restart or an hour asleep, is asked again. */

import { Children, useEffect, useRef, useState } from "react";

const NEAR = 24; // px from the end that still count as being there

/* Keeps the end of a card in view while it grows, until the reader scrolls up. */
function useFollowing(line, isOn) {
  useEffect(() => {
    const card = isOn && line.current.querySelector(".card");
    if (!card) return;
    let follows = true;
    const onScroll = () => {
      follows = card.scrollHeight - card.scrollTop - card.clientHeight <= NEAR;
    };
    const grown = new MutationObserver(() => {
      if (follows) card.scrollTop = card.scrollHeight;
    });
    grown.observe(card, { childList: true, subtree: true, characterData: true });
    card.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      grown.disconnect();
      card.removeEventListener("scroll", onScroll);
    };
  }, [isOn]);
}

export function Agent({ known, live, onOpen, onClose, children, ...rest }) {
  const line = useRef(null);
  const [isOpen, setOpen] = useState(false);
  const [summary, ...content] = Children.toArray(children);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (isOpen && !known) onOpen();
  }, [isOpen, known]);
  useEffect(() => {
    if (isOpen) return () => close.current();
  }, [isOpen]);
  useFollowing(line, isOpen && live);
  return (
    <details {...rest} ref={line} onToggle={(event) => setOpen(event.currentTarget.open)}>
      {summary}
      {isOpen && content}
    </details>
  );
}
