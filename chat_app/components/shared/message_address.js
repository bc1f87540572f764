/* The address of a message that was searched for. */

/** The address of a message in a thread, and what was searched. It stands behind the #, which no server is sent. */
export const addressOf = (thread, message, query) => `/t/${thread}#${new URLSearchParams({ message, find: query })}`;

/** What such an address names; null where it names no message. */
export function named(hash) {
  const given = new URLSearchParams(hash.slice(1));
  const message = given.get("message");
  return message === null ? null : { message, query: (given.get("find") ?? "").slice(0, 200) };
}
