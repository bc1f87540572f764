/* The moving parts of a quiet line. What it opens to is drawn when it is opened first: a thread has
   hundreds of tool calls, and few are looked into. */

import { Children, useEffect, useState } from "react";
import { CopyButton } from "../prose/copy.jsx";

export function Disclosure({ children, ...rest }) {
  const [wasOpened, setWasOpened] = useState(false);
  const [summary, ...content] = Children.toArray(children);
  const onToggle = (event) => event.currentTarget.open && setWasOpened(true);
  return (
    <details {...rest} onToggle={onToggle}>
      {summary}
      {wasOpened && content}
    </details>
  );
}

export function Elapsed({ since }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = since ? Math.floor((now - since) / 1000) : 0;
  if (seconds <= 0) return null;
  const minutes = Math.floor(seconds / 60);
  return <span className="seconds">{minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`}</span>;
}

const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

export const Copy = ({ value, label }) => (
  <CopyButton className="copy" label={label} textOf={() => asText(value)} />
);
