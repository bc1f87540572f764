/* Messages for screen readers. The page has one live region (see conversation/announcer.jsx); whatever has
   something to say calls `announce` with a short sentence. Each message is an element of its own, so that
   two that come together are both read. */

import { useSyncExternalStore } from "react";

const STAY = 1000; // ms after which a message is removed: find-in-page would find its text a second time
const NONE = [];

let messages = NONE;
let made = 0;
const readers = new Set();

function publish(next) {
  messages = next;
  readers.forEach((read) => read());
}

export function announce(text) {
  if (!text?.trim()) return;
  const message = { id: (made += 1), text: text.trim() };
  publish([...messages, message]);
  setTimeout(() => publish(messages.filter(({ id }) => id !== message.id)), STAY);
}

const subscribe = (read) => {
  readers.add(read);
  return () => readers.delete(read);
};

/** The messages that the live region contains now, each with an `id` and a `text`. */
export const useMessages = () => useSyncExternalStore(subscribe, () => messages, () => NONE);
