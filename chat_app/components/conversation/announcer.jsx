/* Announces each finished answer to screen readers, once. The log itself is no live region: it changes with
   every token, and a screen reader would interrupt itself all the time. */

import { useEffect, useRef, useState } from "react";

const MOST = 4000; // characters; the rest can be read in the log
const STAY = 1000; // ms after which the text is removed: find-in-page would find it a second time

function lastAnswer() {
  const rows = [...document.querySelectorAll(".log > .row")];
  const asked = rows.findLastIndex((row) => row.matches('[data-kind="human"], [data-status="sent"]'));
  const answer = rows.slice(asked + 1).filter((row) => ["text", "error", "notice", "ask"].includes(row.dataset.kind));
  return answer.map((row) => row.innerText).join("\n").slice(0, MOST);
}

export function Announcer({ running }) {
  const ran = useRef(false);
  const [words, setWords] = useState("");
  useEffect(() => {
    const isOver = ran.current && !running;
    ran.current = running;
    if (!isOver) return;
    /* The last block is rendered by a component of its own, a moment later. */
    const say = setTimeout(() => setWords(lastAnswer()), 100);
    const end = setTimeout(() => setWords(""), 100 + STAY);
    return () => [say, end].forEach(clearTimeout);
  }, [running]);
  return (
    <div className="unseen" role="status" aria-live="polite" data-testid="announcer">
      {words}
    </div>
  );
}
