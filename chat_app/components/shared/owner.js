/* What the browser's storage holds of a person is removed before another person sees the page. The app tells who
   it is, as an opaque key, in a script that runs before this one (see middleware/authentication.py). */

const OWNER = "chat_owner";
const OF_A_PERSON = ["chat_seen", "chat_notified"]; // in localStorage, beside what is chosen for the browser

function clear(storage) {
  if (storage === sessionStorage) storage.clear();
  else for (const key of [...OF_A_PERSON, OWNER]) storage.removeItem(key);
}

/** Removes what is stored of the person who signs out. */
export function forget() {
  try {
    clear(sessionStorage);
    clear(localStorage);
  } catch {
    // Storage forbidden: nothing is in it.
  }
}

/** The person whom this page was opened for: empty for an anonymous one, undefined where that is unknown. */
export const person = globalThis.window?.chatLogin?.person;

function keepOut(storage) {
  if ((storage.getItem(OWNER) ?? "") === person) return;
  clear(storage);
  if (person) storage.setItem(OWNER, person);
}

try {
  if (person !== undefined) {
    keepOut(sessionStorage);
    keepOut(localStorage);
  }
} catch {
  // As above.
}
