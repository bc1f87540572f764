/* Tabs, history and bookmarks of several chats have to be told apart. */

import { useEffect } from "react";

export function PageTitle({ title, app }) {
  useEffect(() => {
    document.title = title ? `${title} · ${app}` : app;
  }, [title, app]);
  return null;
}
