/* A title that is renamed in place: Enter and leaving the field save it, Escape does not. An empty title, and
   one that is not changed, is none. */

import { useEffect, useRef } from "react";

const LENGTH = 200; // TITLE_LENGTH in runs/threads/edits.py

/** `onEnd` is called once, with the new title or "", and whether the focus was in the field until then. */
export function RenameField({ title, label, onEnd, className }) {
  const field = useRef(null);
  const isOver = useRef(false);
  useEffect(() => {
    field.current.focus();
    field.current.select();
  }, []);
  const end = (isSaved, hasFocus) => {
    if (isOver.current) return;
    isOver.current = true;
    const given = field.current.value.trim();
    onEnd(isSaved && given !== title ? given : "", hasFocus);
  };
  const onKeyDown = (event) => {
    event.stopPropagation(); // the keys of the list are not meant
    if (event.nativeEvent.isComposing) return;
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    end(event.key === "Enter", true);
  };
  return (
    <input
      ref={field}
      className={className}
      aria-label={label}
      defaultValue={title}
      maxLength={LENGTH}
      dir="auto"
      autoComplete="off"
      spellCheck="true"
      enterKeyHint="done"
      onKeyDown={onKeyDown}
      onBlur={() => end(true, false)}
    />
  );
}
