/* Unconfirmed messages of each thread, in the browser's storage. A sent message stays here until
   the app has confirmed it: it may have been written into a socket that was closed at the other end. */

import { useEffect, useRef } from "react";
import { isUp } from "../connection/connection.jsx";
import { store } from "./drafts.js";
import { nextDue, unconfirmed } from "./outbox_count.js";

const TAKEN_IN = 10_000; // ms; a connected app confirms a message sooner than that
const OUTBOX = "chat_outbox";
const EDITS = "chat_edits";

const formKey = (key) => `chat_form:${key}`;
/** The values of a form, in the shape that form_values.js describes. */
export function formOf(key) {
  try {
    return JSON.parse(sessionStorage.getItem(formKey(key)) ?? "{}");
  } catch {
    return {};
  }
}
export const keepForm = (key, given) =>
  store(formKey(key), Object.keys(given).length ? JSON.stringify(given) : "");

/* A list of { thread, text, attached, socket, taker, due }, `attached` being ids. `due` is the count of confirmed
   messages of the process `taker` from which on this one is confirmed; null for a message that got lost. */
const outbox = () => JSON.parse(sessionStorage.getItem(OUTBOX) ?? "[]");
const keepOutbox = (messages) => store(OUTBOX, messages.length ? JSON.stringify(messages) : "");

const settle = (taken, taker) => keepOutbox(unconfirmed(outbox(), taken, taker));
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

/** Returns the function that stores a message. `bring` is called with each message that the app did not
    receive, `settled` with the ids of attachments whose messages are not confirmed yet.
    `taken` counts the messages that the process `taker` has confirmed; it is valid once the page is `ready` (again), after a lost
    connection or a change of the chat. Messages sent through this same `socket` may still arrive. */
export function useOutbox({ thread, taken, taker, socket, ready, bring, settled }) {
  const now = useRef();
  now.current = { thread, bring };
  const timer = useRef();

  const bringLost = () => {
    const lost = takeLost(now.current.thread);
    if (lost.text || lost.attached.length) now.current.bring(lost);
  };
  useEffect(() => {
    settle(taken, taker);
    settled(outbox().flatMap(({ attached }) => attached ?? []));
  }, [taken, taker]);
  useEffect(() => {
    if (!ready) return;
    settle(taken, taker);
    lose((message) => message.socket !== socket);
  }, [ready]);
  useEffect(() => {
    if (ready) bringLost();
  }, [ready, thread]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (text, attached) => {
    const messages = outbox();
    const due = nextDue(messages, taken, taker);
    keepOutbox([...messages, { thread, text, attached, socket, taker, due }]);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!isUp()) return; // the check runs again when the page has connected
      lose(() => true);
      bringLost();
    }, TAKEN_IN);
  };
}

/** Calls `bring` once for each of the app's `edits`, even if the page was reloaded in between. */
export function useEdits({ edited, edits, ready, bring }) {
  useEffect(() => {
    if (!ready) return;
    const known = Number(sessionStorage.getItem(EDITS));
    store(EDITS, String(edits));
    if (edits > known) bring(edited);
  }, [edits, ready]);
}
