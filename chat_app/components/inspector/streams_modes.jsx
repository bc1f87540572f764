/* The stream modes that the runs of the chat ask for. Several quick changes are sent as they are made, each as the
   whole choice, so that the last one counts. */

import { useEffect, useId, useState } from "react";
import { filled } from "../shared/words.jsx";
import { ALL, changed } from "./streams_choice.js";

export function Modes({ chosen, usual, trouble, words, onChoose }) {
  const [local, setLocal] = useState(chosen);
  const id = useId();
  const told = chosen.join(" ");
  useEffect(() => setLocal(chosen), [told]);
  const choose = (next) => {
    setLocal(next);
    onChoose(next);
  };
  const isUsual = !local.length;
  const boxes = isUsual ? usual : local;
  return (
    <details className="streams-modes">
      <summary>
        {words.modes}: <span>{isUsual ? words.asNeeded : local.join(", ")}</span>
      </summary>
      <fieldset aria-describedby={id}>
        <legend>{words.alone}</legend>
        <label>
          <input type="checkbox" checked={isUsual} onChange={({ target }) => choose(target.checked ? [] : [...usual])} />
          {words.asNeeded}
        </label>
        {ALL.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={boxes.includes(name)}
              onChange={({ target }) => choose(changed(local, usual, name, target.checked))}
            />
            <code>{name}</code>
          </label>
        ))}
        <p id={id}>{words.hint}</p>
        {trouble && <p role="status">{filled(words.notKept, { why: trouble })}</p>}
      </fieldset>
    </details>
  );
}
