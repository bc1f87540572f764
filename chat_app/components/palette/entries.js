/* What the command palette lists: pure. An entry has an `id`, a `group`, a `label`, more terms to `search` for,
   and what it is about: `command` and `argument`, or a `thread`. */

import { match, termsOf } from "../commands/fuzzy.js";

const SHOWN = 40; // entries of a group while one searches
const AT_FIRST = { recent: 5, chats: 6 }; // of each group before that

/** The entries of the commands that can be done now. `texts` names the groups and a choice. */
export function commandEntries(table, { canDo, isOn, choicesOf }, texts) {
  return table.filter(({ id, listed }) => listed && canDo(id)).flatMap((row) => {
    const group = row.takes === "choice" && row.group === texts.assistants ? "assistants" : row.group === texts.preferences ? "preferences" : "actions";
    const base = { group, search: row.search, command: row.id };
    if (row.takes === "choice") {
      return choicesOf(row.id).map(({ value, label, chosen }) => ({
        ...base,
        id: `${row.id}:${value}`,
        label: group === "assistants" ? label : texts.choiceOf(row.label, label),
        search: `${row.label} ${row.search}`,
        argument: value,
        chosen,
      }));
    }
    return [{ ...base, id: row.id, label: row.label, row, chosen: isOn(row.id) }];
  });
}

export const threadEntries = (threads) =>
  threads.map((thread) => ({ id: `thread:${thread.id}`, group: "chats", label: thread.title, search: "", thread }));

const ORDER = ["recent", "chats", "actions", "assistants", "preferences"];

function atFirst(entries, recent) {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const used = recent.map((id) => byId.get(id)).filter(Boolean).slice(0, AT_FIRST.recent);
  const groups = new Map(ORDER.map((name) => [name, []]));
  groups.set("recent", used.map((entry) => ({ ...entry, group: "recent", places: [] })));
  const isUsed = new Set(used.map(({ id }) => id));
  for (const entry of entries) {
    const group = groups.get(entry.group);
    if (!isUsed.has(entry.id) && group.length < (AT_FIRST[entry.group] ?? SHOWN)) group.push({ ...entry, places: [] });
  }
  return ORDER.map((name) => ({ name, entries: groups.get(name), more: 0 })).filter((group) => group.entries.length);
}

function fitting(entry, terms, recent) {
  const byLabel = match(terms, entry.label);
  const bySearch = entry.search && match(terms, `${entry.label} ${entry.search}`);
  const best = byLabel ?? (bySearch && { score: bySearch.score - 3, places: [] });
  if (!best) return null;
  const used = recent.indexOf(entry.id);
  return { ...entry, places: best.places, score: best.score + (used < 0 ? 0 : 1 / (1 + used)) };
}

/** The groups to show for a query, the best first, and in each the best entries first. */
export function listed(entries, query, recent) {
  const terms = termsOf(query);
  if (!terms.length) return atFirst(entries, recent);
  const groups = new Map();
  for (const entry of entries) {
    const fit = fitting(entry, terms, recent);
    if (!fit) continue;
    if (!groups.has(entry.group)) groups.set(entry.group, []);
    groups.get(entry.group).push(fit);
  }
  return [...groups]
    .map(([name, fits]) => {
      fits.sort((a, b) => b.score - a.score);
      return { name, entries: fits.slice(0, SHOWN), more: Math.max(fits.length - SHOWN, 0), best: fits[0].score };
    })
    .sort((a, b) => b.best - a.best);
}

/** The ids that were used, the last one first. */
export const used = (recent, id) => [id, ...recent.filter((other) => other !== id)].slice(0, 20);
