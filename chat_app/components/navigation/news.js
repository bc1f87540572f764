/* Which listed threads have news for the person at this browser: one that needs them, or one whose run ended
   since they last looked at it. A thread is looked at while it is open in a visible tab.

   What was looked at is kept in localStorage, as { latest, threads: { id: { at, busy } } }: `at` is the
   `changed` of the thread at the last look, empty where that was not known yet, and `busy` whether a run was
   under way. Other tabs hear of it by storage events. `latest` is the newest `changed` that was ever listed:
   a thread that is listed for the first time has news only if it is newer. */

const KEY = "chat_seen";
const MOST = 300; // threads whose entries are kept, beside those that are listed
const NEVER = "never";
export const RUNNING = "running";
export const ASKS = "asks";
export const UNREAD = "unread";
export const FAILED = "failed";
const NEWS = [ASKS, UNREAD, FAILED];

const listeners = new Set();
let listed = { threads: [], open: "", loaded: false };
let marks = {};
let count = 0;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return kept && typeof kept.threads === "object" ? kept : null;
  } catch {
    return null;
  }
}

function keep(latest, threads) {
  const isListed = new Set(listed.threads.map(({ id }) => id));
  const old = Object.keys(threads).filter((id) => !isListed.has(id));
  for (const id of old.slice(0, Math.max(0, old.length - MOST))) delete threads[id];
  const news = JSON.stringify({ latest, threads });
  try {
    if (news !== localStorage.getItem(KEY)) localStorage.setItem(KEY, news);
  } catch {
    // Storage full or forbidden: what was looked at is forgotten with the page.
  }
}

export const isVisible = () => document.visibilityState === "visible";

/** The entry of a thread after this look at the list. */
function entryOf({ id, status, changed }, entry, isLooked, isOld) {
  const now = { at: changed, busy: status === "busy" };
  if (isLooked) return now;
  if (!entry) return isOld(changed) ? now : { ...now, at: NEVER };
  // What the server told late of a thread that was at rest when the person left it.
  return entry.at === "" && !entry.busy && !now.busy ? now : entry;
}

function markOf({ status, changed }, { at, busy }) {
  if (status === "busy") return RUNNING;
  if (status === "interrupted") return ASKS;
  if (!busy && (changed === "" || changed === at)) return "";
  return status === "error" ? FAILED : UNREAD;
}

/** Look at the list again: it has changed, or the tab is visible now, or another tab has looked. */
export function look() {
  if (!listed.loaded) return;
  const kept = read();
  const known = kept?.threads ?? {};
  const latest = listed.threads.reduce((newest, { changed }) => (changed > newest ? changed : newest), kept?.latest ?? "");
  const isOld = (changed) => !kept || (changed !== "" && changed <= kept.latest);
  const isLooked = ({ id }) => id === listed.open && isVisible();
  const entries = { ...known };
  const found = {};
  for (const thread of listed.threads) {
    entries[thread.id] = entryOf(thread, known[thread.id], isLooked(thread), isOld);
    found[thread.id] = markOf(thread, entries[thread.id]);
  }
  keep(latest, entries);
  const isNews = (thread) => NEWS.includes(found[thread.id]) && !isLooked(thread);
  const before = marks;
  marks = found;
  count = listed.threads.filter(isNews).length;
  const came = ({ id }) => id in before && before[id] !== marks[id];
  const news = listed.threads.filter((thread) => isNews(thread) && (came(thread) || !(thread.id in before)));
  const isFirst = Object.keys(before).length === 0;
  listeners.forEach((listener) => listener(isFirst ? [] : news.map(({ id, title }) => ({ id, title, mark: marks[id] }))));
}

/** The app's list has changed, or which of its threads is open. */
export function list(threads, open, loaded) {
  listed = { threads, open, loaded };
  look();
}

/** Call `listener` after each look, with the threads that have news since the last one. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const markOfThread = (id) => marks[id] ?? "";
/** How many threads have news, but for one that is being looked at. */
export const newsCount = () => count;

export function heard({ key }) {
  if (key === KEY || key === null) look();
}
