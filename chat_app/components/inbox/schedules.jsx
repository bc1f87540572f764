/* The schedules of the person, and the form for another one. The form writes a cron expression of what is
   chosen in it; what that means is asked of the app, which checks it as well. */

import { useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router";
import { announce } from "../shared/announce.js";
import { cronOf, START, timeZone } from "./cron.js";
import { filled, nameOf } from "./waiting.js";

const ASK_AFTER = 300; // ms after the last change of an expression
const STARTED_WITHIN = 8000; // ms after which the server has started a run that is due
const LONGEST_TIMER = 2 ** 31 - 1;

const timeOf = (at) => new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

export function Schedules({ rows, words, onRefresh, created, ...rest }) {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef(null);
  const refresh = useRef(onRefresh);
  refresh.current = onRefresh;
  useEffect(() => {
    // What is due next changes the list: another time, and the chat that was made.
    const dues = rows.map(({ next_run: due }) => due).filter(Boolean);
    if (!dues.length) return;
    const wait = Math.max(Math.min(...dues) - Date.now(), 0) + STARTED_WITHIN;
    const timer = setTimeout(() => refresh.current(), Math.min(wait, LONGEST_TIMER));
    return () => clearTimeout(timer);
  }, [rows]);
  const wasCreated = useRef(created);
  useEffect(() => {
    if (created === wasCreated.current) return;
    wasCreated.current = created;
    announce(created);
    setOpen(false);
    opener.current?.focus();
  }, [created]);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  return (
    <>
      <div className="schedules-head">
        <button
          type="button"
          className="button"
          ref={opener}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {words.new}
        </button>
      </div>
      {isOpen && <Form {...{ words, ...rest }} onClose={close} />}
      {!rows.length && !isOpen && (
        <div className="inbox-none">
          <p>{words.empty}</p>
          <small>{words.emptyMeans}</small>
        </div>
      )}
      <ul className="schedule-list" aria-label={words.list}>
        {rows.map((row) => <Schedule key={row.id} row={row} words={words} {...rest} />)}
      </ul>
    </>
  );
}

function Schedule({ row, words, agent, options, settled, onPause, onResume, onRemove }) {
  const [isSure, setSure] = useState(false);
  const [sent, setSent] = useState(false);
  useEffect(() => setSent(false), [settled, row]);
  const act = (does) => {
    setSent(true);
    does(row.id);
  };
  const due = row.next_run ? filled(words.next, { time: timeOf(row.next_run) }) : words.noNext;
  const from = [nameOf({ assistant: row.assistant, graph: "" }, agent, options), row.zone].filter(Boolean).join(" · ");
  return (
    <li className="schedule" data-testid="schedule" data-paused={!row.enabled || undefined}>
      <div className="about">
        <h2 dir="auto">{row.name}</h2>
        <p className="when">{row.when} · <code>{row.cron}</code></p>
        {row.message !== row.name && <p className="message" dir="auto">{row.message}</p>}
        <p className="from">{from}</p>
      </div>
      <div className="next">
        <p>{row.enabled ? due : words.paused}</p>
        <p>{row.last ? <Link to={`/t/${row.last}`}>{words.last}</Link> : words.noLast}</p>
      </div>
      <div className="ways">
        {isSure ? (
          <>
            <span>{words.sure}</span>
            <button type="button" className="button danger" autoFocus disabled={sent} onClick={() => act(onRemove)}>{words.remove}</button>
            <button type="button" className="button" onClick={() => setSure(false)}>{words.keep}</button>
          </>
        ) : (
          <>
            {row.can_pause && (
              <button type="button" className="button" disabled={sent} onClick={() => act(row.enabled ? onPause : onResume)}>
                {row.enabled ? words.pause : words.resume}
              </button>
            )}
            <button type="button" className="button" disabled={sent} onClick={() => setSure(true)}>{words.remove}</button>
          </>
        )}
      </div>
    </li>
  );
}

function Form({ words, agent, options, chosen, settled, preview, due, odd, onCreate, onLook, onClose }) {
  const [given, setGiven] = useState(START);
  const [assistant, setAssistant] = useState(chosen);
  const [name, setName] = useState("");
  const [message, setMessage] = useState("");
  const [sent, setSent] = useState(false);
  const first = useRef(null);
  const zone = timeZone();
  const cron = cronOf(given);
  const look = useRef(onLook);
  look.current = onLook;
  useEffect(() => first.current.focus(), []);
  useEffect(() => setSent(false), [settled]);
  useEffect(() => {
    const timer = setTimeout(() => look.current(cron, zone), ASK_AFTER);
    return () => clearTimeout(timer);
  }, [cron, zone]);
  const change = (name) => ({ target }) => setGiven({ ...given, [name]: target.value });
  const submit = (event) => {
    event.preventDefault();
    if (sent) return;
    setSent(true);
    onCreate({ name, message, assistant, cron, zone });
  };
  const isAt = !["hourly", "custom"].includes(given.repeats);
  return (
    <form className="schedule-form ask-fields" onSubmit={submit} data-testid="schedule-form">
      <Field label={words.message}>
        {(id) => <textarea id={id} ref={first} rows={2} dir="auto" required value={message} onChange={({ target }) => setMessage(target.value)} />}
      </Field>
      <Field label={words.name}>
        {(id) => <input id={id} dir="auto" maxLength={60} placeholder={words.nameHint} value={name} onChange={({ target }) => setName(target.value)} />}
      </Field>
      {!agent && options.length > 1 && (
        <Field label={words.assistant}>
          {(id) => (
            <select id={id} value={assistant} onChange={({ target }) => setAssistant(target.value)}>
              {options.map((one) => <option key={one.id} value={one.id}>{one.label || one.name}</option>)}
            </select>
          )}
        </Field>
      )}
      <Field label={words.repeats}>
        {(id) => (
          <select id={id} value={given.repeats} onChange={change("repeats")}>
            {Object.entries(words.each).map(([kind, label]) => <option key={kind} value={kind}>{label}</option>)}
          </select>
        )}
      </Field>
      {given.repeats === "weekly" && (
        <Field label={words.day}>
          {(id) => (
            <select id={id} value={given.day} onChange={change("day")}>
              {words.days.map((day, number) => <option key={day} value={number}>{day}</option>)}
            </select>
          )}
        </Field>
      )}
      {given.repeats === "monthly" && (
        <Field label={words.date}>
          {(id) => <input id={id} type="number" min={1} max={31} required value={given.date} onChange={change("date")} />}
        </Field>
      )}
      {given.repeats === "hourly" && (
        <Field label={words.minute}>
          {(id) => <input id={id} type="number" min={0} max={59} required value={given.minute} onChange={change("minute")} />}
        </Field>
      )}
      {isAt && (
        <Field label={words.time}>
          {(id) => <input id={id} type="time" required value={given.time} onChange={change("time")} />}
        </Field>
      )}
      {given.repeats === "custom" && (
        <Field label={words.cron} hint={words.cronHint}>
          {(id, hint) => (
            <input
              id={id}
              className="code"
              required
              maxLength={100}
              spellCheck={false}
              aria-describedby={hint}
              aria-invalid={odd ? true : undefined}
              value={given.cron}
              onChange={change("cron")}
            />
          )}
        </Field>
      )}
      <p className="schedule-preview" role="status" data-testid="schedule-preview">
        {odd || (
          <>
            {preview} · <code>{cron}</code> · {zone}
            {due > 0 && <span>{filled(words.next, { time: timeOf(due) })}</span>}
          </>
        )}
      </p>
      <div className="ask-buttons">
        <button type="submit" className="ask-button first" disabled={sent || !message.trim() || odd !== ""}>{words.create}</button>
        <button type="button" className="ask-button" onClick={onClose}>{words.cancel}</button>
      </div>
    </form>
  );
}

function Field({ label, hint, children }) {
  const id = useId();
  return (
    <div className="ask-field">
      <label htmlFor={id}>{label}</label>
      {children(id, hint && `${id}-hint`)}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}
