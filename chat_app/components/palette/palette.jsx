/* The command palette: chats, actions, assistants and preferences by name. All of it is in the browser already, so
   that it opens at once; chats that the page has not loaded are asked for while one types.

   A combobox with a list below, as the ARIA pattern has it: the focus stays in the field. */

import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import Search from "lucide-react/dist/esm/icons/search.mjs";
import { prepare, rangesOf } from "../commands/fuzzy.js";
import { Keys } from "../commands/keys.jsx";
import { canDo, choicesOf, isOn, perform } from "../commands/registry.js";
import { remembered } from "../prose/store.js";
import { announce } from "../shared/announce.js";
import { Dialog } from "../shared/dialog.jsx";
import { counted, filled, useWords } from "../shared/words.jsx";
import { commandEntries, listed, threadEntries, used } from "./entries.js";
import { close } from "./opened.js";

const ASK_AFTER = 150; // ms without a key, before the app is asked for more chats
const TELL_AFTER = 500; // ms without a key, before the number of results is announced
const PAGE = 8; // entries
const AT_ONCE = 500; // names that are prepared for the search in one go
const recent = remembered("chat_recent_commands", []);
const recentIds = () => (Array.isArray(recent.get()) ? recent.get() : []);

const MOVES = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  PageDown: (at, count) => Math.min(at + PAGE, count - 1),
  PageUp: (at) => Math.max(at - PAGE, 0),
};

function Marked({ text, places }) {
  if (!places.length) return text;
  const parts = [];
  let at = 0;
  for (const [from, to] of rangesOf(text, places)) {
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>);
    at = to;
  }
  return [...parts, text.slice(at)];
}

function Option({ entry, id, isActive, says, onChoose, onActive }) {
  const { label, places, chosen, row, thread } = entry;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className="palette-option"
      onClick={onChoose}
      onPointerMove={isActive ? undefined : onActive}
    >
      <span className="palette-label" dir="auto">
        <Marked text={label} places={places} />
      </span>
      {thread?.isOpen && <span className="palette-note">{says.openNow}</span>}
      {chosen && (
        <>
          <Check size="1rem" strokeWidth={1.7} aria-hidden="true" />
          <span className="unseen">{says.chosen}</span>
        </>
      )}
      {row && <Keys command={row} most={1} aria-hidden="true" />}
    </div>
  );
}

/* The names of many chats are made ready for the search while nothing else is to do. */
function usePrepared(entries) {
  useEffect(() => {
    let at = 0;
    let timer = setTimeout(function more() {
      prepare(entries.slice(at, (at += AT_ONCE)).map(({ label }) => label));
      if (at < entries.length) timer = setTimeout(more, 0);
    }, 0);
    return () => clearTimeout(timer);
  }, [entries]);
}

/** `found` are chats that the app found for the last `onSearch`. `goTo` opens a chat. */
export function Palette({ threads, thread: open, found, onSearch, goTo }) {
  const { commands, language } = useWords();
  const says = commands;
  const [query, setQuery] = useState("");
  const [activeId, setActive] = useState("");
  const list = useRef(null);
  const base = useId();
  const actions = useMemo(
    () => commandEntries(says.table, { canDo, isOn, choicesOf }, { ...says.groups, choiceOf: (command, choice) => filled(says.choice, { command, choice }) }),
    [says],
  );
  const isSearch = Boolean(query.trim());
  const chats = useMemo(() => {
    const known = new Set(threads.map(({ id }) => id));
    const all = [...threads, ...(isSearch ? found.filter(({ id }) => !known.has(id)) : [])];
    return threadEntries(all.map((thread) => ({ ...thread, isOpen: thread.id === open })));
  }, [threads, found, open, isSearch]);
  usePrepared(chats);
  const groups = useMemo(() => listed([...chats, ...actions], query, recentIds()), [chats, actions, query]);
  const entries = groups.flatMap((group) => group.entries);
  const count = groups.reduce((sum, group) => sum + group.entries.length + group.more, 0);
  const at = Math.max(entries.findIndex(({ id }) => id === activeId), 0);
  const optionId = (entry) => `${base}${entry.group}:${entry.id}`;

  useEffect(() => {
    if (!isSearch) return;
    const asking = setTimeout(() => onSearch?.(query), ASK_AFTER);
    const telling = setTimeout(() => announce(count ? counted(says.results, count, language) : says.empty), TELL_AFTER);
    return () => {
      clearTimeout(asking);
      clearTimeout(telling);
    };
  }, [query, count]);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    if (at === 0) list.current?.scrollTo({ top: 0 });
  }, [at, groups]);

  const choose = (entry) => {
    recent.set(used(recentIds(), entry.id));
    flushSync(close); // the focus is back on the page before the command moves it
    if (entry.thread) goTo(entry.thread.id);
    else perform(entry.command, entry.argument);
  };
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (entries.length && !event.repeat) choose(entries[at]);
    } else if (MOVES[event.key] && !event.shiftKey) {
      event.preventDefault();
      if (entries.length) setActive(entries[MOVES[event.key](at, entries.length)].id);
    }
  };
  return (
    <Dialog title={says.palette} hasHead={false} onClose={close} className="palette" data-commands data-testid="palette">
      <div className="palette-field">
        <Search size="1.125rem" strokeWidth={1.7} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          aria-label={says.field}
          aria-autocomplete="list"
          aria-expanded={entries.length > 0}
          aria-controls={entries.length ? `${base}list` : undefined}
          aria-activedescendant={entries.length ? optionId(entries[at]) : undefined}
          placeholder={says.field}
          value={query}
          onChange={({ target }) => {
            setQuery(target.value);
            setActive("");
          }}
          onKeyDown={onKeyDown}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="go"
          data-autofocus
        />
      </div>
      {entries.length === 0 ? (
        <p className="palette-empty">{says.empty}</p>
      ) : (
        <div
          id={`${base}list`}
          ref={list}
          role="listbox"
          aria-label={says.palette}
          className="palette-list"
          onPointerDown={(event) => event.preventDefault()}
        >
          {groups.map(({ name, entries: shown }) => (
            <div key={name} role="group" aria-labelledby={`${base}${name}`}>
              <div id={`${base}${name}`} role="presentation" className="palette-group">
                {says.groups[name]}
              </div>
              {shown.map((entry) => (
                <Option
                  key={entry.id}
                  id={optionId(entry)}
                  isActive={entry === entries[at]}
                  {...{ entry, says }}
                  onChoose={() => choose(entry)}
                  onActive={() => setActive(entry.id)}
                />
              ))}
            </div>
          ))}
        </div>
      )}
    </Dialog>
  );
}
