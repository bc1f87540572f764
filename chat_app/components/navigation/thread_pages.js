/* What a page knows of the person's threads, put together from the newest ones, which the app sends again and
   again, from pages of older ones, and from what was just changed. Pure: data in, data out.

   Each row is once in `rows`, by its id; the one that was `touched` last counts. `main` and `archive` are the two
   lists: `cursor` is where the next page begins (empty: there is none), and rows older than `shownTo` wait until
   all that is newer than they is known, so that no row ever comes in above another one. */

const UNORDERED = -1;
const MOST_PINNED = 100; // of those which the app sends with the newest: see runs/threads/pages.py
const NOTHING = { isRead: false, isDeep: false, cursor: "", shownTo: 0 };

export const EMPTY = { rows: new Map(), removed: new Map(), main: NOTHING, archive: NOTHING, top: 0, changes: new Map() };

const latest = (rows) => rows.reduce((most, { touched }) => Math.max(most, touched), 0);

function put(rows, row) {
  const known = rows.get(row.id);
  if (!known || row.touched >= known.touched) rows.set(row.id, row);
}

/** The newest threads and all pinned ones, as they are now. */
export function withNewest(known, links, newest) {
  const top = Math.max(known.top, latest(links));
  const isApart = newest.complete_to > known.top;
  if (!known.main.isRead || isApart) {
    const kept = [...known.rows.values()].filter((row) => row.is_archived);
    const rows = new Map([...kept, ...links].map((row) => [row.id, row]));
    const main = { isRead: true, isDeep: false, cursor: newest.cursor, shownTo: newest.shown_to };
    return { ...known, rows, main, top };
  }
  const rows = new Map(known.rows);
  const isListed = new Set(links.map(({ id }) => id));
  const isHidden = new Set(newest.hidden);
  const hasAllPinned = links.filter((row) => row.is_pinned).length < MOST_PINNED;
  for (const row of known.rows.values()) {
    if (row.is_archived || isListed.has(row.id)) continue;
    const wouldBeThere =
      newest.complete_to === 0 || (newest.complete_to > 0 && (row.touched > newest.complete_to || (row.is_pinned && hasAllPinned)));
    if (wouldBeThere || isHidden.has(row.id)) rows.delete(row.id);
  }
  for (const row of links) rows.set(row.id, row);
  // What was known before goes on being complete: nothing below the newest changes without being among them.
  const isWhole = known.main.isDeep || known.main.cursor === "" || newest.complete_to === UNORDERED;
  let main = known.main;
  if (newest.complete_to === 0) main = { ...main, cursor: "", shownTo: 0 };
  else if (!isWhole) main = { ...main, cursor: newest.cursor, shownTo: newest.shown_to };
  return { ...known, rows, main, top };
}

/** A page of older threads, or of the archive. One that was not asked for is ignored. */
export function withOlder(known, page) {
  const name = page.is_archived ? "archive" : "main";
  const list = known[name];
  if (page.failed || page.after !== list.cursor || (list.isRead && list.cursor === "")) return known;
  const rows = new Map(known.rows);
  for (const row of page.rows) if (!known.removed.has(row.id)) put(rows, row);
  return { ...known, rows, [name]: { isRead: true, isDeep: true, cursor: page.cursor, shownTo: page.shown_to } };
}

/** What people have just changed. A deleted thread is kept aside: that may be undone. */
export function withChanges(known, changes) {
  const rows = new Map(known.rows);
  const removed = new Map(known.removed);
  for (const { id, row, is_gone } of changes) {
    if (is_gone) {
      if (rows.has(id)) removed.set(id, rows.get(id));
      rows.delete(id);
      continue;
    }
    if (removed.has(id)) {
      put(rows, removed.get(id));
      removed.delete(id);
    }
    if (row) put(rows, { ...row, at: Math.max(row.at, rows.get(id)?.at ?? 0) });
  }
  return { ...known, rows, removed, changes: new Map(changes.map((change) => [change.id, change])) };
}

/** The archive is read anew. */
export const withoutArchive = (known) => ({
  ...known,
  rows: new Map([...known.rows].filter(([, row]) => !row.is_archived)),
  archive: NOTHING,
});

const newestFirst = (one, other) => other.at - one.at || (one.id < other.id ? -1 : 1);

/** The rows of one list, newest first, those that are pinned before all others. */
export function rowsOf(known, isArchive = false) {
  const { shownTo } = isArchive ? known.archive : known.main;
  const found = [];
  for (const row of known.rows.values()) {
    const patch = known.changes.get(row.id)?.patch;
    const now = patch && Object.keys(patch).length ? { ...row, ...patch } : row;
    if (now.is_archived === isArchive && (now.at >= shownTo || (now.is_pinned && !isArchive))) found.push(now);
  }
  found.sort(newestFirst);
  if (isArchive) return found;
  return [...found.filter((row) => row.is_pinned), ...found.filter((row) => !row.is_pinned)];
}
