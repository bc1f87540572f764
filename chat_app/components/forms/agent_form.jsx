/* A form that a graph put on the page. Its values go to the agent as a message; from then on it is read-only,
   after a reload with the values that the history has of it. */

import { useEffect, useId, useRef, useState } from "react";
import { isUp, tryAgain } from "../connection/connection.jsx";

const MOST = 100; // fields
const TYPES = { number: "number", date: "date" };

const isChecked = (value, words) => value === true || value === words.yes;

/* The error of one field. */
function problemOf(control, { required, kind }, words) {
  if (control.validity.badInput) return words.notANumber;
  const isEmpty = kind === "yes_no" ? !control.checked : !control.value.trim();
  return required && isEmpty ? words.needed : "";
}

export function AgentForm({ name, fields, title, note, submit, sent, asks, busy, words, onSend }) {
  const form = useRef(null);
  const [isSent, setSent] = useState(false);
  const [problems, setProblems] = useState({});
  const [isLed, setLed] = useState(false); // what the agent asks comes first
  useEffect(() => setLed(false), [asks]);
  const values = sent?.[name];
  const isDone = isSent || values !== undefined;
  const shown = fields.slice(0, MOST);

  const onSubmit = (event) => {
    event.preventDefault();
    if (isDone) return;
    if (asks.length && !busy) {
      setLed(true);
      document.querySelector(".ask")?.focus();
      return;
    }
    const controls = [...form.current.querySelectorAll("[data-field]")];
    const found = Object.fromEntries(
      controls.map((control, at) => [at, problemOf(control, shown[at], words)]).filter(([, problem]) => problem),
    );
    setProblems(found);
    const [first] = Object.keys(found);
    if (first !== undefined) return controls[first].focus();
    if (!isUp()) return tryAgain();
    setSent(true);
    onSend(typeof title === "string" ? title : "", Object.fromEntries(new FormData(form.current)));
  };
  const onChange = (at) => problems[at] && setProblems(({ [at]: _, ...others }) => others);
  return (
    <form ref={form} className="figure form" noValidate onSubmit={onSubmit} data-sent={isDone || undefined}>
      {title && <h3>{title}</h3>}
      <fieldset disabled={isDone} key={values ? "sent" : "open"}>
        {shown.map((field, at) => (
          <Control
            key={at}
            {...{ field, words, problem: problems[at] }}
            value={values ? values[field.name] : field.value}
            onChange={() => onChange(at)}
          />
        ))}
      </fieldset>
      {note && <small>{note}</small>}
      {isLed && <p className="form-problem" role="alert">{words.first}</p>}
      {isDone ? (
        <p className="form-sent">{words.sent}</p>
      ) : (
        <button type="submit" className="button">{submit || words.send}</button>
      )}
    </form>
  );
}

function Control({ field, value, problem, words, onChange }) {
  const { name, kind, options, required } = field;
  const id = useId();
  const all = {
    ...{ id, name, onChange },
    "data-field": true,
    "aria-required": required ? true : undefined,
    "aria-invalid": problem ? true : undefined,
    "aria-describedby": problem ? `${id}wrong` : undefined,
  };
  const text = { ...all, defaultValue: value ?? "" };
  const control =
    kind === "yes_no" ? (
      <input {...all} type="checkbox" defaultChecked={isChecked(value, words)} />
    ) : kind === "choice" ? (
      <select {...text}>
        {required && (value ?? "") === "" && <option value="" />}
        {options.map((option) => <option key={option} value={option}>{option}</option>)}
      </select>
    ) : kind === "long" ? (
      <textarea {...text} rows={3} />
    ) : (
      <input {...text} type={TYPES[kind] ?? "text"} step={kind === "number" ? "any" : undefined} />
    );
  return (
    <div className="form-field" data-kind={kind}>
      <label htmlFor={id}>
        {name}
        {required && <b aria-hidden="true">*</b>}
      </label>
      {control}
      {problem && <small className="wrong" role="alert" id={`${id}wrong`}>{problem}</small>}
    </div>
  );
}
