/* The title tells the tabs, history entries and bookmarks of several chats apart, and how many threads have
   news; so does the tab's icon. */

import { useEffect, useSyncExternalStore } from "react";
import { showIcon } from "./favicon.js";
import { useLook } from "./look.js";
import { newsCount, subscribe } from "./news.js";

export function PageTitle({ title, app }) {
  const count = useSyncExternalStore(subscribe, newsCount, () => 0);
  const { presentation } = useLook();
  const shown = presentation ? "" : title;
  useEffect(() => {
    const name = shown ? `${shown} · ${app}` : app;
    document.title = count ? `(${count}) ${name}` : name;
  }, [shown, app, count]);
  useEffect(() => showIcon(count > 0), [count > 0]);
  return null;
}
