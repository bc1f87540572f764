/* A store that many components share. Each block of an answer is a React tree of its own, so shared state
   (wrapped code, allowed images) cannot be passed to them as a prop. */

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
  return { get, set, subscribe, use: () => useSyncExternalStore(subscribe, get, () => initial) };
}

/* A store that is persisted in localStorage under `key`, and synchronised between the tabs of a browser. */
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
      // Storage full or forbidden: the value is then lost with the page.
    }
  };
  if (typeof window !== "undefined") {
    try {
      read(localStorage.getItem(key));
    } catch {
      // Reading the storage may be forbidden, too.
    }
    window.addEventListener("storage", (event) => event.key === key && read(event.newValue));
  }
  return { ...store, set };
}
