/* Groups threads by the day on which something happened in them, by the clock and calendar of the browser. */

const MICROSECONDS = 1000; // in a millisecond

/** The beginning of the day `days` before that of `now`, in ms since 1970. */
const daysBefore = (now, days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).getTime();

/** A function that gives the group of a row: its key, and its heading in words. */
export function grouping(words, now) {
  const [today, yesterday, week, month] = [0, 1, 7, 30].map((days) => daysBefore(now, days));
  const thisYear = new Intl.DateTimeFormat(words.language, { month: "long" });
  const anyYear = new Intl.DateTimeFormat(words.language, { month: "long", year: "numeric" });
  return (row) => {
    const at = row.at / MICROSECONDS;
    if (row.is_pinned) return ["pinned", words.pinned];
    if (!row.at) return ["none", words.noDate];
    if (at >= today) return ["today", words.today];
    if (at >= yesterday) return ["yesterday", words.yesterday];
    if (at >= week) return ["week", words.lastWeek];
    if (at >= month) return ["month", words.lastMonth];
    const then = new Date(at);
    const isThisYear = then.getFullYear() === now.getFullYear();
    return [`${then.getFullYear()}-${then.getMonth()}`, (isThisYear ? thisYear : anyYear).format(then)];
  };
}

/** The rows with a heading before each group: `{ key, heading }` and `{ key, row }`. */
export function withHeadings(rows, groupOf) {
  const items = [];
  let last = null;
  for (const row of rows) {
    const [key, heading] = groupOf(row);
    if (key !== last) items.push({ key: `group ${key}`, heading });
    last = key;
    items.push({ key: row.id, row });
  }
  return items;
}

/** Milliseconds until the groups change: the day ends. */
export const untilTomorrow = (now) => daysBefore(now, -1) - now.getTime();
