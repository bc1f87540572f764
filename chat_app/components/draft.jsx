/* The text box of the composer. It lives in the browser: no round trip per key, and a draft outlasts
   a reload, a lost socket and a refused message. Enter sends, Shift+Enter breaks the line, and Enter
   that ends an input method's composition (229 in all browsers) does neither. */

import { useEffect, useRef, useState } from "react";

/* Focus would bring up the keyboard of a phone, over what the reader came for. */
const hasKeyboard = () => !window.matchMedia("(pointer: coarse)").matches;
/* By the first letter, as `dir="auto"` does; but in a text box that takes Chromium time with the square
   of the text, minutes for two megabytes. */
const firstLetter = (text) => /\p{L}/u.exec(text.slice(0, 1000))?.[0] ?? "";
const directionOf = (text) =>
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(firstLetter(text)) ? "rtl" : "ltr";
/* Measuring in script lays the page out again with each key. */
const FITS_ITSELF = globalThis.CSS?.supports("field-sizing", "content");
const keyOf = (thread) => `chat_draft:${thread || "new"}`;

export function Draft({ thread, returned, busy, limit, placeholder, tooLong, onSend, children }) {
  const box = useRef(null);
  const [problem, setProblem] = useState("");
  const [empty, setEmpty] = useState(true);

  const fit = () => {
    if (FITS_ITSELF) return;
    const element = box.current;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, window.innerHeight * 0.4)}px`;
  };
  const keep = (text) => {
    try {
      if (text) sessionStorage.setItem(keyOf(thread), text);
      else sessionStorage.removeItem(keyOf(thread));
    } catch {
      // Storage full or forbidden: the draft then lives only as long as the page.
    }
  };
  const changed = () => {
    const text = box.current.value;
    const direction = directionOf(text);
    if (box.current.dir !== direction) box.current.dir = direction;
    setEmpty(!text.trim());
    setProblem(text.length > limit ? tooLong : "");
    keep(text);
    fit();
  };
  const put = (text) => {
    box.current.value = text;
    changed();
  };

  const lastThread = useRef(null);
  useEffect(() => {
    // A new chat that just became a thread keeps what was typed in the meantime.
    const sameChat = busy && lastThread.current === "";
    lastThread.current = thread;
    if (sameChat) {
      sessionStorage.removeItem(keyOf(""));
      keep(box.current.value);
    } else {
      put(sessionStorage.getItem(keyOf(thread)) ?? "");
      if (hasKeyboard()) box.current.focus({ preventScroll: true });
    }
  }, [thread]);
  useEffect(() => {
    // A starter or the stop button is gone once it was pressed, and the focus with it.
    const nowhere = document.activeElement === document.body && getSelection().isCollapsed;
    if (nowhere && hasKeyboard()) box.current.focus({ preventScroll: true });
  }, [busy]);
  const lastReturned = useRef("");
  useEffect(() => {
    if (returned && !box.current.value.trim()) put(returned);
    if (!returned && box.current.value === lastReturned.current) put("");
    lastReturned.current = returned;
  }, [returned]);

  const submit = (event) => {
    event?.preventDefault();
    const text = box.current.value;
    if (busy || !text.trim() || text.length > limit) return;
    put("");
    onSend(text);
  };
  const onKeyDown = (event) => {
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !composing) submit(event);
  };

  return (
    <form className="composer" onSubmit={submit} data-empty={empty || undefined}>
      <textarea
        ref={box}
        name="prompt"
        rows={1}
        aria-label={placeholder}
        placeholder={placeholder}
        data-testid="composer"
        onChange={changed}
        onKeyDown={onKeyDown}
        aria-invalid={problem ? true : undefined}
      />
      {problem && <p className="composer-problem" role="alert" data-testid="composer-problem">{problem}</p>}
      <div className="composer-bar">{children}</div>
    </form>
  );
}
