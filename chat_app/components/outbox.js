/* What was sent and what is being written, kept by the browser for each thread. A message stays here
   until the app has taken it: it may be in a socket that nobody reads any more. */

import { useEffect, useRef } from "react";
import { isUp } from "../connection/connection.jsx";

const TAKEN_IN = 10_000; // ms; longer than any app that is there takes to take a message
const OUTBOX = "chat_outbox";
const EDITS = "chat_edits";
const draftKey = (thread) => `chat_draft:${thread || "new"}`;

function store(key, text) {
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // Storage full or forbidden: what is written then lives only as long as the page.
  }
}

export const draftOf = (thread) => sessionStorage.getItem(draftKey(thread)) ?? "";
export const keepDraft = (thread, text) => store(draftKey(thread), text);

/* A list of { thread, text, due }: the app has taken a message once it has counted so many; a `due`
   of null is a message that got lost. */
const outbox = () => JSON.parse(sessionStorage.getItem(OUTBOX) ?? "[]");
const keepOutbox = (messages) => store(OUTBOX, messages.length ? JSON.stringify(messages) : "");

const settle = (sent) => keepOutbox(outbox().filter(({ due }) => due === null || due > sent));
const lose = () => keepOutbox(outbox().map((message) => ({ ...message, due: null })));

function takeLost(thread) {
  const isOurs = (message) => message.due === null && message.thread === thread;
  const messages = outbox();
  keepOutbox(messages.filter((message) => !isOurs(message)));
  return messages.filter(isOurs).map(({ text }) => text).join("\n\n");
}

/** Returns what keeps a message; `bring` gets back each one that the app did not take.
    `sent` counts those it took, and is true once the page is `ready` (again). */
export function useOutbox({ thread, sent, ready, bring }) {
  const now = useRef();
  now.current = { thread, bring };
  const patience = useRef();

  const bringLost = () => {
    const text = takeLost(now.current.thread);
    if (text) now.current.bring(text);
  };
  useEffect(() => settle(sent), [sent]);
  useEffect(() => {
    if (!ready) return;
    settle(sent);
    lose();
  }, [ready]);
  useEffect(() => {
    if (ready) bringLost();
  }, [ready, thread]);
  useEffect(() => () => clearTimeout(patience.current), []);

  return (text) => {
    const messages = outbox();
    const due = Math.max(sent, ...messages.map((message) => message.due ?? 0)) + 1;
    keepOutbox([...messages, { thread, text, due }]);
    clearTimeout(patience.current);
    patience.current = setTimeout(() => {
      if (!isUp()) return; // a page that comes up again looks by itself
      lose();
      bringLost();
    }, TAKEN_IN);
  };
}

/** Calls `bring` once for each of the app's `edits`, also where the page was loaded in between. */
export function useEdits({ edited, edits, ready, bring }) {
  useEffect(() => {
    if (!ready) return;
    const known = Number(sessionStorage.getItem(EDITS));
    store(EDITS, String(edits));
    if (edits > known) bring(edited);
  }, [edits, ready]);
}
