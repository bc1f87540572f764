/* The text box of the composer. Its state is in the browser: no round trip per key, and a draft survives
   a reload, a lost socket and a refused message. Enter sends, Shift+Enter inserts a line break, and Enter
   that ends an input method's composition (key code 229 in all browsers) does neither. */

import { useEffect, useRef, useState } from "react";
import { useAnswering } from "./answering.js";
import { AttachButton, Chips, DropZone, pasted } from "./attach.jsx";
import { useAttachments } from "./attachments.js";
import { isSaid, moves, tryAgain } from "../connection/connection.jsx";
import { Held, useHeld } from "./held.jsx";
import { MoreInput, MoreInputButton, useMoreInput } from "./more_input.jsx";
import { draftOf, keepDraft, useDraftsOfOtherTabs, useTemporary } from "./drafts.js";
import { useEdits, useOutbox } from "./outbox.js";
import { hasKeyboard, stopTyping } from "../cards/focus.js";
import { usePrompts } from "./prompts.js";
import { useLeavingOut } from "./refused.js";
import { useSlash } from "./slash.jsx";

/* The direction by the first letter, like `dir="auto"`, which in a text box takes Chromium quadratic
   time: minutes for two megabytes. */
const firstLetter = (text) => /\p{L}/u.exec(text.slice(0, 1000))?.[0] ?? "";
const directionOf = (text) =>
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(firstLetter(text)) ? "rtl" : "ltr";
/* Without `field-sizing` the height is measured in script, which costs a layout of the page per key. */
const FITS_ITSELF = globalThis.CSS?.supports("field-sizing", "content");
const NEAREST = { block: "nearest" };

