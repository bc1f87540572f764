/* What the form for a schedule holds, as a cron expression. */

export const START = { repeats: "daily", time: "09:00", minute: "0", day: "1", date: "1", cron: "0 9 * * 1,4" };

/** The five fields: minute, hour, day of the month, month, day of the week. */
export function cronOf({ repeats, time, minute, day, date, cron }) {
  const [hour, past] = time.split(":").map((part) => Number(part) || 0);
  switch (repeats) {
    case "hourly":
      return `${Number(minute) || 0} * * * *`;
    case "weekdays":
      return `${past ?? 0} ${hour} * * 1-5`;
    case "weekly":
      return `${past ?? 0} ${hour} * * ${day}`;
    case "monthly":
      return `${past ?? 0} ${hour} ${Number(date) || 1} * *`;
    case "custom":
      return cron.trim();
    default:
      return `${past ?? 0} ${hour} * * *`;
  }
}

/** The IANA name of the browser's time zone. */
export const timeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
