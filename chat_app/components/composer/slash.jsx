/* The list of `/` commands over the composer. It opens when "/" is typed into an empty box; what fits nothing in it
   is a message as any other. */

import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import { canDo, choicesOf, perform } from "../commands/registry.js";
import { announce } from "../shared/announce.js";
import { counted, useWords } from "../shared/words.jsx";
import { begins, offered } from "./slash.js";

const TELL_AFTER = 400; // ms without a key, before the number of commands is announced
const GAP = 16; // px to the edge of the window
const LEAST = 96; // px that the list needs over the box, or it is below

/** `put` fills the box. `follow` has to be called with each change of its text; `onKeyDown` returns whether a key was
    for the list, whose props for the box are `field`. */
export function useSlash({ box, put, thread }) {
  const { commands, language } = useWords();
  const base = useId();
  const before = useRef("");
  const [text, setText] = useState(null); // of the box, while it is a command
  const [place, setPlace] = useState(0);
  const options = text === null ? [] : offered(text, commands.table, { canDo, choicesOf });
  const isOpen = options.length > 0;
  const at = Math.min(place, options.length - 1);

  const follow = (next, event) => {
    const isCommand = begins(before.current, next, event?.inputType) || (text !== null && event);
    before.current = next;
    setText(isCommand && next.startsWith("/") ? next : null);
    setPlace(0);
  };
  useEffect(() => setText(null), [thread]);
  useEffect(() => {
    if (!isOpen) return;
    const timer = setTimeout(() => announce(counted(commands.slashCount, options.length, language)), TELL_AFTER);
    return () => clearTimeout(timer);
  }, [options.length]);

  const complete = ({ completed }) => {
    put(completed);
    before.current = completed;
    setText(completed);
  };
  const choose = (option) => {
    if (!option.isPossible) return announce(commands.impossible);
    if (!option.command) return complete(option);
    put("");
    perform(option.command, option.argument);
  };
  const KEYS = {
    ArrowDown: () => setPlace((at + 1) % options.length),
    ArrowUp: () => setPlace((at - 1 + options.length) % options.length),
    Enter: () => choose(options[at]),
    Tab: () => complete(options[at]),
    Escape: () => setText(null),
  };
  const onKeyDown = (event) => {
    const { key, shiftKey, ctrlKey, altKey, metaKey, nativeEvent, keyCode } = event;
    const isOther = shiftKey || ctrlKey || altKey || metaKey || nativeEvent.isComposing || keyCode === 229;
    if (!isOpen || isOther || !KEYS[key]) return false;
    event.preventDefault();
    if (key !== "Enter" || !event.repeat) KEYS[key]();
    return true;
  };
  const close = () => setText(null);
  const optionId = (option) => `${base}${option.id}`;
  const field = isOpen
    ? { "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": `${base}list`, "aria-activedescendant": optionId(options[at]) }
    : {};
  const shown = isOpen && <SlashList {...{ box, options, at, optionId, choose, close }} id={`${base}list`} says={commands} />;
  return { follow, onKeyDown, field, shown };
}

function SlashList({ box, id, options, at, optionId, choose, close, says }) {
  const list = useRef(null);
  const [room, setRoom] = useState({});
  useLayoutEffect(() => {
    const measure = () => {
      const { top, bottom } = box.current.closest("form").getBoundingClientRect();
      const above = top - (document.querySelector(".header")?.getBoundingClientRect().bottom ?? 0);
      const below = window.innerHeight - bottom;
      const isBelow = above < LEAST && below > above;
      setRoom({ isBelow, height: (isBelow ? below : above) - GAP });
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  useLayoutEffect(() => {
    list.current.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at, options.length]);
  useEffect(() => {
    const onPointer = ({ target }) => !list.current.contains(target) && target !== box.current && close();
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, []);
  return (
    <div
      id={id}
      ref={list}
      className="slash"
      role="listbox"
      aria-label={says.slashCommands}
      data-below={room.isBelow || undefined}
      style={{ maxHeight: room.height && `min(20rem, ${room.height}px)` }}
      tabIndex={0}
      onFocus={() => box.current.focus()}
      onPointerDown={(event) => event.preventDefault()}
      data-testid="slash"
    >
      {options.map((option, number) => (
        <div
          key={option.id}
          id={optionId(option)}
          role="option"
          className="slash-option"
          aria-selected={number === at}
          aria-disabled={option.isPossible ? undefined : true}
          onClick={() => choose(option)}
        >
          {option.id.includes(":") ? <span dir="auto">{option.label}</span> : <code>{option.name}</code>}
          {!option.id.includes(":") && <span className="slash-label">{option.argument || option.label}</span>}
          {option.chosen && <Check size="1rem" strokeWidth={1.7} aria-hidden="true" />}
          {!option.isPossible && <span className="slash-note">{says.impossible}</span>}
        </div>
      ))}
    </div>
  );
}
