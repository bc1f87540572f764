/* The title of the open chat in the header; pressing it renames the chat. */

import { useEffect, useRef, useState } from "react";
import { useCommand } from "../commands/registry.js";
import { RenameField } from "./rename_field.jsx";

export function HeaderTitle({ title, thread, words, onRename }) {
  const [isEdited, setEdited] = useState(false);
  const [given, setGiven] = useState(""); // until the app has taken it
  const button = useRef(null);
  const isLeft = useRef(false);
  useEffect(() => setEdited(false), [thread]);
  useEffect(() => setGiven(""), [title, thread]);
  useEffect(() => {
    if (!isEdited && isLeft.current) button.current?.focus();
    isLeft.current = false;
  }, [isEdited]);
  const onEnd = (next, hasFocus) => {
    isLeft.current = hasFocus;
    setEdited(false);
    if (next) rename(next);
  };
  const rename = (next) => {
    setGiven(next);
    onRename(thread, next);
  };
  useCommand("rename", {
    isPossible: () => Boolean(thread),
    run: (next) => (next ? rename(next) : setEdited(true)),
  });
  const shown = given || title;
  if (isEdited) return <RenameField title={shown} label={words.name} onEnd={onEnd} className="rename-field in-header" />;
  return (
    <h1 dir="auto" title={shown} data-testid="title">
      {thread ? (
        <button type="button" ref={button} title={words.rename} onClick={() => setEdited(true)}>
          {shown}
        </button>
      ) : (
        shown
      )}
    </h1>
  );
}
