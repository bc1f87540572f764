/* A row that opens, and what may be in it: elapsed seconds, a copy button. The content is rendered when the
   row is opened for the first time: a thread has hundreds of tool calls, and few are opened. */

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
