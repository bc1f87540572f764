/* What is typed in each chat and not sent. It is kept in the tab, where the new chat has one too, and for a thread
   also in the browser: another tab, or this page on another day, goes on with it. A sign-out removes all of them (see
   middleware/owner.js); those of temporary chats never leave the tab, and end with the chat. */

import { useEffect, useSyncExternalStore } from "react";

const PREFIX = "chat_draft:";
const ORDER = "chat_drafts"; // the threads with a draft in the browser, the last one begun at the end
const MOST = 50; // drafts in the browser
const LONGEST = 20_000; // characters of one of them

const keyOf = (thread) => `${PREFIX}${thread || "new"}`;
const temporary = new Set();
const watchers = new Set();
const readers = new Set();

/* Storage may be full or forbidden: then a draft is lost with the page. */
function tried(change) {
  try {
    return change();
  } catch {
    return null;
  }
}

export function store(key, text, storage = sessionStorage) {
  tried(() => (text ? storage.setItem(key, text) : storage.removeItem(key)));
}

const listed = () => tried(() => JSON.parse(localStorage.getItem(ORDER) ?? "[]")) ?? [];

function list(thread, isThere) {
  const others = listed().filter((each) => each !== thread);
  for (const old of others.slice(0, isThere ? Math.max(0, others.length + 1 - MOST) : 0)) {
    store(keyOf(old), "", localStorage);
    others.shift();
  }
  store(ORDER, JSON.stringify(isThere ? [...others, thread] : others), localStorage);
}

const inTab = (thread) => tried(() => sessionStorage.getItem(keyOf(thread)));
const inBrowser = (thread) => (thread ? tried(() => localStorage.getItem(keyOf(thread))) : null);

export const draftOf = (thread) => inTab(thread) ?? inBrowser(thread) ?? "";
export const hasDraft = (thread) => Boolean(draftOf(thread).trim());

export function keepDraft(thread, text) {
  const before = hasDraft(thread);
  store(keyOf(thread), text);
  if (thread) {
    const kept = temporary.has(thread) || text.length > LONGEST ? "" : text;
    const was = inBrowser(thread);
    if ((was ?? "") !== kept) {
      store(keyOf(thread), kept, localStorage);
      if (Boolean(was) !== Boolean(kept)) list(thread, Boolean(kept));
    }
  }
  if (before !== Boolean(text.trim())) watchers.forEach((tell) => tell());
}

/* Another tab has changed a draft: this one follows, unless something else was typed here. */
function heard({ key, oldValue, newValue, storageArea }) {
  if (storageArea !== localStorage || !key?.startsWith(PREFIX)) return;
  const thread = key.slice(PREFIX.length);
  const own = inTab(thread);
  if (own !== null && own !== (oldValue ?? "")) return;
  store(key, newValue);
  watchers.forEach((tell) => tell());
  readers.forEach((read) => read(thread, newValue ?? ""));
}
globalThis.window?.addEventListener("storage", heard);

/** `read(thread, text)` is called when another tab has changed a draft. */
export function useDraftsOfOtherTabs(read) {
  useEffect(() => {
    readers.add(read);
    return () => readers.delete(read);
  });
}

/** The draft of a temporary chat stays in the tab, and ends when the chat is left. */
export function useTemporary(thread, isTemporary) {
  if (thread && isTemporary) temporary.add(thread);
  useEffect(() => {
    if (!thread || !isTemporary) return;
    keepDraft(thread, draftOf(thread));
    return () => keepDraft(thread, "");
  }, [thread, isTemporary]);
}

const subscribe = (tell) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

/** The mark of a chat in which something is typed and not sent. */
export function useHasDraft(thread) {
  return useSyncExternalStore(subscribe, () => hasDraft(thread), () => false);
}
