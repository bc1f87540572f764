/* The question that the composer answers: the first one that takes text, unless the person chose another. */

import { useSyncExternalStore } from "react";

let chosen = "";
const watchers = new Set();
const watch = (changed) => {
  watchers.add(changed);
  return () => watchers.delete(changed);
};

export function choose(key) {
  chosen = key;
  watchers.forEach((changed) => changed());
}

export function useTarget(asks) {
  const key = useSyncExternalStore(watch, () => chosen, () => "");
  return asks.find((ask) => ask.key === key && ask.how) ?? asks.find((ask) => ask.how) ?? asks[0];
}
