/* The tooltips of buttons name the keys of most keyboards; on those of Apple they are replaced when the button is
   pointed at or has the focus. The page is built before the keyboard is known. */

import { useEffect } from "react";
import { filled, useWords } from "../shared/words.jsx";
import { isApple } from "./platform.js";

/** A row of the table. */
export const useRow = (id) => useWords().commands.table.find((row) => row.id === id);

/** The props of a button that does the same as a command; `shortcuts.hint` is the same for Python. */
export function useHint(id, label) {
  const { commands } = useWords();
  const { hint, spoken } = useRow(id);
  const title = hint.length ? filled(commands.hint, { label, keys: hint[0] }) : label;
  return { title, "aria-keyshortcuts": spoken || undefined, "data-hint": id };
}

export function useHints(table) {
  useEffect(() => {
    if (!isApple()) return;
    const hints = new Map(table.filter(({ hint }) => hint.length).map(({ id, hint }) => [id, hint]));
    const rename = ({ target }) => {
      const button = target.closest?.("[data-hint]");
      const [usual, apple] = hints.get(button?.dataset.hint) ?? [];
      if (usual && button.title.includes(`(${usual})`)) button.title = button.title.replace(`(${usual})`, `(${apple})`);
    };
    document.addEventListener("pointerover", rename);
    document.addEventListener("focusin", rename);
    return () => {
      document.removeEventListener("pointerover", rename);
      document.removeEventListener("focusin", rename);
    };
  }, [table]);
}
