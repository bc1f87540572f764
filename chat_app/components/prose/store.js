/* A value that many components share. Each block of an answer is a React tree of its own, so what
   they have in common (wrapped code, allowed images) cannot come down to them as a prop. */

import { useSyncExternalStore } from "react";

export function shared(initial) {
  let value = initial;
  const readers = new Set();
  const subscribe = (reader) => {
    readers.add(reader);
    return () => readers.delete(reader);
  };
  const get = () => value;
  const set = (next) => {
    value = next;
    readers.forEach((reader) => reader());
  };
  return { get, set, use: () => useSyncExternalStore(subscribe, get, () => initial) };
}

/* The same, kept in localStorage under `key`; what another tab of this browser sets counts at once. */
export function remembered(key, initial) {
  const store = shared(initial);
  const read = (json) => {
    try {
      store.set(json ? JSON.parse(json) : initial);
    } catch {
      store.set(initial);
    }
  };
  const set = (next) => {
    store.set(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Storage full or forbidden: it then holds only as long as the page.
    }
  };
  if (typeof window !== "undefined") {
    try {
      read(localStorage.getItem(key));
    } catch {
      // Forbidden even to look.
    }
    window.addEventListener("storage", (event) => event.key === key && read(event.newValue));
  }
  return { ...store, set };
}
