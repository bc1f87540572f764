/* A message of the person: what it is, or the editor in its place, with the same text and what it carried. The
   editor stays until the app shows the new version; where it is refused, it opens again and says why. */

import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { isUp, tryAgain } from "../connection/connection.jsx";
import { changedIn, problemIn } from "../forms/form_values.js";
import { Fields } from "../forms/fields.jsx";
import { useWords } from "../shared/words.jsx";
import { Actions } from "./actions.jsx";
import { useBranches } from "./branches.jsx";
import { endEdit, keepEdit, useEdit } from "./editing.js";
import { standStill } from "./scroll.jsx";

const LOST_AFTER = 8000; // ms
const FITS_ITSELF = globalThis.CSS?.supports("field-sizing", "content");
const NEAREST = { block: "nearest" };
const NONE = {};
const NOWHERE = [];

/** `children`: what the message looks like. With `keeps` they stay while it is edited. */
export function OwnMessage({ row, keeps, children }) {
  const edit = useEdit(row.id);
  const place = useRef(null);
  const sent = useRef(""); // the id of the version that was edited and sent
  const from = useRef(null); // the element that had the focus, while the editor is open
  const isOpen = Boolean(edit && row.id);
  useEffect(() => {
    if (sent.current && sent.current !== row.id) endEdit(sent.current);
    sent.current = "";
  }, [row.id]);
  useEffect(() => {
    if (isOpen) {
      from.current = edit.from ?? document.body;
      return;
    }
    if (!from.current) return;
    const isThere = from.current !== document.body && from.current.isConnected;
    const element = isThere ? from.current : place.current.querySelector('[data-testid="edit"]');
    from.current = null;
    if (document.activeElement === document.body) element?.focus({ preventScroll: true });
  }, [isOpen, row.id]);
  return (
    <div className="own" ref={place}>
      {(!isOpen || keeps) && children}
      {isOpen ? (
        <Editor row={row} edit={edit} onSent={() => (sent.current = row.id)} onRefused={() => (sent.current = "")} />
      ) : (
        <Actions row={row} isOwn />
      )}
    </div>
  );
}

function Editor({ row, edit, onSent, onRefused }) {
  const { running, takes, fields, form, refused, does, words: forms, limit } = useBranches();
  const { edits, keys, send, cancel } = useWords();
  const hint = useId();
  const box = useRef(null);
  const frame = useRef(null);
  const isNew = useRef(false); // opened just now, and not of a page that was loaded again
  const [text, setText] = useState(edit.text);
  const [isSent, setSent] = useState(false);
  const [isTried, setTried] = useState(false);
  const hasFields = Boolean(row.has_form && fields.length && takes !== "text");
  const hasText = !hasFields || takes !== "form";
  const values = form.id === row.id ? form.given : null;
  const [given, setGiven] = useState(null); // what was changed in the form
  const filled = given ?? values ?? NONE;

  useEffect(() => {
    if (hasFields && !values) does.open(row.id);
  }, [hasFields]);
  useEffect(() => {
    if (refused.id !== row.id) return;
    setSent(false);
    onRefused();
  }, [refused]);
  useEffect(() => {
    if (!isSent) return;
    const timer = setTimeout(() => setSent(false), LOST_AFTER);
    return () => clearTimeout(timer);
  }, [isSent]);
  useLayoutEffect(() => {
    if (!edit.isFresh) return;
    edit.isFresh = false;
    isNew.current = true;
    if (!box.current) return frame.current.querySelector("input, textarea, select")?.focus({ preventScroll: true });
    box.current.focus({ preventScroll: true });
    box.current.setSelectionRange(text.length, text.length);
    box.current.scrollTop = box.current.scrollHeight; // to the caret
  }, []);
  useEffect(() => {
    if (!isNew.current) return;
    frame.current.scrollIntoView(NEAREST);
    frame.current.lastElementChild.scrollIntoView(NEAREST); // the buttons of one that is higher than the window
  }, []);
  useLayoutEffect(() => {
    if (FITS_ITSELF || !box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${box.current.scrollHeight}px`;
  }, [text]);

  const isEmpty = hasText && !text.trim() && !hasFields && row.kind === "human";
  const tooLong = text.length > limit ? edits.tooLong : "";
  const wrong = hasFields ? problemIn(fields, filled, forms) : "";
  const faults = refused.id === row.id ? refused.faults : NOWHERE;
  const problem = tooLong || (isTried && wrong) || (refused.id === row.id && refused.problem);
  const close = () => {
    standStill(frame.current);
    endEdit(row.id);
  };
  const submit = (event) => {
    event?.preventDefault();
    setTried(true);
    if (running || isSent || isEmpty || tooLong) return;
    if (wrong) return frame.current.querySelector('[aria-invalid], [aria-required="true"]')?.focus();
    if (!isUp()) return tryAgain();
    setSent(true);
    onSent();
    does.edit(row.id, text, hasFields ? changedIn(fields, filled) : null);
  };
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return submit(event);
    if (event.key === "Enter" && event.target === box.current && !event.shiftKey && !event.altKey) {
      if (!event.repeat) return submit(event); // as in the composer
      return event.preventDefault();
    }
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault(); // it does not stop a run as well
    event.stopPropagation();
    close();
  };
  const onChange = ({ target }) => {
    setText(target.value);
    keepEdit(row.id, target.value);
  };
  return (
    <form className="edit-message" ref={frame} onSubmit={submit} onKeyDown={onKeyDown} noValidate aria-label={edits.label} aria-busy={isSent || undefined} data-testid="edit-message">
      {hasText && (
        <textarea
          ref={box}
          rows={1}
          value={text}
          readOnly={isSent}
          aria-label={edits.label}
          aria-describedby={hint}
          aria-invalid={tooLong ? true : undefined}
          onChange={onChange}
          data-testid="edit-box"
        />
      )}
      {hasFields && <Fields {...{ fields, faults }} given={filled} words={forms} off={isSent || !values} onChange={setGiven} />}
      {problem && <p className="composer-problem" role="alert">{problem}</p>}
      <div className="edit-bar">
        <small id={hint}>{running ? edits.waits : edits.keeps}</small>
        <button type="button" className="button" onClick={close} title={keys.escape}>{cancel}</button>
        <button type="submit" className="button primary" aria-disabled={running || isEmpty || isSent || undefined}>
          {send}
        </button>
      </div>
    </form>
  );
}
