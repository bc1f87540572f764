/* The Request tab: what started the last run, or would start the next one, as code to paste. */

import { useEffect, useId, useRef, useState } from "react";
import { CopyButton } from "../prose/copy.jsx";
import { Coloured } from "../prose/colouring.jsx";
import { shared } from "../prose/store.js";

const LANGUAGES = { sdk: "python", client: "python", curl: "bash" };
const chosenForm = shared("sdk"); // for as long as the page is open

export function RequestTab({ thread, of, which, running, loaded, address, run, snippets, notes, words, onLoad }) {
  const form = chosenForm.use();
  const load = useRef(onLoad);
  load.current = onLoad;
  const [wanted, want] = useState(which);
  useEffect(() => {
    load.current(wanted);
  }, [wanted, thread, running]);
  const id = useId();
  const isHere = loaded && of === thread && which === wanted;
  const shown = snippets.find((one) => one.form === form);
  return (
    <div className="request">
      <Choice name={`${id}-which`} label={words.which} values={words.runs} now={wanted} onChoose={want} />
      {isHere && !address && <p className="inspector-note">{words.none[wanted]}</p>}
      {isHere && address && (
        <>
          <p className="request-address"><code>{words.method} {address}</code></p>
          {run && <p className="memory-hint">{words.run} <code>{run}</code></p>}
          <div className="request-forms">
            <Choice name={`${id}-form`} label={words.form} values={words.forms} now={form} onChoose={chosenForm.set} />
            {shown && <CopyButton className="icon-button" label={words.copyCode} textOf={() => shown.code} />}
          </div>
          {shown && (
            <div className="request-code">
              <pre tabIndex={0} aria-label={words.forms[form]} data-testid="request-code"><Coloured text={shown.code} language={LANGUAGES[form]} /></pre>
            </div>
          )}
          {notes.map((note) => <p className="memory-hint" key={note}>{note}</p>)}
        </>
      )}
    </div>
  );
}

function Choice({ name, label, values, now, onChoose }) {
  return (
    <fieldset className="request-choice">
      <legend className="unseen">{label}</legend>
      {Object.entries(values).map(([value, text]) => (
        <label key={value}>
          <input type="radio" name={name} value={value} checked={value === now} onChange={() => onChoose(value)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
