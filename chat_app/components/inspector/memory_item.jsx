/* One item of the store: looked at, edited as JSON, deleted; and the form for a new one. */

import { useEffect, useId, useRef, useState } from "react";
import ArrowLeft from "lucide-react/dist/esm/icons/arrow-left.mjs";
import { CopyButton } from "../prose/copy.jsx";
import { filled } from "../shared/filled.js";
import { keyOf, namesIn } from "./memory_spaces.js";

const START = '{\n  "text": ""\n}';

const timeOf = (at, language) => new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "medium" });

/* The browser sees the same mistakes as the app, but at once. */
function isObject(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value);
  } catch {
    return false;
  }
}

function useSent(settled) {
  const [sent, setSent] = useState(false);
  useEffect(() => setSent(false), [settled]);
  return [sent, () => setSent(true)];
}

export function MemoryItem({ item, conflict, theirs, words, settled, onSave, onRemove, onTheirs, onClose }) {
  const [text, setText] = useState(item.json);
  const [asks, setAsks] = useState(""); // "delete", "leave"
  const [sent, send] = useSent(settled);
  const title = useRef(null);
  const id = useId();
  useEffect(() => title.current.focus({ preventScroll: true }), []);
  const isChanged = text !== item.json;
  const isWrong = isChanged && !isObject(text);
  // The button that was pressed goes with the question.
  const stay = () => {
    setAsks("");
    title.current.focus({ preventScroll: true });
  };
  const close = () => (isChanged && asks !== "leave" ? setAsks("leave") : onClose());
  // Not of the inspector: what was written would be lost with it.
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (asks) stay();
    else close();
  };
  const act = (does, ...given) => {
    send();
    setAsks("");
    does(...given);
  };
  return (
    <article className="memory-item" aria-labelledby={id} data-testid="memory-item" onKeyDown={onKeyDown}>
      <header>
        <button type="button" className="icon-button" aria-label={words.back} title={words.back} onClick={close}>
          <ArrowLeft size="1.0625rem" strokeWidth={1.7} aria-hidden="true" />
        </button>
        <h2 id={id} ref={title} tabIndex={-1} dir="auto">{item.key}</h2>
        <CopyButton className="icon-button" label={words.copy} textOf={() => text} />
      </header>
      <p className="memory-hint">
        <span dir="auto">{item.names.join(" › ")}</span>
        {item.updated > 0 && <> · {filled(words.updated, { time: timeOf(item.updated, words.language) })}</>}
        {item.created > 0 && <> · {filled(words.created, { time: timeOf(item.created, words.language) })}</>}
      </p>
      {conflict && (
        <div className="inspector-trouble" role="alert">
          <p>{theirs ? words.changed : words.gone}</p>
          {theirs && <pre tabIndex={0} aria-label={words.theirs}>{theirs}</pre>}
          <div className="memory-ways">
            <button type="button" className="button" disabled={sent} onClick={() => act(onTheirs)}>{theirs ? words.takeTheirs : words.close}</button>
            {item.can_change && <button type="button" className="button danger" disabled={sent || isWrong} onClick={() => act(onSave, text, true)}>{words.overwrite}</button>}
          </div>
        </div>
      )}
      <textarea
        className="code"
        aria-label={words.value}
        spellCheck={false}
        readOnly={!item.can_change}
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {isWrong && <p className="memory-hint bad" id={`${id}-wrong`}>{words.wrong}</p>}
      {!item.can_change && <p className="memory-hint">{item.is_long ? words.long : words.readOnly}</p>}
      <div className="memory-ways">
        {asks === "delete" && (
          <>
            <span>{words.sure}</span>
            <button type="button" className="button danger" autoFocus disabled={sent} onClick={() => act(onRemove, conflict)}>{words.remove}</button>
            <button type="button" className="button" onClick={stay}>{words.keep}</button>
          </>
        )}
        {asks === "leave" && (
          <>
            <span>{words.unsaved}</span>
            <button type="button" className="button danger" autoFocus onClick={onClose}>{words.discard}</button>
            <button type="button" className="button" onClick={stay}>{words.stay}</button>
          </>
        )}
        {!asks && item.can_change && (
          <>
            {!conflict && <button type="button" className="button" disabled={sent || !isChanged || isWrong} onClick={() => act(onSave, text, false)}>{words.save}</button>}
            <button type="button" className="button" disabled={sent} onClick={() => setAsks("delete")}>{words.remove}</button>
          </>
        )}
      </div>
    </article>
  );
}

export function NewItem({ chosen, words, settled, onCreate, onClose }) {
  const [names, setNames] = useState(keyOf(chosen));
  const [key, setKey] = useState("");
  const [text, setText] = useState(START);
  const [sent, send] = useSent(settled);
  const first = useRef(null);
  const id = useId();
  useEffect(() => first.current.focus(), []);
  const isWrong = !isObject(text);
  const submit = (event) => {
    event.preventDefault();
    if (sent || isWrong) return;
    send();
    onCreate(namesIn(names), key, text);
  };
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (!key && text === START) onClose();
  };
  return (
    <form className="memory-item ask-fields" onSubmit={submit} onKeyDown={onKeyDown} aria-label={words.create} data-testid="memory-new">
      <div className="ask-field">
        <label htmlFor={`${id}-names`}>{words.space}</label>
        <input id={`${id}-names`} ref={first} required dir="auto" className="code" spellCheck={false} aria-describedby={`${id}-hint`} value={names} onChange={({ target }) => setNames(target.value)} />
        <small id={`${id}-hint`}>{words.spaceHint}</small>
      </div>
      <div className="ask-field">
        <label htmlFor={`${id}-key`}>{words.key}</label>
        <input id={`${id}-key`} required dir="auto" className="code" spellCheck={false} value={key} onChange={({ target }) => setKey(target.value)} />
      </div>
      <textarea className="code" aria-label={words.value} spellCheck={false} aria-invalid={isWrong || undefined} value={text} onChange={({ target }) => setText(target.value)} />
      {isWrong && <p className="memory-hint bad">{words.wrong}</p>}
      <div className="memory-ways">
        <button type="submit" className="button" disabled={sent || isWrong || !key.trim() || !names.trim()}>{words.save}</button>
        <button type="button" className="button" onClick={onClose}>{words.cancel}</button>
      </div>
    </form>
  );
}
