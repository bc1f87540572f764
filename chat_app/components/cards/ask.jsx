/* A question of the graph. The values of the form are kept here until they are sent. The app confirms or
   refuses the answer; without either the card can be used again after a timeout. A question in words is
   answered in the composer, unless that is a form (`boxed`). */

import { useEffect, useRef, useState } from "react";
import { isUp, tryAgain } from "../connection/connection.jsx";
import { Prose } from "../prose/prose.jsx";
import { Value } from "../content/value.jsx";
import { Fields } from "../forms/fields.jsx";
import { changedIn, isJson, problemIn, problemOf } from "../forms/form_values.js";
import { composerBox, hadFocus } from "./focus.js";
import { Key, onKeys } from "./keys.jsx";
import { Review } from "./review.jsx";
import { choose, useTarget } from "./target.js";

const LOST_AFTER = 8000; // ms

export function Ask({ kind, card, name, asks, boxed, busy, problem, faults, settled, words, onAnswer, onLeave }) {
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
    const isHere = hadFocus(box.current) || document.activeElement === document.body;
    if (faults.length && !off && isHere) box.current.querySelector("[aria-invalid]")?.focus();
  }, [faults, off]);
  const act = (does) => {
    if (off) return;
    if (!isUp()) return tryAgain();
    setSent(true);
    does();
  };
  const send = (answer) => act(() => onAnswer(name, answer));
  const Kind = KINDS[kind];
  const own = asks.find(({ key }) => key === name);
  const isTarget = useTarget(asks)?.key === name;
  const isInComposer = !boxed && (kind === "words" || kind === "free");
  const answerThis = () => {
    choose(name);
    composerBox()?.focus();
  };
  return (
    <section
      className="ask"
      ref={box}
      tabIndex={-1}
      aria-label={own?.label ? `${words.asking}: ${own.label}` : words.asking}
      aria-busy={off || undefined}
      onKeyDown={onKeys}
      data-testid="ask"
      data-kind={kind}
      data-ask={name}
    >
      <Kind {...{ card, faults, off, words, send, boxed }} />
      {problem && !isInComposer && <p className="ask-problem" role="alert" data-testid="ask-problem">{problem}</p>}
      <div className="ask-leave">
        {isInComposer && own && !isTarget && (
          <button type="button" className="quiet-button" disabled={off} onClick={answerThis}>{words.answerThis}</button>
        )}
        <button type="button" className="quiet-button" disabled={off} title={words.elseMeans} onClick={() => act(() => onLeave(name))}>
          {words.else}
        </button>
      </div>
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

const Words = ({ card, off, words, send, boxed }) => (
  <>
    <Told card={card} />
    {boxed && <Box {...{ off, words, send }} label={words.answer} />}
  </>
);

const Free = ({ card, off, words, send, boxed }) => (
  <>
    <Told card={card} />
    <Options options={card.options} off={off} onChoose={(text) => send({ text })} />
    {boxed && <Box {...{ off, words, send }} label={words.free} isFree />}
  </>
);

/** Answers to choose from, each its JSON and its label. */
const Options = ({ options, off, onChoose }) =>
  options?.length > 0 && (
    <div className="ask-buttons ask-options">
      {options.map(([value, label]) => (
        <button key={value} type="button" className="ask-button" dir="auto" disabled={off} onClick={() => onChoose(value)}>
          {label}
        </button>
      ))}
    </div>
  );

/** A box for the answer, where the composer is none. */
function Box({ off, words, send, label, isFree }) {
  const [text, setText] = useState("");
  const problem = isFree ? problemOf({ kind: "free", text: "" }, text, words) : "";
  const goes = isFree && text.trim() && !problem && (isJson(text) ? words.asJson : words.asText);
  return (
    <>
      <Answer {...{ text, setText, off, label }} />
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
  const [only] = fields;
  if (fields.length === 1 && !only.name && only.kind === "choice") {
    const pick = (value) => send({ fields: { "": value } });
    return (
      <>
        <Told card={card} />
        <Options options={only.options} off={off} onChoose={pick} />
      </>
    );
  }
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

const Answer = ({ text, setText, off, label }) => (
  <textarea
    className="ask-message"
    rows={1}
    dir="auto"
    value={text}
    disabled={off}
    aria-label={label}
    placeholder={label}
    onChange={(event) => setText(event.target.value)}
  />
);

const KINDS = { review: Review, words: Words, form: Form, free: Free, pause: Pause };
