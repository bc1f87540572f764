/* What is attached to the messages being written, one in each thread. The app keeps the files (its
   `chips`); the page knows how far each upload is, why one was refused, and what a picture looks like
   before it is there. */

import { useEffect, useMemo, useRef, useState } from "react";
import { upload } from "./upload.js";

const kindOf = ({ type }) => ["image", "audio", "video"].find((kind) => type.startsWith(`${kind}/`)) ?? "file";
const inWords = (bytes) =>
  bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
let made = 0;

function fresh(file, thread) {
  const kind = kindOf(file);
  return {
    key: `${Date.now()}.${made++}`,
    file,
    thread,
    kind,
    name: file.name,
    type: file.type,
    size: inWords(file.size),
    address: kind === "image" ? URL.createObjectURL(file) : "",
    progress: 0,
  };
}

/** Returns the `items` of the thread, and what can be done with them. */
export function useAttachments({ thread, chips = [], most, mostBytes, words, ready, onLook, onRemove }) {
  const [own, setOwn] = useState([]); // of this page, by its own keys
  const [gone, setGone] = useState([]); // ids that the page is done with, whatever the app still says
  const [notice, setNotice] = useState({}); // what is to be said, and in which thread
  const sent = useRef([]); // own ones that went with a message, until that is taken
  const stops = useRef({});
  const early = useRef([]); // chosen before the app knew of this page; null since then

  const change = (key, news) =>
    setOwn((items) => items.map((item) => (item.key === key ? { ...item, ...news } : item)));
  const begin = (item) => {
    if (early.current) return early.current.push(item);
    const { key, file, thread: to } = item;
    const { done, stop } = upload(file, to, (progress) => change(key, { progress }));
    stops.current[key] = stop;
    done.then(
      ({ id, type, problem }) => {
        change(key, problem ? { problem } : { id, type, progress: 1 });
        if (id) onLook();
      },
      () => change(key, { problem: words.failed, mayTryAgain: true }),
    );
  };

  // What only the app knows stands first: it was attached before this page was loaded.
  const items = useMemo(() => {
    const known = new Set(own.map(({ id }) => id));
    const others = chips.filter(({ id }) => !known.has(id) && !gone.includes(id));
    const all = [...others.map(({ id, item }) => ({ ...item, id, key: id })), ...own];
    // A new chat may have become a thread: that the app knows for sure.
    const places = new Map(chips.map((chip) => [chip.id, chip.thread]));
    return all.filter((item) => (places.get(item.id) ?? item.thread) === thread);
  }, [chips, own, gone, thread]);

  // The app forgets a tab that was away for long; its page still has the files.
  useEffect(() => {
    const there = new Set(chips.map(({ id }) => id));
    for (const item of own) {
      if (item.id && there.has(item.id) && !item.wasThere) change(item.key, { wasThere: true });
      if (item.wasThere && !there.has(item.id)) {
        change(item.key, { id: undefined, wasThere: false, progress: 0 });
        begin(item);
      }
    }
  }, [chips, own]);
  useEffect(() => {
    if (!ready) return;
    const waiting = early.current ?? [];
    early.current = null;
    waiting.forEach(begin);
  }, [ready]);

  const add = (files) => {
    const room = Math.max(0, most - items.length);
    const fitting = files.slice(0, room).map((file) => fresh(file, thread));
    for (const item of fitting) {
      if (item.file.size <= mostBytes) continue;
      const sizes = { "{size}": item.size, "{most}": inWords(mostBytes) };
      item.problem = words.tooLarge.replace(/{\w+}/g, (name) => sizes[name]);
    }
    setNotice({ thread, text: files.length > room ? words.tooMany.replace("{most}", most) : "" });
    setOwn((known) => [...known, ...fitting]);
    fitting.filter(({ problem }) => !problem).forEach(begin);
  };
  const remove = ({ key, id, address }) => {
    stops.current[key]?.();
    early.current = early.current?.filter((item) => item.key !== key) ?? null;
    setNotice({});
    setOwn((known) => known.filter((item) => item.key !== key));
    if (address?.startsWith("blob:")) URL.revokeObjectURL(address);
    if (!id) return;
    setGone((known) => [...known, id]);
    onRemove(id);
  };
  const again = (item) => {
    change(item.key, { problem: "", mayTryAgain: false, progress: 0 });
    begin(item);
  };

  return {
    items,
    notice: notice.thread === thread ? notice.text : "",
    add,
    remove,
    again,
    isBusy: items.some(({ id, problem }) => !id && !problem),
    isRefused: items.some(({ problem }) => problem),
    /** The ids of all of them, which are no longer attached from now on. */
    take: () => {
      const ids = items.map(({ id }) => id);
      sent.current = [...sent.current, ...own.filter((item) => items.includes(item))];
      setOwn((known) => known.filter((item) => !items.includes(item)));
      setGone((known) => [...known, ...ids]);
      return ids;
    },
    /** The new chat has become a thread. */
    moveTo: (made) => setOwn((known) => known.map((item) => (item.thread ? item : { ...item, thread: made }))),
    /** Attach again what a message carried that the app did not take. */
    bring: (ids) => {
      const back = sent.current.filter(({ id }) => ids.includes(id));
      sent.current = sent.current.filter((item) => !back.includes(item));
      setGone((known) => known.filter((id) => !ids.includes(id)));
      setOwn((known) => [...known, ...back.map((item) => ({ ...item, wasThere: true }))]);
      onLook();
    },
    /** Let go of what messages carried that the app has taken: all but these `ids`. */
    settle: (ids) => {
      const isTaken = ({ id }) => !ids.includes(id);
      sent.current.filter(isTaken).forEach(({ address }) => address && URL.revokeObjectURL(address));
      sent.current = sent.current.filter((item) => !isTaken(item));
    },
  };
}
