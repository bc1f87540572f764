/* The end of the script /_login.js, which blocks the page until it has run. What the browser's storage holds of a
   person is removed before another person sees the page, and before any other script reads it. */

(() => {
  const OWNER = "chat_owner";
  const OF_A_PERSON = ["chat_seen", "chat_notified"]; // in localStorage, beside what is chosen for the browser
  const login = window.chatLogin;

  const DRAFTS = "chat_draft"; // how the names of drafts begin
  const forgetAll = () => {
    const drafts = Object.keys(localStorage).filter((key) => key.startsWith(DRAFTS));
    for (const key of [...OF_A_PERSON, ...drafts]) localStorage.removeItem(key);
  };

  login.forget = () => {
    try {
      sessionStorage.clear();
      forgetAll();
      localStorage.removeItem(OWNER);
    } catch {
      // Storage forbidden: nothing is in it.
    }
  };

  if (login.person === undefined) return; // no login: the page leaves
  try {
    const isOurs = (storage) => (storage.getItem(OWNER) ?? "") === login.person;
    if (isOurs(sessionStorage) && isOurs(localStorage)) return;
    if (!isOurs(sessionStorage)) sessionStorage.clear();
    if (!isOurs(localStorage)) forgetAll();
    for (const storage of [sessionStorage, localStorage]) {
      if (login.person) storage.setItem(OWNER, login.person);
      else storage.removeItem(OWNER);
    }
  } catch {
    // As above.
  }
})();
