/* A row that opens, and what may be in it: elapsed seconds, a copy button. The content is rendered when the
   row is opened for the first time: a thread has hundreds of tool calls, and few are opened. */

import { Children, useEffect, useState } from "react";
import { CopyButton } from "../prose/copy.jsx";
import { filled, useWords } from "../shared/words.jsx";

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
  const words = useWords();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const all = since ? Math.floor((now - since) / 1000) : 0;
  if (all <= 0) return null;
  const [minutes, seconds] = [Math.floor(all / 60), all % 60];
  return <span className="seconds">{filled(minutes ? words.minutes : words.seconds, { minutes, seconds })}</span>;
}

const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

export const Copy = ({ value, label }) => (
  <CopyButton className="copy" label={label} textOf={() => asText(value)} />
);
