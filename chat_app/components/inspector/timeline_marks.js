/* What belongs together in the chat and in the timeline is marked in both, while one of the two is pointed at.

   `places` is where messages and calls of tools stand in the chat: how the keys of their rows begin, by id. */

import { useEffect } from "react";
import { shared } from "../prose/store.js";

const MARK = "data-inspected";
const marked = shared(new Set()); // ids of what is pointed at in the chat

export const useMarked = marked.use;

const isAt = (key, place) => key === place || key?.startsWith(`${place}.`);
const rowsOfChat = () => document.querySelectorAll("#conversation [data-key]");

/** Mark the rows of the chat that these ids are of; without ids there are none. */
export function markInChat(ids, places) {
  const wanted = ids.map((id) => places[id]).filter(Boolean);
  for (const row of rowsOfChat()) row.toggleAttribute(MARK, wanted.some((place) => isAt(row.dataset.key, place)));
}

/** While it is on the page, what is pointed at in the chat is in `useMarked`. */
export function usePointedAt(places) {
  useEffect(() => {
    const chat = document.querySelector("#conversation");
    if (!chat) return undefined;
    let last;
    const onOver = ({ target }) => {
      const key = target.closest("[data-key]")?.dataset.key;
      if (key === last) return;
      last = key;
      const ids = Object.keys(places).filter((id) => isAt(key, places[id]));
      if (ids.length || marked.get().size) marked.set(new Set(ids));
    };
    const onLeave = () => {
      last = undefined;
      if (marked.get().size) marked.set(new Set());
    };
    chat.addEventListener("pointerover", onOver);
    chat.addEventListener("pointerleave", onLeave);
    return () => {
      chat.removeEventListener("pointerover", onOver);
      chat.removeEventListener("pointerleave", onLeave);
      onLeave();
      markInChat([], {});
    };
  }, [places]);
}
