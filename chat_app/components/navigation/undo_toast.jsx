/* "Chat deleted", for as long as that can be undone. The deletion itself is the app's: it happens whether or not
   this page is there. Above everything else, the sheet of a phone included: it is part of the sidebar while that is
   visible, where a press does not close the sheet, else of the page. */

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { announce } from "../shared/announce.js";
import { counted } from "../shared/words.jsx";
import { shared } from "../prose/store.js";

const STAYS = 8000; // ms; the app waits a second longer: DELETED_AFTER in runs/times.py

const deleted = shared(null);

/** Offer to undo a deletion: `undo` is called with no arguments. */
export const offerUndo = (count, undo) => deleted.set({ count, undo, at: performance.now() });

/** Undo what is offered; returns whether there was anything. */
export function undoNow() {
  const now = deleted.get();
  deleted.set(null);
  now?.undo();
  return Boolean(now);
}

/* Where it is rendered: an element in a hidden sidebar is not visible, popover or not. */
function usePlace(isShown) {
  const [place, put] = useState(null);
  useLayoutEffect(() => {
    if (!isShown) return;
    const sidebar = document.getElementById("sidebar");
    const look = () => put(sidebar.checkVisibility({ visibilityProperty: true }) ? sidebar : document.body);
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(sidebar);
    return () => sizes.disconnect();
  }, [isShown]);
  return place;
}

export function UndoToast({ words }) {
  const now = deleted.use();
  const place = usePlace(Boolean(now));
  const toast = useRef(null);
  const said = now && counted(words.deleted, now.count, words.language);
  useEffect(() => {
    if (now && place && !toast.current.matches(":popover-open")) toast.current.showPopover();
  }, [now, place]);
  useEffect(() => {
    if (!now) return;
    announce(said);
    const timer = setTimeout(() => deleted.set(null), STAYS);
    return () => clearTimeout(timer);
  }, [now]);
  if (!now || !place) return null;
  return createPortal(
    <div className="undo-toast" popover="manual" ref={toast} data-testid="undo-toast">
      <span>{said}</span>
      <button type="button" className="button" aria-keyshortcuts="Control+Z Meta+Z" onClick={undoNow}>
        {words.undo}
      </button>
    </div>,
    place,
  );
}
