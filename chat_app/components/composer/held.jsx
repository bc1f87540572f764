/* Messages sent while the page has no connection. They are shown above the composer, and sent in their order as
   soon as the page is connected again. They are stored in the browser until then, and outlast a reload. A
   message leaves the list in the same step in which it is sent, so none is sent twice. */

import { useEffect, useState } from "react";
import Pencil from "lucide-react/dist/esm/icons/pencil.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { announce } from "../shared/announce.js";
import { here } from "../shared/base.js";
import { isSaid, isUp, SAID } from "../connection/connection.jsx";
import { draftOf, keepDraft, store } from "./drafts.js";

const HELD = "chat_held";
const SEEN = 300; // characters of a message that are rendered

let kept = null; // a list of { id, thread, text, attached, given }

function messages() {
  try {
    kept ??= JSON.parse(sessionStorage.getItem(HELD) ?? "[]");
  } catch {
    kept = [];
  }
  return kept;
}

const threadInAddress = () => /^\/t\/([^/]+)/.exec(here())?.[1].toLowerCase() ?? "";

/** Returns the messages of the open thread that are held, and the functions that change them. `send` sends one,
    `bring` puts one into the composer. `waits` is called when the loss of the connection is said. */
export function useHeld({ thread, ready, isAsking, send, bring, waits }) {
  const [held, setHeld] = useState([]);
  const keep = (news) => {
    kept = news;
    store(HELD, news.length ? JSON.stringify(news) : "");
    setHeld(news);
  };
  const take = (id) => {
    const found = messages().find((message) => message.id === id);
    keep(messages().filter((message) => message.id !== id));
    return found;
  };
  useEffect(() => setHeld(messages()), []);
  useEffect(() => {
    const said = () => isSaid() && !isUp() && waits();
    document.addEventListener(SAID, said);
    return () => document.removeEventListener(SAID, said);
  });
  useEffect(() => {
    // While the page turns to another thread, the address is ahead of it.
    if (!ready || !isUp() || threadInAddress() !== thread) return;
    let isBehind = false; // those of one loss of the connection are answered one after the other
    for (const { id } of messages()) {
      const { thread: to, text, attached, given } = take(id);
      // The person has left that thread: what is sent there now would surprise them.
      if (to !== thread) keepDraft(to, [text, draftOf(to)].filter(Boolean).join("\n\n"));
      else if (isAsking) bring({ text, attached });
      else {
        send(text, attached, given, isBehind);
        isBehind = true;
      }
    }
  }, [ready, thread]);
  return {
    held: held.filter((message) => message.thread === thread),
    hold: (text, attached, given) =>
      keep([...messages(), { id: `${Date.now()}.${Math.random()}`, thread, text, attached, given }]),
    takeBack: (id) => bring(take(id)),
    remove: take,
    /** The new chat has become a thread. */
    moveTo: (made) => keep(messages().map((message) => (message.thread ? message : { ...message, thread: made }))),
  };
}

export function Held({ held, words, onTakeBack, onRemove }) {
  useEffect(() => {
    if (held.length) announce(`${words.title}.`);
  }, [held.length]);
  if (!held.length) return null;
  const { title, files, takeBack, remove } = words;
  return (
    <section className="paused held" data-testid="held">
      <div className="queue-head">
        <p>{title}</p>
      </div>
      <ol className="queue">
        {held.map(({ id, text, attached }) => (
          <li key={id} data-testid="held-message">
            <p dir="auto">{text.slice(0, SEEN) || `${files}: ${attached.length}`}</p>
            <button type="button" className="icon-button" aria-label={takeBack} title={takeBack} onClick={() => onTakeBack(id)}>
              <Pencil aria-hidden="true" />
            </button>
            <button type="button" className="icon-button" aria-label={remove} title={remove} onClick={() => onRemove(id)}>
              <X aria-hidden="true" />
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
