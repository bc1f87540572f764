/* The search over all chats. What is found takes the place of the list of chats while something is typed. The
   field and the results are used with the arrow keys; Enter in the field opens the first result. */

import { useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router";
import SearchIcon from "lucide-react/dist/esm/icons/search.mjs";
import { useCommand } from "../commands/registry.js";
import { announce } from "../shared/announce.js";
import { addressOf } from "../shared/message_address.js";
import { lookNow } from "./look.js";
import { showSidebar } from "./look.jsx";

const WAIT = 150; // ms after the last key
const LONGEST = 200; // characters that are searched
const PLACES = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (at, count) => count - 1,
};

function Marked({ pieces }) {
  return pieces.map(({ text, is_hit }, at) => (is_hit ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>));
}

function Chat({ chat, query, isOpen, words }) {
  const { id, title, messages, is_archived } = chat;
  return (
    <li data-testid="found-chat">
      <Link to={`/t/${id}`} className="found-title" aria-current={isOpen ? "page" : "false"} data-testid="found-title">
        <span className="title" dir="auto">
          <Marked pieces={title} />
        </span>
        {is_archived && <span className="found-mark">{words.archived}</span>}
      </Link>
      {messages.map((message, at) => (
        <Link key={at} to={addressOf(id, message.id, query)} className="found-message" dir="auto" data-testid="found-message">
          <Marked pieces={message.snippet} />
        </Link>
      ))}
    </li>
  );
}

export function Search({ children, asked, chats, note, open, words, onSearch }) {
  const [typed, setTyped] = useState("");
  const field = useRef(null);
  const results = useRef(null);
  const timer = useRef();
  const isPressed = useRef(false); // open the first result as soon as it is there
  const list = useId();
  const query = typed.trim().slice(0, LONGEST);
  const isAnswered = query === asked;
  const links = () => [...(results.current?.querySelectorAll("a") ?? [])];

  const search = (text, wait) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(text.trim().slice(0, LONGEST)), wait);
  };
  const type = (text) => {
    isPressed.current = false;
    setTyped(text);
    search(text, text.trim() ? WAIT : 0);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!query || !isAnswered) return;
    const [one, many] = words.found;
    const said = chats.length === 1 ? one : many.replace("{count}", chats.length);
    announce(`${chats.length ? said : words.nothing} ${note}`);
    if (isPressed.current) links()[0]?.click();
    isPressed.current = false;
  }, [isAnswered, chats.length, note]);

  useCommand("search", {
    isPossible: () => !lookNow().presentation,
    run: () => {
      showSidebar();
      field.current.select(); // and gets the focus
    },
  });

  const clear = () => {
    type("");
    field.current.focus();
  };
  const onKeyDown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.nativeEvent.isComposing) return;
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape" && query) {
      event.preventDefault();
      event.stopPropagation();
      return clear();
    }
    if (event.key === "Enter" && at < 0 && query) {
      event.preventDefault();
      if (isAnswered) all[0]?.click();
      else isPressed.current = true;
    }
    const isMove = at < 0 ? event.key === "ArrowDown" : PLACES[event.key];
    if (!isMove || !all.length) return;
    event.preventDefault();
    (all[PLACES[event.key](at, all.length)] ?? field.current).focus();
  };
  return (
    <div className="search" role="search" onKeyDown={onKeyDown} data-active={query ? true : undefined}>
      <div className="search-field">
        <SearchIcon size="1rem" strokeWidth={1.7} aria-hidden="true" />
        <input
          ref={field}
          type="search"
          value={typed}
          maxLength={10_000}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          placeholder={words.search}
          aria-label={words.search}
          aria-controls={query ? list : undefined}
          aria-description={words.keys}
          data-testid="search"
          onChange={(event) => type(event.target.value)}
        />
      </div>
      {query && (
        <div className="found" id={list} role="group" aria-label={words.results} aria-busy={!isAnswered} ref={results} data-testid="found">
          {isAnswered && note && <p className="none" data-testid="search-note">{note}</p>}
          {isAnswered && !chats.length && <p className="none" data-testid="nothing-found">{words.nothing}</p>}
          <ul>
            {chats.map((chat) => (
              <Chat key={chat.id} chat={chat} query={asked} isOpen={chat.id === open} words={words} />
            ))}
          </ul>
        </div>
      )}
      <div className="unsearched" hidden={Boolean(query)}>
        {children}
      </div>
    </div>
  );
}
