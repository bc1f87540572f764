/* The moving parts of a quiet line. What it opens to is drawn when it is opened first: a thread has
   hundreds of tool calls, and few are looked into. */

import { Children, useEffect, useState } from "react";
import { copyText } from "../prose/copying.js";

export function Line({ children, ...rest }) {
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

export function Copy({ value, label }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    const timer = copied && setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    setCopied(await copyText(typeof value === "string" ? value : JSON.stringify(value, null, 2)));
  };
  return (
    <button type="button" className="copy" aria-label={label} title={label} onClick={copy}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={copied ? "M5 12.5l4.5 4.5L19 7.5" : "M9 9h11v11H9zM5 15H4V4h11v1"} />
      </svg>
      <span className="unseen" role="status">{copied ? "Copied" : ""}</span>
    </button>
  );
}
