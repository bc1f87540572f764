/* The rating of an answer: good or bad, and a note on it.

   The ratings of all answers are given to the rows by a context, so that a row is not rendered again with the
   rating of another. A press is shown at once; what the app says takes its place. */

import { createContext, useContext, useEffect, useId, useMemo, useRef, useState } from "react";
import ThumbsDown from "lucide-react/dist/esm/icons/thumbs-down.mjs";
import ThumbsUp from "lucide-react/dist/esm/icons/thumbs-up.mjs";
import { announce } from "../shared/announce.js";
import { placeBeside } from "../shared/place.js";
import { useWords } from "../shared/words.jsx";

const line = { size: "0.9375rem", strokeWidth: 1.7, "aria-hidden": true };
const NONE = { score: "", note: "" };

const Ratings = createContext({ offered: false, given: {}, does: {} });

export function FeedbackProvider({ offered, given, problem, problemAt, longest, children, ...events }) {
  const latest = useRef(events);
  latest.current = events;
  const does = useRef({
    rate: (id, score) => latest.current.onRate(id, score),
    note: (id, note) => latest.current.onNote(id, note),
  }).current;
  const value = useMemo(
    () => ({ offered, given, problem, problemAt, longest, does }),
    [offered, given, problem, problemAt, longest],
  );
  return <Ratings value={value}>{children}</Ratings>;
}

/* The note: a small popover at the buttons. Enter with Ctrl or Cmd saves it, Escape closes it. */
function Note({ id, rating, problem, button, onClose }) {
  const { longest, does } = useContext(Ratings);
  const { feedback } = useWords();
  const box = useRef(null);
  const [note, setNote] = useState(rating.note ?? "");
  const label = useId();
  useEffect(() => {
    const place = () => box.current && button.current && placeBeside(box.current, button.current, { isAtStart: true });
    box.current.showPopover({ source: button.current });
    place();
    box.current.querySelector("textarea").focus({ preventScroll: true });
    window.addEventListener("resize", place);
    window.addEventListener("scroll", place, true);
    return () => {
      window.removeEventListener("resize", place);
      window.removeEventListener("scroll", place, true);
    };
  }, []);
  const close = () => {
    box.current?.hidePopover();
    button.current?.focus({ preventScroll: true });
  };
  const save = (event) => {
    event.preventDefault();
    does.note(id, note);
    announce(feedback.saved);
    close();
  };
  const remove = () => {
    does.rate(id, "");
    announce(feedback.removed);
    close();
  };
  const onKeyDown = (event) => {
    event.stopPropagation(); // the keys of the page are not meant
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save(event);
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  };
  return (
    <form
      ref={box}
      popover="auto"
      className="feedback-note"
      aria-labelledby={label}
      onSubmit={save}
      onKeyDown={onKeyDown}
      onToggle={({ newState }) => newState === "closed" && onClose()}
      data-testid="feedback-note"
    >
      <label id={label} htmlFor={`${label}-text`}>{feedback.note}</label>
      <textarea
        id={`${label}-text`}
        rows={3}
        maxLength={longest}
        value={note}
        placeholder={feedback.hint}
        onChange={({ target }) => setNote(target.value)}
        dir="auto"
      />
      {problem && <p role="alert">{problem}</p>}
      <div>
        <button type="button" className="quiet-button" onClick={remove}>{feedback.remove}</button>
        <button type="submit" className="button primary">{feedback.save}</button>
      </div>
    </form>
  );
}

/* `id` is that of the answer, as its row has it. */
export function Feedback({ id }) {
  const { offered, given, problem, problemAt, does } = useContext(Ratings);
  const { feedback } = useWords();
  const known = given[id] ?? NONE;
  const [pressed, setPressed] = useState(null); // what was pressed, until the app has said what it kept
  const [isOpen, setOpen] = useState(false);
  const buttons = { good: useRef(null), bad: useRef(null) };
  const last = useRef("good");
  useEffect(() => setPressed(null), [known.score, known.note, problem]);
  if (!offered) return null;
  const score = pressed ?? known.score ?? "";
  const isOurs = problemAt === id && problem;
  const press = (value) => {
    last.current = value;
    if (score !== value) {
      setPressed(value);
      does.rate(id, value);
      announce(feedback.thanks);
      setOpen(true);
    } else setOpen(!isOpen);
  };
  const button = (value, label, Icon) => (
    <button
      type="button"
      ref={buttons[value]}
      aria-label={label}
      title={label}
      aria-pressed={score === value}
      aria-haspopup="dialog"
      onClick={() => press(value)}
      data-testid={`${value}-answer`}
    >
      <Icon {...line} fill={score === value ? "currentColor" : "none"} />
    </button>
  );
  return (
    <span className="feedback" data-rated={score || undefined}>
      {button("good", feedback.good, ThumbsUp)}
      {button("bad", feedback.bad, ThumbsDown)}
      {isOurs && <span className="feedback-problem" role="alert">{problem}</span>}
      {isOpen && score && (
        <Note
          key={score}
          id={id}
          rating={known}
          problem=""
          button={buttons[last.current]}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  );
}
