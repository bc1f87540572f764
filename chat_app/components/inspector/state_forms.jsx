/* The forms of the State tab: values to edit, an input to run with, and where runs stop. */

import { useEffect, useId, useRef, useState } from "react";
import { Fields } from "../forms/fields.jsx";
import { changedIn, problemIn } from "../forms/form_values.js";

const EVERY = "*";

/* Escape closes a form in which nothing was written, and never the inspector with what was. */
const onEscape = (isChanged, onClose) => (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.preventDefault();
  if (!isChanged) onClose();
};

function Problem({ problem, detail, words }) {
  if (!problem) return null;
  return (
    <div className="state-problem" role="alert">
      <p>{problem}</p>
      {detail && (
        <details className="disclosure">
          <summary>{words.details}</summary>
          <pre>{detail}</pre>
        </details>
      )}
    </div>
  );
}

export function EditForm({ fields, text, note, nodes, problem, detail, faults, isLate, settled, isRunning, words, onSave, onClose }) {
  const [given, setGiven] = useState({});
  const [json, setJson] = useState(text);
  const [isJson, setJsonMode] = useState(fields.length === 0);
  const [node, setNode] = useState("");
  const [isSent, setSent] = useState(false);
  const box = useRef(null);
  const id = useId();
  useEffect(() => setJson(text), [text]);
  useEffect(() => setSent(false), [settled]);
  useEffect(() => box.current?.querySelector("input, textarea, select, button")?.focus(), []);
  const wrong = isJson ? "" : problemIn(fields, given, words.form);
  const isChanged = json !== text || Object.keys(given).length > 0;
  const save = (isForced) => {
    if (isSent || wrong) return;
    setSent(true);
    onSave(isJson ? null : changedIn(fields, given), json, node, isForced);
  };
  const submit = (event) => {
    event.preventDefault();
    save(false);
  };
  return (
    <form className="state-form" ref={box} noValidate onSubmit={submit} onKeyDown={onEscape(isChanged, onClose)} aria-label={words.edit}>
      <div className="state-modes" role="group" aria-label={words.editAs}>
        <button type="button" className="quiet-button" aria-pressed={!isJson} onClick={() => setJsonMode(false)}>{words.asForm}</button>
        <button type="button" className="quiet-button" aria-pressed={isJson} onClick={() => setJsonMode(true)}>{words.asJson}</button>
      </div>
      {note && <p className="state-none">{note}</p>}
      {isJson ? (
        <>
          <label htmlFor={`${id}json`}>{words.values}</label>
          <textarea id={`${id}json`} className="state-json" spellCheck={false} value={json} rows={14} onChange={({ target }) => setJson(target.value)} />
        </>
      ) : (
        <Fields {...{ fields, given, faults }} words={words.form} onChange={setGiven} />
      )}
      <label htmlFor={`${id}node`}>{words.asNode}</label>
      <select id={`${id}node`} value={node} onChange={({ target }) => setNode(target.value)}>
        <option value="">{words.anyNode}</option>
        {nodes.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
      <Problem {...{ problem, detail, words }} />
      <div className="state-actions">
        <button type="submit" className="button primary" disabled={isRunning || isSent}>{words.save}</button>
        {isLate && <button type="button" className="button" disabled={isRunning || isSent} onClick={() => save(true)}>{words.saveAnyway}</button>}
        <button type="button" className="button" onClick={onClose}>{words.cancel}</button>
      </div>
    </form>
  );
}

export function RunForm({ problem, detail, settled, isRunning, words, onRun, onClose }) {
  const [given, setGiven] = useState("");
  const [isSent, setSent] = useState(false);
  const id = useId();
  const box = useRef(null);
  useEffect(() => setSent(false), [settled]);
  useEffect(() => box.current?.focus(), []);
  const submit = (event) => {
    event.preventDefault();
    if (isSent) return;
    setSent(true);
    onRun(given);
  };
  return (
    <form className="state-form" noValidate onSubmit={submit} onKeyDown={onEscape(given.trim() !== "", onClose)} aria-label={words.runFrom}>
      <label htmlFor={id}>{words.input}</label>
      <textarea id={id} ref={box} rows={4} value={given} placeholder={words.inputExample} onChange={({ target }) => setGiven(target.value)} />
      <Problem {...{ problem, detail, words }} />
      <div className="state-actions">
        <button type="submit" className="button primary" disabled={isRunning || isSent || !given.trim()}>{words.run}</button>
        <button type="button" className="button" onClick={onClose}>{words.cancel}</button>
      </div>
    </form>
  );
}

export function Breakpoints({ nodes, words, onSet, onClose, ...told }) {
  const box = useRef(null);
  const [{ before, after }, setChosen] = useState(told);
  useEffect(() => setChosen(told), [told.before, told.after]);
  // Shown at once: a second press must not be lost while the first is on its way.
  const set = (newBefore, newAfter) => {
    setChosen({ before: newBefore, after: newAfter });
    onSet(newBefore, newAfter);
  };
  useEffect(() => box.current?.querySelector("input")?.focus(), []);
  const isEach = after.includes(EVERY);
  const toggled = (list, node) => (list.includes(node) ? list.filter((one) => one !== node) : [...list, node]);
  const check = (list, node, label, onChange) => (
    <label>
      <input type="checkbox" checked={list.includes(node) || list.includes(EVERY)} disabled={list.includes(EVERY)} onChange={onChange} />
      {label}
      <span className="unseen"> {node}</span>
    </label>
  );
  return (
    <section className="state-form" ref={box} aria-label={words.breakpoints}>
      <p className="state-none">{words.breakpointsMean}</p>
      <label>
        <input type="checkbox" checked={isEach} onChange={() => set(before, isEach ? [] : [EVERY])} />
        {words.everyStep}
      </label>
      <ul className="state-nodes">
        {nodes.map((node) => (
          <li key={node}>
            <code title={node}>{node}</code>
            {check(before, node, words.before, () => set(toggled(before, node), after))}
            {check(after, node, words.after, () => set(before, toggled(after, node)))}
          </li>
        ))}
      </ul>
      {!nodes.length && <p className="state-none">{words.noNodes}</p>}
      <button type="button" className="button" onClick={onClose}>{words.close}</button>
    </section>
  );
}
