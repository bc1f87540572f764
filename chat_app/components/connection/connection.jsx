/* Says when the browser cannot reach the app. Reflex keeps the socket to itself, but it drops a
   `temporal` event while that is down, and tries to connect before any other: with no event at all
   these are a question and a push. */

import { useContext, useEffect, useRef, useState } from "react";
import { EventLoopContext, addEvents } from "$/utils/context";

const PATIENCE = 1000; // ms that a lost connection may take to come back by itself
const OPENING = 5000; // ms that the first one may take
const GLANCE = 500;
const ASLEEP = 120_000; // ms between two glances; a page in the background has one a minute

export const isUp = () => addEvents([], [], { temporal: true }) !== undefined;
export const tryAgain = () => addEvents([]);
/** Whether the person was told, and knows that what they send waits for them. */
export const isSaid = () => document.querySelector(".connection") !== null;

/* After a sleep the socket may look open for minutes while nobody is at its other end. Reflex closes
   it when the page is left. */
const openAnew = () => {
  window.dispatchEvent(new Event("pagehide"));
  tryAgain();
};

export function Connection({ offline, lost, failed, retry, reload }) {
  const [, errors] = useContext(EventLoopContext);
  const [trouble, setTrouble] = useState("");
  const [isBroken, setBroken] = useState(false);
  const glance = useRef(() => {});

  useEffect(() => {
    let wasUp = false;
    let before = Date.now();
    let downSince = before;
    glance.current = () => {
      const now = Date.now();
      if (now - before > ASLEEP) openAnew();
      before = now;
      if (isUp()) {
        wasUp = true;
        downSince = 0;
        return setTrouble("");
      }
      downSince ||= now;
      if (!navigator.onLine) setTrouble(offline);
      else if (now - downSince >= (wasUp ? PATIENCE : OPENING)) setTrouble(lost);
    };
    const wake = () => {
      glance.current();
      if (document.visibilityState === "visible" && !isUp()) tryAgain();
    };
    const onFailure = () => setBroken(true);
    const glances = setInterval(() => glance.current(), GLANCE);
    window.addEventListener("online", wake);
    window.addEventListener("offline", wake);
    document.addEventListener("visibilitychange", wake);
    document.addEventListener("appfailure", onFailure);
    return () => {
      clearInterval(glances);
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", wake);
      document.removeEventListener("visibilitychange", wake);
      document.removeEventListener("appfailure", onFailure);
    };
  }, []);
  useEffect(() => glance.current(), [errors]);

  if (!trouble && !isBroken) return null;
  const [words, doing, act] = trouble ? [trouble, retry, tryAgain] : [failed, reload, () => location.reload()];
  return (
    <div className={`notice connection ${trouble ? "warn" : "bad"}`} role="status" data-testid="connection">
      <span>{words}</span>
      <button type="button" className="button" onClick={act}>
        {doing}
      </button>
    </div>
  );
}
