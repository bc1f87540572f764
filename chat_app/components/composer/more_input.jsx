/* Optional input beside a message: fields for the other keys of the graph's input, collapsed at first.
   Their values are kept for the messages that follow. */

import { useEffect, useId, useState } from "react";
import { Fields } from "../forms/fields.jsx";
import { changedIn } from "../forms/form_values.js";
import { formOf, keepForm } from "./outbox.js";

export function useMoreInput({ thread, assistant, fields, faults, problem }) {
  const key = `${thread || "new"}:${assistant}`;
  const [filled, setFilled] = useState({});
  const [open, setOpen] = useState(false);
  const id = useId();
  useEffect(() => {
    const kept = formOf(key);
    setFilled(kept);
    setOpen(Object.keys(kept).length > 0);
  }, [key]);
  useEffect(() => {
    if (faults.length || problem) setOpen(true);
  }, [faults, problem]);
  const put = (news) => {
    setFilled(news);
    keepForm(key, news);
  };
  const given = changedIn(fields, filled);
  const count = Object.keys(given).length;
  return { id, fields, filled, put, faults, problem, open, setOpen, count, given: count ? given : null };
}

export function MoreInput({ more, words }) {
  const { id, fields, filled, put, faults, problem, open } = more;
  if (!fields.length || !open) return null;
  const onKeyDown = (event) => {
    // Enter in these fields does not send the message.
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  };
  return (
    <div className="input-fields more-input" id={id} onKeyDown={onKeyDown} data-testid="more-input">
      <Fields {...{ fields, faults, words }} given={filled} onChange={put} />
      {problem && <p className="composer-problem" role="alert">{problem}</p>}
    </div>
  );
}

export function MoreInputButton({ more, words }) {
  const { id, fields, open, setOpen, count } = more;
  if (!fields.length) return null;
  return (
    <button
      type="button"
      className="pill"
      aria-expanded={open}
      aria-controls={open ? id : undefined}
      onClick={() => setOpen(!open)}
      data-testid="more-input-button"
    >
      {words.more}
      {!open && count > 0 && ` (${count})`}
    </button>
  );
}
