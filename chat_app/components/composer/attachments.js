/* State of the attachments of unsent messages, one message for each thread. The app stores the files (its
   `chips`); the page knows the progress of each upload, why one failed, and the preview of an image. */

import { useEffect, useMemo, useRef, useState } from "react";
import { upload } from "./upload.js";

const kindOf = ({ type }) => ["image", "audio", "video"].find((kind) => type.startsWith(`${kind}/`)) ?? "file";
function inWords(bytes, [small, middle, large]) {
  if (bytes < 1000) return small.replace("{amount}", bytes);
  return bytes < 1e6 ? middle.replace("{amount}", Math.round(bytes / 1000)) : large.replace("{amount}", (bytes / 1e6).toFixed(1));
}
let made = 0;

function fresh(file, thread, sizes) {
  const kind = kindOf(file);
  return {
    key: `${Date.now()}.${made++}`,
    file,
    thread,
    kind,
    name: file.name,
    type: file.type,
    size: inWords(file.size, sizes),
    address: kind === "image" ? URL.createObjectURL(file) : "",
    progress: 0,
  };
}

/** Returns the `items` of the thread, and the functions that change them. */
export function useAttachments({ thread, chips = [], chipsKnown, most, mostBytes, words, ready, onLook, onRemove }) {
  const [own, setOwn] = useState([]); // uploads of this page, by keys of its own
  const [gone, setGone] = useState([]); // ids that were removed or sent here, although the app may still list them
  const [notice, setNotice] = useState({}); // the message to show, and in which thread
  const sent = useRef([]); // uploads of this page sent with a message, until the app confirms the message
  const stops = useRef({});
  const early = useRef([]); // files chosen before the app knew this tab; null from then on

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

  // Chips that only the app has come first: they were attached before this page was loaded.
  const items = useMemo(() => {
    const known = new Set(own.map(({ id }) => id));
    const others = chips.filter(({ id }) => !known.has(id) && !gone.includes(id));
    const all = [...others.map(({ id, item }) => ({ ...item, id, key: id })), ...own];
    // A new chat may have become a thread: the app's thread id is the right one.
    const places = new Map(chips.map((chip) => [chip.id, chip.thread]));
    return all.filter((item) => (places.get(item.id) ?? item.thread) === thread);
  }, [chips, own, gone, thread]);

  // The state of the tab may have expired in the app; the page still has the files.
  useEffect(() => {
    if (!chipsKnown) return;
    const there = new Set(chips.map(({ id }) => id));
    for (const item of own) {
      if (item.id && there.has(item.id) && !item.wasThere) change(item.key, { wasThere: true });
      if (item.wasThere && !there.has(item.id)) {
        change(item.key, { id: undefined, wasThere: false, progress: 0 });
        begin(item);
      }
    }
  }, [chips, chipsKnown, own]);
  useEffect(() => {
    if (!ready) return;
    const waiting = early.current ?? [];
    early.current = null;
    waiting.forEach(begin);
  }, [ready]);

  const add = (files) => {
    const room = Math.max(0, most - items.filter(({ problem }) => !problem).length);
    const fitting = files.slice(0, room).map((file) => fresh(file, thread, words.sizes));
    for (const item of fitting) {
      if (item.file.size <= mostBytes) continue;
      const sizes = { "{size}": item.size, "{most}": inWords(mostBytes, words.sizes) };
      item.problem = words.tooLarge.replace(/{\w+}/g, (name) => sizes[name]);
    }
    const problem = most ? words.tooMany.replace("{most}", most) : words.none;
    setNotice({ thread, text: files.length > room ? problem : "" });
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
    refused: items.filter(({ problem }) => problem),
    /** Detach all, and return the ids of those that were not refused. */
    take: () => {
      setNotice({});
      const going = items.filter(({ id, problem }) => id && !problem);
      const ids = going.map(({ id }) => id);
      sent.current = [...sent.current, ...own.filter((item) => going.includes(item))];
      items.filter((item) => !going.includes(item)).forEach(({ address }) => address && URL.revokeObjectURL(address));
      setOwn((known) => known.filter((item) => !items.includes(item)));
      setGone((known) => [...known, ...ids]);
      return ids;
    },
    /** The new chat has become a thread. */
    moveTo: (made) => setOwn((known) => known.map((item) => (item.thread ? item : { ...item, thread: made }))),
    /** Attach the files of a message again that the app did not receive. */
    bring: (ids) => {
      const back = sent.current.filter(({ id }) => ids.includes(id));
      sent.current = sent.current.filter((item) => !back.includes(item));
      setGone((known) => known.filter((id) => !ids.includes(id)));
      setOwn((known) => [...known, ...back.map((item) => ({ ...item, wasThere: true }))]);
      onLook();
    },
    /** Drop the files of messages that the app has confirmed: all but these `ids`. */
    settle: (ids) => {
      const isTaken = ({ id }) => !ids.includes(id);
      sent.current.filter(isTaken).forEach(({ address }) => address && URL.revokeObjectURL(address));
      sent.current = sent.current.filter((item) => !isTaken(item));
    },
  };
}
