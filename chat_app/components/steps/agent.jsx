/* The row of a subgraph. The app sends its transcript only while it is open. If the app has lost that state,
   after a restart or when it expired, it is requested again. */

import { Children, useEffect, useRef, useState } from "react";

const NEAR = 24; // px from the end that still count as the end

/* Follows the end of a card while it grows, until the reader scrolls up. */
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
