/* The look that a person chose, for the components: see `before_paint.js`. Remembered per browser, the same in
   all of its tabs. */

import { shared } from "../prose/store.js";

const isBrowser = typeof window !== "undefined";
const store = shared(null); // what the page is hydrated with
if (isBrowser) store.set(window.chatLook.read());

export const useLook = () => store.use() ?? {};
export const lookNow = store.get;

export function change(part) {
  const look = { ...store.get(), ...part };
  window.chatLook.apply(look);
  store.set(look);
  try {
    localStorage.setItem(window.chatLook.KEY, JSON.stringify(look));
  } catch {
    // Storage full or forbidden: the choice is then lost with the page.
  }
}

if (isBrowser)
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key !== window.chatLook.KEY && key !== null) return;
    const look = window.chatLook.parsed(newValue);
    window.chatLook.apply(look);
    store.set(look);
  });
