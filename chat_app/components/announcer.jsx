/* Tells a screen reader each finished answer, once. The log itself is no live region: it changes with
   every token, and half sentences read aloud over each other help nobody. */

import { useEffect, useRef, useState } from "react";

const MOST = 4000; // characters; the rest can be read in the log

function lastAnswer() {
  const rows = [...document.querySelectorAll(".log > .row")];
  const asked = rows.findLastIndex((row) => row.dataset.kind === "human");
  const answer = rows.slice(asked + 1).filter((row) => ["text", "error", "notice"].includes(row.dataset.kind));
  return answer.map((row) => row.innerText).join("\n").slice(0, MOST);
}

export function Announcer({ running }) {
  const ran = useRef(false);
  const [words, setWords] = useState("");
  useEffect(() => {
    if (running) setWords("");
    else if (ran.current) {
      /* The last block is drawn by a component of its own, a moment later. */
      const timer = setTimeout(() => setWords(lastAnswer()), 100);
      ran.current = false;
      return () => clearTimeout(timer);
    }
    ran.current = running;
  }, [running]);
  return (
    <div className="unseen" role="status" aria-live="polite" data-testid="announcer">
      {words}
    </div>
  );
}
