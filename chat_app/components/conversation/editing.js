/* Which messages are being edited, and to what: by the id of the message, so that it does not matter where in a
   long conversation it stands, or whether it is rendered right now. The browser keeps it over a reload. */

import { useSyncExternalStore } from "react";
import { store } from "../composer/drafts.js";

const KEY = "chat_editing";
const MOST = 20; // messages; of more the oldest are forgotten

let known = null; // Map of { text, from }, `from` being the element that had the focus
const readers = new Set();

function edits() {
  if (known || typeof sessionStorage === "undefined") return known ?? new Map();
  try {
    const kept = Object.entries(JSON.parse(sessionStorage.getItem(KEY) ?? "{}"));
    known = new Map(kept.map(([id, text]) => [id, { text: String(text) }]));
  } catch {
    known = new Map();
  }
  return known;
}

const keep = () => store(KEY, known.size ? JSON.stringify(Object.fromEntries([...known].map(([id, { text }]) => [id, text]))) : "");

function put(id, edit) {
  edits().delete(id);
  if (edit) known.set(id, edit);
  while (known.size > MOST) known.delete(known.keys().next().value);
  keep();
  readers.forEach((read) => read());
}

/** Opens the editor of a message with this text; the focus returns to the element that has it now. */
export const beginEdit = (id, text) => put(id, { text, from: document.activeElement, isFresh: true });
/** The text that is kept if the page is loaded again; nothing is rendered for it. */
export function keepEdit(id, text) {
  const edit = edits().get(id);
  if (!edit) return;
  edit.text = text;
  keep();
}
export const endEdit = (id) => edits().has(id) && put(id, null);
export const editOf = (id) => edits().get(id);

const subscribe = (read) => {
  readers.add(read);
  return () => readers.delete(read);
};

/** The edit of a message, or nothing where it is not being edited. */
export const useEdit = (id) => useSyncExternalStore(subscribe, () => edits().get(id), () => undefined);
