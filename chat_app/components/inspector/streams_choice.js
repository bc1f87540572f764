/* What becomes of a choice of stream modes when one box is changed. */

export const ALL = ["values", "updates", "messages", "custom", "tasks", "checkpoints", "debug", "events"];

/** The choice after one box was changed; empty where it is what the chat needs. */
export function changed(chosen, usual, name, isOn) {
  const now = new Set(chosen.length ? chosen : usual);
  if (isOn) now.add(name);
  else now.delete(name);
  return ALL.filter((mode) => now.has(mode));
}
