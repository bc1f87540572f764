/* The title tells the tabs, history entries and bookmarks of several chats apart. */

import { useEffect } from "react";

export function PageTitle({ title, app }) {
  useEffect(() => {
    document.title = title ? `${title} · ${app}` : app;
  }, [title, app]);
  return null;
}
