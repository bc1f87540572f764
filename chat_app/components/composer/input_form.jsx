/* The composer of a graph that takes no messages: a form made from its schema. The browser stores the
   values for each thread and assistant until the app has confirmed them. */

import { useEffect, useRef, useState } from "react";
import { DropZone } from "./attach.jsx";
import { Fields } from "../forms/fields.jsx";
import { changedIn, isChanged, problemIn } from "../forms/form_values.js";
import { isUp, moves, tryAgain } from "../connection/connection.jsx";
import { announce } from "../shared/announce.js";
import { Prose } from "../prose/prose.jsx";
import { lead } from "../cards/focus.js";
import { formOf, keepForm } from "./outbox.js";

const LOST_AFTER = 8000; // ms

/** The values of the fields, stored under `key`, and a function that sets and stores them. */
export function useFormValues(key) {
  const [given, setGiven] = useState({});
  useEffect(() => setGiven(formOf(key)), [key]);
  const put = (news) => {
    setGiven(news);
    keepForm(key, news);
  };
  return [given, put];
}

export function InputForm({ children, ...props }) {
  const { thread, assistant, fields, said, taken, busy, problem, faults, settled } = props;
  const { returned, returns, words, ready, asks, answerWords, onSend } = props;
  const [given, put] = useFormValues(`${thread || "new"}:${assistant}`);
  const [sent, setSent] = useState(false);
  const [isTried, setTried] = useState(false);
  const [isHeld, setHeld] = useState(false); // to be sent when the page is connected again
  const [isLed, setLed] = useState(false); // what the agent asks comes first
  const [isDropped, setDropped] = useState(false); // a file, which the form does not take
  useEffect(() => setLed(false), [asks, given]);
  const form = useRef(null);

  useEffect(() => {
    // The app has confirmed the values: the next turn begins with an empty form.
    if (!sent) return;
    setSent(false);
    setTried(false);
    put({});
  }, [taken]);
  useEffect(() => setSent(false), [settled]);
  useEffect(() => {
    if (!sent) return;
    const timer = setTimeout(() => setSent(false), LOST_AFTER);
    return () => clearTimeout(timer);
  }, [sent]);
  const known = useRef(returns);
  useEffect(() => {
    if (returns !== known.current) put(returned);
    known.current = returns;
  }, [returns]);
  useEffect(() => {
    if (faults.length && !sent) form.current.querySelector("[aria-invalid]")?.focus();
  }, [faults, sent]);

  const wrong = problemIn(fields, given, words);
  const submit = (event) => {
    event?.preventDefault();
    if (asks.length && !busy) {
      setLed(true);
      return lead(asks[0].key);
    }
    setTried(true);
    setDropped(false);
    if (sent) return;
    if (wrong) return form.current.querySelector('[aria-invalid], [aria-required="true"]')?.focus();
    if (moves()) {
      setHeld(true);
      return tryAgain();
    }
    setSent(true);
    onSend("", [], changedIn(fields, given), false);
  };
  useEffect(() => {
    if (isHeld) announce(`${words.held.title}.`);
  }, [isHeld]);
  useEffect(() => {
    if (!ready || !isHeld || !isUp()) return;
    setHeld(false);
    submit();
  }, [ready, isHeld]);
  const onKeyDown = (event) => {
    const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (isSend && !event.nativeEvent.isComposing) submit(event);
  };
  const isEmpty = fields.length > 0 && !fields.some((field) => isChanged(field, given[field.name]) || field.text);
  const told = isLed ? answerWords.first : (isTried && wrong) || problem || (isDropped && words.none);
  return (
    <form
      ref={form}
      className="composer input-form"
      onSubmit={submit}
      onKeyDown={onKeyDown}
      noValidate
      aria-label={words.form}
      data-empty={isEmpty || undefined}
      data-busy={busy || undefined}
      data-testid="input-form"
    >
      <div className="input-fields">
        {said && <Prose source={said} />}
        {fields.length === 0 && <p className="input-none">{words.noInput}</p>}
        <Fields {...{ fields, given, faults, words }} off={sent || isHeld} onChange={put} />
      </div>
      {told && <p className="composer-problem" role="alert" data-testid="composer-problem">{told}</p>}
      {isHeld && (
        <p className="held-line" data-testid="held">
          {words.held.title}
          <button type="button" className="quiet-button" onClick={() => setHeld(false)}>{words.held.edit}</button>
        </p>
      )}
      <div className="composer-bar">{children}</div>
      <DropZone hint={words.none} onFiles={() => setDropped(true)} />
    </form>
  );
}
