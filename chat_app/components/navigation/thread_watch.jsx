/* What the sidebar shows of each thread, and what of it is seen while the page is hidden: the tab's title and
   icon (page_title.jsx), and notifications (notifications.jsx). */

import { useEffect, useState, useSyncExternalStore } from "react";
import Circle from "lucide-react/dist/esm/icons/circle.mjs";
import CircleX from "lucide-react/dist/esm/icons/circle-x.mjs";
import Hand from "lucide-react/dist/esm/icons/hand.mjs";
import LoaderCircle from "lucide-react/dist/esm/icons/loader-circle.mjs";
import { ASKS, FAILED, RUNNING, UNREAD, heard, isVisible, list, look, markOfThread, subscribe } from "./news.js";
import { useNotifications } from "./notifications.jsx";

const ICONS = { [RUNNING]: LoaderCircle, [ASKS]: Hand, [UNREAD]: Circle, [FAILED]: CircleX };

export function ThreadWatch({ threads, loaded, open, ready, words, onVisible }) {
  const [visible, setVisible] = useState(true);
  useEffect(() => list(threads, open, loaded), [threads, open, loaded]);
  useEffect(() => {
    const turned = () => {
      setVisible(isVisible());
      look();
    };
    turned();
    document.addEventListener("visibilitychange", turned);
    window.addEventListener("storage", heard);
    return () => {
      document.removeEventListener("visibilitychange", turned);
      window.removeEventListener("storage", heard);
    };
  }, []);
  useEffect(() => {
    // Also once the page is connected again: the app may have been restarted.
    if (ready) onVisible(visible);
  }, [ready, visible]);
  useNotifications(visible, words);
  return null;
}

export function ThreadStatus({ thread, status, words }) {
  const mark = useSyncExternalStore(subscribe, () => markOfThread(thread), () => "");
  const shown = { busy: RUNNING, interrupted: ASKS }[status] ?? mark;
  const Icon = ICONS[shown];
  if (!Icon || !words[shown]) return null;
  return (
    <span className={`status ${shown}`} title={words[shown]} data-testid="thread-status">
      <Icon size="0.875rem" strokeWidth={2} aria-hidden="true" />
      <span className="unseen">{words[shown]}</span>
    </span>
  );
}
