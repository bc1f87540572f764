/* A question of the graph. The values of the form are kept here until they are sent. The app confirms or
   refuses the answer; without either the card can be used again after a timeout. */

import { useEffect, useRef, useState } from "react";
import { isUp, tryAgain } from "../connection/connection.jsx";
import { Prose } from "../prose/prose.jsx";
import { Value } from "../content/value.jsx";
import { Fields } from "../forms/fields.jsx";
import { changedIn, isJson, problemIn, problemOf } from "../forms/form_values.js";
import { Key, onKeys } from "./keys.jsx";
import { Review } from "./review.jsx";

const LOST_AFTER = 8000; // ms

export function Ask({ kind, card, name, busy, problem, faults, settled, words, onAnswer }) {
  const [sent, setSent] = useState(false);
  useEffect(() => setSent(false), [settled, busy]);
  useEffect(() => {
    if (!sent) return;
    const timer = setTimeout(() => setSent(false), LOST_AFTER);
    return () => clearTimeout(timer);
  }, [sent]);
  const off = busy || sent;
  const box = useRef(null);
  useEffect(() => {
    // Focus the first invalid field once it is enabled again, unless the focus is elsewhere by then.
    const isHere = box.current.contains(document.activeElement) || document.activeElement === document.body;
    if (faults.length && !off && isHere) box.current.querySelector("[aria-invalid]")?.focus();
  }, [faults, off]);
  const send = (answer) => {
    if (off) return;
    if (!isUp()) return tryAgain();
    setSent(true);
    onAnswer(name, answer);
  };
  const Kind = KINDS[kind];
  return (
    <section
      className="ask"
      ref={box}
      tabIndex={-1}
      aria-label={words.asking}
      aria-busy={off || undefined}
      onKeyDown={onKeys}
      data-testid="ask"
      data-kind={kind}
    >
      <Kind {...{ card, faults, off, words, send }} />
      {problem && <p className="ask-problem" role="alert" data-testid="ask-problem">{problem}</p>}
    </section>
  );
}

/** The question: its text, and its other values. */
const Told = ({ card: { title, text, value, raw } }) => (
  <>
    {title && <h3>{title}</h3>}
    {text && <Prose source={text} />}
    {value !== undefined && <Value value={value} />}
    {raw && <pre>{raw}</pre>}
  </>
);

function Words({ card, off, words, send }) {
  const [text, setText] = useState("");
  const submit = () => text.trim() && send({ text });
  const onKeyDown = (event) => {
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  };
  return (
    <>
      <Told card={card} />
      <div className="ask-line">
        <Answer {...{ text, setText, off, onKeyDown }} label={words.answer} />
        <button type="button" className="ask-button first" disabled={off || !text.trim()} onClick={submit}>
          {words.send}
          <kbd aria-hidden="true">⏎</kbd>
        </button>
      </div>
    </>
  );
}

function Free({ card, off, words, send }) {
  const [text, setText] = useState("");
  const problem = problemOf({ kind: "free", text: "" }, text, words);
  const goes = text.trim() && !problem && (isJson(text) ? words.asJson : words.asText);
  return (
    <>
      <Told card={card} />
      <Answer {...{ text, setText, off }} label={words.free} />
      <div className="ask-buttons">
        <Key by="submit" kind="first" off={off || !text.trim() || problem !== ""} onClick={() => send({ text })}>
          {words.send}
        </Key>
        <small className={problem ? "wrong" : "goes"}>{problem || goes}</small>
      </div>
    </>
  );
}

function Form({ card, faults, off, words, send }) {
  const [given, setGiven] = useState({});
  const { fields } = card;
  const problem = problemIn(fields, given, words);
  const submit = () => send({ fields: changedIn(fields, given) });
  return (
    <>
      <Told card={card} />
      <Fields {...{ fields, given, faults, words, off }} onChange={setGiven} />
      <div className="ask-buttons">
        <Key by="submit" kind="first" off={off || problem !== ""} onClick={submit}>{words.send}</Key>
      </div>
    </>
  );
}

const Pause = ({ card, off, words, send }) => (
  <>
    <Told card={card} />
    <div className="ask-buttons">
      <Key by="C" kind="first" off={off} onClick={() => send({})}>{words.continue}</Key>
    </div>
  </>
);

const Answer = ({ text, setText, off, label, onKeyDown }) => (
  <textarea
    className="ask-message"
    rows={1}
    dir="auto"
    value={text}
    disabled={off}
    aria-label={label}
    placeholder={label}
    onChange={(event) => setText(event.target.value)}
    onKeyDown={onKeyDown}
  />
);

const KINDS = { review: Review, words: Words, form: Form, free: Free, pause: Pause };
