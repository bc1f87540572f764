/* Shows when the browser cannot reach the app. Reflex does not expose its socket, but it drops `temporal`
   events while the socket is down, and reconnects before any other event is sent. An empty list of events
   uses the first as a check of the connection, and the second as a reconnect. */

import { useContext, useEffect, useRef, useState } from "react";
import { EventLoopContext, addEvents } from "$/utils/context";
import { isCrowded, leaves, stays } from "./login.js";

const GRACE = 1000; // ms within which a lost connection may be restored without a notice
const OPENING = 5000; // ms for the first connection
const CHECK_EVERY = 500; // ms
const ASK_EVERY = 2000; // ms between two questions whether the login has ended
const CLOSED = "appsocketclosed"; // see chat_app/built_page/socket.py
const ASLEEP = 120_000; // ms between two checks; browsers throttle a page in the background to one a minute

/** The event of the document after a notice has appeared or disappeared. */
export const SAID = "connectionsaid";
export const isUp = () => addEvents([], [], { temporal: true }) !== undefined;
export const tryAgain = () => addEvents([]);
/** Whether the notice is visible: the person knows then that a message waits for the connection. */
export const isSaid = () => document.querySelector(".connection") !== null;

/* The app process at the other end is about to end, and asks its pages to reconnect within some seconds: each at a
   time of its own, and before it sends a message, which is then for the next process. */
let pendingMove = null;
let moveTimer;
globalThis.document?.addEventListener("appdrain", ({ detail: { seconds, move } }) => {
  clearTimeout(moveTimer);
  pendingMove = () => {
    pendingMove = null;
    clearTimeout(moveTimer);
    move();
  };
  moveTimer = setTimeout(() => pendingMove?.(), Math.random() * seconds * 1000);
});

/** Whether the page had to reconnect to another process of the app, which it then does now. */
export function moves() {
  pendingMove?.();
  return !isUp();
}

/* After the computer slept, a dead socket may look open for minutes. Reflex closes it when the page is
   hidden. */
const reopen = () => {
  window.dispatchEvent(new Event("pagehide"));
  reconnect();
};

/* A login that has ended is no lost connection: the page leaves then. An answer that does not come is not
   waited for. */
const reconnect = async () => {
  const mayTry = await Promise.race([stays(), new Promise((done) => setTimeout(done, GRACE, true))]);
  if (mayTry && !isUp()) tryAgain();
};

export function Connection({ offline, lost, crowded, failed, limited, retry, reload }) {
  const [, errors] = useContext(EventLoopContext);
  const [trouble, setTrouble] = useState("");
  const [isBroken, setBroken] = useState(false);
  const [isLimited, setLimited] = useState(false);
  const check = useRef(() => {});

  useEffect(() => {
    let wasUp = false;
    let before = Date.now();
    let downSince = before;
    check.current = () => {
      const now = Date.now();
      if (now - before > ASLEEP) reopen();
      before = now;
      if (isUp()) {
        wasUp = true;
        downSince = 0;
        return setTrouble("");
      }
      downSince ||= now;
      if (leaves()) return;
      if (!navigator.onLine) setTrouble(offline);
      else if (now - downSince >= (wasUp ? GRACE : OPENING)) setTrouble(isCrowded() ? crowded : lost);
    };
    const wake = () => {
      check.current();
      if (document.visibilityState === "visible" && !isUp()) reconnect();
    };
    const onFailure = () => setBroken(true);
    const onOutage = ({ detail }) => setLimited(detail.isDown);
    const timer = setInterval(() => check.current(), CHECK_EVERY);
    document.addEventListener(CLOSED, reconnect);
    window.addEventListener("online", wake);
    window.addEventListener("offline", wake);
    document.addEventListener("visibilitychange", wake);
    document.addEventListener("appfailure", onFailure);
    document.addEventListener("appoutage", onOutage);
    return () => {
      clearInterval(timer);
      document.removeEventListener(CLOSED, reconnect);
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", wake);
      document.removeEventListener("visibilitychange", wake);
      document.removeEventListener("appfailure", onFailure);
      document.removeEventListener("appoutage", onOutage);
    };
  }, []);
  const askedAt = useRef(0);
  useEffect(() => {
    check.current();
    if (!errors.length || Date.now() - askedAt.current < ASK_EVERY) return;
    askedAt.current = Date.now();
    stays();
  }, [errors]);
  useEffect(() => {
    document.dispatchEvent(new Event(SAID));
  }, [trouble]);

  if (!trouble && !isBroken) {
    return isLimited ? (
      <div className="notice calm" role="status" data-testid="outage">
        <span>{limited}</span>
      </div>
    ) : null;
  }
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
