/* The list of chats is one stop of the Tab key: the open chat, or the first. The arrow keys, Home and End move
   within it. The links are rendered outside of this component, so their tab index is set on the elements. */

import { useEffect, useRef } from "react";

const PLACES = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (at, count) => count - 1,
};

export function ThreadList({ children, label, keys }) {
  const box = useRef(null);
  const links = () => [...box.current.querySelectorAll(":scope a")];
  useEffect(() => {
    const settle = () => {
      const all = links();
      const stop =
        all.find((link) => link === document.activeElement) ??
        all.find((link) => link.getAttribute("aria-current") === "page") ??
        all[0];
      for (const link of all) {
        const index = link === stop ? 0 : -1;
        if (link.tabIndex !== index) link.tabIndex = index;
      }
    };
    settle();
    const changes = new MutationObserver(settle);
    changes.observe(box.current, { childList: true, subtree: true, attributeFilter: ["aria-current"] });
    box.current.addEventListener("focusin", settle);
    box.current.addEventListener("focusout", settle);
    return () => changes.disconnect();
  }, []);
  const onKeyDown = (event) => {
    const place = PLACES[event.key];
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (!place || at < 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    all[place(at, all.length)].focus();
  };
  return (
    <div className="threads" role="group" aria-label={label} aria-description={keys} ref={box} onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}
