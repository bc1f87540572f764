/* One event: its data as a tree, as the server sent them. */

import { useEffect, useState } from "react";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { Value } from "../content/value.jsx";
import { CopyButton } from "../prose/copy.jsx";
import { sizeOf, timeOf } from "./streams_list.jsx";

const LARGEST = 4_000_000; // characters that are drawn as a tree
const BEGINNING = 100_000; // of a larger one

function useData(address, run, number) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    const ending = new AbortController();
    (async () => {
      try {
        const response = await fetch(`${address}/events/${number}?run=${encodeURIComponent(run)}`, { signal: ending.signal });
        if (!response.ok) throw new Error(String(response.status));
        const text = await response.text();
        setFound({ text, value: text.length > LARGEST ? undefined : JSON.parse(text) });
      } catch {
        if (!ending.signal.aborted) setFound({ isFailed: true });
      }
    })();
    return () => ending.abort();
  }, []);
  return found;
}

function Data({ found, row, words }) {
  if (!found) return <p>{words.reading}</p>;
  if (found.isFailed) return <p role="status">{words.eventFailed}</p>;
  if (found.value === undefined) return <><p>{words.large}</p><pre>{found.text.slice(0, BEGINNING)}</pre></>;
  if (found.value === null && !row.size) return <p>{words.noData}</p>;
  return <Value value={found.value} />;
}

export function StreamEvent({ row, run, address, start, words, onClose }) {
  const found = useData(address, run, row.number);
  const title = `${row.event} ${row.number}`;
  const close = () => {
    document.querySelector(".streams-list")?.focus({ preventScroll: true });
    onClose();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  return (
    <section className="streams-event" aria-label={title} onKeyDown={onKeyDown}>
      <header>
        <h3>{row.event}</h3>
        <span>{timeOf(row.at, start, words.language)}</span>
        <span>{sizeOf(row.size, words.language)}</span>
        <span className="spring" />
        {found?.text !== undefined && <CopyButton className="icon-button" label={words.copy} textOf={() => found.text} />}
        <button type="button" className="icon-button" aria-label={words.closeEvent} title={words.closeEvent} onClick={close}>
          <X size="1.0625rem" strokeWidth={1.7} aria-hidden="true" />
        </button>
      </header>
      <div className="streams-data" tabIndex={0} role="group" aria-label={title}>
        <Data {...{ found, row, words }} />
      </div>
    </section>
  );
}