export function Draft({ children, ...props }) {
  const { fields, assistant, faults, inputProblem } = props;
  const { thread, taken, taker, socket, returned, edited, edits, waiting, ready, busy } = props;
  const { limit, placeholder, tooLong, most, types, words, onSend, onReturned } = props;
  const { drafts, onDrafts, answerWords } = props;
  const box = useRef(null);
  const [problem, setProblem] = useState("");
  const [empty, setEmpty] = useState(true);

  const fit = () => {
    if (FITS_ITSELF) return;
    const element = box.current;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, window.innerHeight * 0.4)}px`;
  };
  const changed = (event) => {
    const text = box.current.value;
    slash.current.follow(text, event?.nativeEvent);
    const direction = directionOf(text);
    if (box.current.dir !== direction) box.current.dir = direction;
    setEmpty(!text.trim());
    answering.current.changed(text);
    setProblem(text.length > limit ? tooLong : "");
    keepDraft(thread, text);
    fit();
  };
  const put = (text) => {
    box.current.value = text;
    changed();
  };
  useDraftsOfOtherTabs((changed, text) => {
    const isTyped = document.hasFocus() && document.activeElement === box.current;
    if (changed === thread && !isTyped) put(text);
  });
  useTemporary(thread, props.temporary);
  const bring = (text) => {
    const standing = box.current.value;
    put(standing.trim() ? `${text}\n\n${standing}` : text);
  };

  const slash = useRef();
  slash.current = useSlash({ box, put, thread });
  const answering = useRef();
  answering.current = useAnswering({ ...props, box, put, bring });
  const { target, line, isWrong } = answering.current;

  const wasReady = useRef(false);
  const lastThread = useRef(null);
  const attached = useAttachments(props);
  const leavingOut = useLeavingOut({ refused: attached.refused, words });
  const isEager = useRef(false); // send as soon as all uploads are done
  useEffect(() => {
    // A new chat that has just become a thread keeps the text typed in the meantime.
    const sameChat = busy && wasReady.current && lastThread.current === "";
    lastThread.current = thread;
    if (sameChat) {
      keepDraft("", "");
      keepDraft(thread, box.current.value);
      attached.moveTo(thread);
      held.moveTo(thread);
    } else {
      isEager.current = false;
      put(draftOf(thread));
      if (hasKeyboard()) box.current.focus({ preventScroll: true });
    }
  }, [thread]);
  useEffect(() => {
    // A pressed starter or stop button disappears, and the focus with it. See lost_focus.js for the queue.
    if (waiting && document.querySelector(".queue")) return;
    const nowhere = document.activeElement === document.body && getSelection().isCollapsed;
    if (nowhere && hasKeyboard()) box.current.focus({ preventScroll: true });
  }, [busy, waiting]);
  const wereWaiting = useRef(0);
  useEffect(() => {
    if (waiting > wereWaiting.current) document.querySelector(".queue > :last-child")?.scrollIntoView(NEAREST);
    wereWaiting.current = waiting;
  }, [waiting]);
  const lastReturned = useRef("");
  useEffect(() => {
    if (returned && returned !== lastReturned.current) {
      const isMerged = Boolean(box.current.value.trim()) && box.current.value !== returned;
      if (isMerged) bring(returned);
      else put(returned);
      onReturned(isMerged);
    }
    if (!returned && box.current.value === lastReturned.current) put("");
    lastReturned.current = returned;
  }, [returned, taken]);
  useEffect(() => {
    const threads = Object.entries(drafts ?? {});
    for (const [id, text] of threads) {
      keepDraft(id, [text, draftOf(id)].filter(Boolean).join("\n\n"));
    }
    if (threads.length) onDrafts();
  }, [drafts]);
  const bringAll = ({ text, attached: ids }) => {
    if (text) bring(text);
    attached.bring(ids);
  };
  const keepSent = useOutbox({
    ...{ thread, taken, taker, socket, ready },
    ...{ bring: bringAll, settled: attached.settle },
  });
  useEdits({
    ...{ edited, edits, ready },
    bring: (text) => {
      bring(text);
      box.current.focus({ preventScroll: true });
      box.current.setSelectionRange(text.length, text.length);
    },
  });

  const more = useMoreInput({ thread, assistant, fields, faults, problem: inputProblem });
  // Enter may come before the page is hydrated, or while the connection is being restored. If that takes longer,
  // so that the page says it, the message is held and the box is free.
  const isPressed = useRef(false);
  const send = (text, ids, given, isBehind = false) => {
    keepSent(text, ids);
    onSend(text, ids, given, isBehind);
  };
  const hold = () => {
    isPressed.current = false;
    held.hold(box.current.value, attached.take(), more.given);
    put("");
  };
  /** Returns whether the box is free again: the message was sent, or is held. */
  const submit = (event) => {
    event?.preventDefault();
    const text = box.current.value;
    const isConnected = wasReady.current && !moves();
    if (target && text.trim() && text.length <= limit && answering.current.submit(isConnected)) {
      return stopTyping();
    }
    isEager.current = attached.isBusy;
    const isNothing = !text.trim() && !attached.items.length;
    const isIdle = isNothing || (target && !text.trim());
    if (isIdle || text.length > limit || attached.isBusy) return false;
    if (leavingOut.stops(Boolean(text.trim()) || attached.items.some(({ id }) => id))) return false;
    if (!isConnected) {
      isPressed.current = target?.key ?? true; // an answer stays in the box
      const isHeld = isSaid() && !target;
      if (isHeld) hold();
      tryAgain();
      return isHeld;
    }
    isPressed.current = false;
    stopTyping();
    const ids = attached.take();
    put("");
    send(text, ids, more.given);
    return true;
  };
  usePrompts((prompt) => {
    const standing = box.current.value;
    put(prompt);
    if (submit()) put(standing);
    else if (standing.trim()) put(`${prompt}\n\n${standing}`);
  });
  const held = useHeld({
    ...{ thread, ready, send },
    isAsking: Boolean(props.asks?.length),
    bring: bringAll,
    waits: () => isPressed.current === true && hold(),
  });
  useEffect(() => {
    if (isEager.current && !attached.isBusy) submit();
  }, [attached.isBusy]);
  useEffect(() => {
    if (!ready) return;
    wasReady.current = true;
    if (isPressed.current && isPressed.current === (target?.key ?? true)) submit();
    isPressed.current = false;
  }, [ready]);
  const onPaste = (event) => {
    const files = pasted(event);
    if (!files.length) return;
    event.preventDefault();
    attached.add(files);
  };
  const onKeyDown = (event) => {
    if (slash.current.onKeyDown(event)) return;
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    if (event.repeat) event.preventDefault(); // a key that is held is pressed once
    else submit(event);
  };

  const focus = () => hasKeyboard() && box.current.focus();
  const isEmpty = empty && !attached.items.length;
  const takeBack = (id) => {
    held.takeBack(id);
    box.current.focus({ preventScroll: true });
  };
  const remove = (id) => {
    held.remove(id);
    focus();
  };
  return (
    <>
    <Held held={held.held} words={words.held} onTakeBack={takeBack} onRemove={remove} />
    <form className="composer" onSubmit={submit} data-empty={isEmpty || undefined} data-busy={busy || undefined}>
      <Chips attached={attached} words={words} onLeft={focus} />
      {leavingOut.sentence && <p className="composer-problem" role="alert" data-testid="left-out">{leavingOut.sentence}</p>}
      <textarea
        ref={box}
        name="prompt"
        rows={1}
        aria-label={answering.current.placeholder ?? placeholder}
        placeholder={answering.current.placeholder ?? placeholder}
        data-testid="composer"
        onChange={changed}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        aria-invalid={problem ? true : undefined}
        aria-describedby={line ? "composer-line pane-keys" : "pane-keys"}
        {...slash.current.field}
      />
      {slash.current.shown}
      {problem && <p className="composer-problem" role="alert" data-testid="composer-problem">{problem}</p>}
      {(line || (target && attached.items.length > 0)) && (
        <p className="composer-line" id="composer-line" data-wrong={isWrong || undefined} data-testid="composer-line">
          {line || answerWords.filesStay}
        </p>
      )}
      {!target && <MoreInput more={more} words={words} />}
      <div className="composer-bar">
        {!target && <MoreInputButton more={more} words={words} />}
        {most > 0 && !target && <AttachButton types={types} words={words} onFiles={attached.add} />}
        {children}
      </div>
      <DropZone hint={most > 0 ? words.drop : words.none} onFiles={attached.add} />
    </form>
    </>
  );
}
