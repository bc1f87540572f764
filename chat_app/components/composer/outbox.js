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

const formKey = (key) => `chat_form:${key}`;
/** What a form holds, as form_values.js has it. */
export function formOf(key) {
  try {
    return JSON.parse(sessionStorage.getItem(formKey(key)) ?? "{}");
  } catch {
    return {};
  }
}
export const keepForm = (key, given) =>
  store(formKey(key), Object.keys(given).length ? JSON.stringify(given) : "");

/* A list of { thread, text, attached, socket, due }, `attached` being ids: the app has taken a message
   once it has counted so many; a `due` of null is a message that got lost. */
const outbox = () => JSON.parse(sessionStorage.getItem(OUTBOX) ?? "[]");
const keepOutbox = (messages) => store(OUTBOX, messages.length ? JSON.stringify(messages) : "");

const settle = (taken) => keepOutbox(outbox().filter(({ due }) => due === null || due > taken));
const lose = (isLost) =>
  keepOutbox(outbox().map((message) => (isLost(message) ? { ...message, due: null } : message)));

function takeLost(thread) {
  const isOurs = (message) => message.due === null && message.thread === thread;
  const messages = outbox();
  keepOutbox(messages.filter((message) => !isOurs(message)));
  const ours = messages.filter(isOurs);
  return {
    text: ours.map(({ text }) => text).filter(Boolean).join("\n\n"),
    attached: ours.flatMap(({ attached }) => attached ?? []),
  };
}

/** Returns what keeps a message; `bring` gets back each one that the app did not take, and `settled`
    hears of the attachments that are still on their way.
    `taken` counts those it took, and is true once the page is `ready` (again), after a loss of the
    connection or a turn to another chat: what went through this same `socket` may be on its way. */
export function useOutbox({ thread, taken, socket, ready, bring, settled }) {
  const now = useRef();
  now.current = { thread, bring };
  const patience = useRef();

  const bringLost = () => {
    const lost = takeLost(now.current.thread);
    if (lost.text || lost.attached.length) now.current.bring(lost);
  };
  useEffect(() => {
    settle(taken);
    settled(outbox().flatMap(({ attached }) => attached ?? []));
  }, [taken]);
  useEffect(() => {
    if (!ready) return;
    settle(taken);
    lose((message) => message.socket !== socket);
  }, [ready]);
  useEffect(() => {
    if (ready) bringLost();
  }, [ready, thread]);
  useEffect(() => () => clearTimeout(patience.current), []);

  return (text, attached) => {
    const messages = outbox();
    const due = Math.max(taken, ...messages.map((message) => message.due ?? 0)) + 1;
    keepOutbox([...messages, { thread, text, attached, socket, due }]);
    clearTimeout(patience.current);
    patience.current = setTimeout(() => {
      if (!isUp()) return; // a page that comes up again looks by itself
      lose(() => true);
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
