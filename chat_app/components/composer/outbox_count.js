/* Which messages the app has confirmed. It counts those that it takes, and each of its processes for itself: a page
   that comes back to a process finds the count of when it left, which says nothing of what it sent elsewhere. */

/** The messages that are not confirmed by `taken`, the count of the process `taker`. */
export const unconfirmed = (messages, taken, taker) =>
  messages.filter((message) => message.due === null || message.taker !== taker || message.due > taken);

/** The count of that process which confirms the next message. */
export const nextDue = (messages, taken, taker) =>
  Math.max(taken, ...messages.map((message) => (message.taker === taker ? (message.due ?? 0) : 0))) + 1;
