/* Actions to approve, edit or reject. A single decision is sent at once; several are collected here until
   all are made, or the remaining actions are approved together. */

import { useEffect, useRef, useState } from "react";
import { Prose } from "../prose/prose.jsx";
import { Facts, Fields } from "../forms/fields.jsx";
import { changedIn, problemIn } from "../forms/form_values.js";
import { Key, onKeys } from "./keys.jsx";

const KEYS = { approve: "A", edit: "E", reject: "R", respond: "T", ignore: "I" };
const APPROVED = { type: "approve" };
const OPEN = ".ask-action:not([data-decided]), .ask-all";

/* An edit without a change is an approval. */
const nameOf = (type, changed) =>
  type === "edit" ? (Object.keys(changed).length ? "approveChanged" : "approve") : type;

export function Review({ card: { actions }, faults, off, words, send }) {
  const [decided, setDecided] = useState({});
  const box = useRef(null);
  const open = actions.length - Object.keys(decided).length;
  const isAlone = actions.length === 1;
  const decide = (place, decision) => {
    if (isAlone) return send({ decisions: [decision] });
    const { [place]: before, ...others } = decided;
    setDecided(decision ? { ...others, [place]: decision } : others);
  };
  const sendAll = () => send({ decisions: actions.map((_, place) => decided[place] ?? APPROVED) });
  const mayApprove = actions.every(({ choices }, place) => decided[place] || choices.includes("approve"));
  useEffect(() => {
    const isFine = ([place]) => !faults.some(({ path: [wrong] }) => String(wrong) === place);
    if (faults.length) setDecided((known) => Object.fromEntries(Object.entries(known).filter(isFine)));
  }, [faults]);
  useEffect(() => {
    // The pressed button is gone: move the keyboard's focus to the next open decision.
    if (open < actions.length) box.current.querySelector(OPEN)?.focus({ preventScroll: true });
  }, [open]);
  return (
    <div ref={box}>
      {actions.map((action, place) => (
        <Action
          key={place}
          decision={decided[place]}
          decide={(decision) => decide(place, decision)}
          {...{ action, place, faults, off, words, isAlone }}
        />
      ))}
      {!isAlone && (
        <div className="ask-buttons ask-all" tabIndex={-1}>
          {open > 0 && mayApprove && <Key by="submit" kind="first" off={off} onClick={sendAll}>{words.approveAll}</Key>}
          {open === 0 && <Key by="submit" kind="first" off={off} onClick={sendAll}>{words.sendAll}</Key>}
        </div>
      )}
    </div>
  );
}

function Action({ action, place, faults, decision, decide, off, words, isAlone }) {
  const { name, title, text, fields, choices } = action;
  const [mode, setMode] = useState("");
  const [given, setGiven] = useState({});
  const [message, setMessage] = useState("");
  const box = useRef(null);
  useEffect(() => {
    if (mode) box.current.querySelector(".ask-fields :is(input, textarea, select), .ask-message")?.focus();
  }, [mode]);
  const leave = () => {
    setMode("");
    setGiven({});
    setMessage("");
    box.current.focus({ preventScroll: true });
  };
  const changed = changedIn(fields, given);
  const problem = mode === "edit" ? problemIn(fields, given, words) : "";
  const needed = mode === "respond" && !message.trim();
  const decideNow = () =>
    decide(mode === "edit" ? { type: "edit", fields: changed } : { type: mode, message: message.trim() });
  const choose = (choice) => (["approve", "ignore"].includes(choice) ? decide({ type: choice }) : setMode(choice));
  return (
    <section
      className="ask-action"
      ref={box}
      tabIndex={-1}
      onKeyDown={onKeys}
      aria-label={title}
      data-decided={decision ? true : undefined}
      data-testid="ask-action"
    >
      <h3 dir="auto">{title}</h3>
      {decision ? (
        <p className="ask-made">
          {words.made[nameOf(decision.type, decision.fields)]}
          {decision.message && <q dir="auto">{decision.message}</q>}
          <button type="button" className="quiet-button" disabled={off} onClick={() => decide(null)}>{words.again}</button>
        </p>
      ) : (
        <>
          <p className="ask-why">{words.waits} <code>{name}</code>.</p>
          {text && <Prose source={text} />}
          {mode === "edit" ? (
            <Fields path={[place]} {...{ fields, given, faults, words, off }} onChange={setGiven} />
          ) : (
            <Facts fields={fields} words={words} />
          )}
          {(mode === "reject" || mode === "respond") && (
            <textarea
              className="ask-message"
              rows={2}
              dir="auto"
              value={message}
              disabled={off}
              aria-label={words[mode === "reject" ? "reason" : "reply"]}
              placeholder={words[mode === "reject" ? "reason" : "reply"]}
              onChange={(event) => setMessage(event.target.value)}
            />
          )}
          <div className="ask-buttons">
            {mode ? (
              <>
                <Key by="submit" kind="first" off={off || needed || problem !== ""} onClick={decideNow}>
                  {words[nameOf(mode, changed)]}
                </Key>
                <Key by="escape" off={off} onClick={leave}>{words.cancel}</Key>
              </>
            ) : (
              choices.map((choice, at) => (
                <Key key={choice} by={KEYS[choice]} kind={isAlone && !at ? "first" : ""} off={off} onClick={() => choose(choice)}>
                  {words[choice]}
                </Key>
              ))
            )}
          </div>
        </>
      )}
    </section>
  );
}
