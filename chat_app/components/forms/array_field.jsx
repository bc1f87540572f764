/* Several values in one field: an array with any number of items, or a multiple choice. */

import { useEffect, useRef } from "react";
import Plus from "lucide-react/dist/esm/icons/plus.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { FieldInput } from "./field_input.jsx";
import { countedIn, faultAt, itemProblemOf } from "./form_values.js";

const line = { size: 14, strokeWidth: 2, "aria-hidden": true };

/** Enter adds an item below, Backspace removes an empty one. */
export function ArrayField({ id, name, field, given, onChange, off, words, path, faults }) {
  const [item] = field.parts;
  const box = useRef(null);
  const goTo = useRef(null); // index of the item that gets the focus next
  useEffect(() => {
    if (goTo.current === null) return;
    const inputs = box.current.querySelectorAll("input, textarea");
    (inputs[goTo.current] ?? box.current.querySelector(".add")).focus();
    goTo.current = null;
  }, [given.length]);
  const add = (at) => {
    goTo.current = at;
    onChange(given.toSpliced(at, 0, ""));
  };
  const remove = (at) => {
    goTo.current = Math.min(Math.max(at - 1, 0), given.length - 2);
    onChange(given.toSpliced(at, 1));
  };
  const onKeyDown = (event, at) => {
    const { key, target, ctrlKey, metaKey, shiftKey, nativeEvent } = event;
    if (ctrlKey || metaKey || nativeEvent.isComposing || event.keyCode === 229) return;
    const isLine = target.tagName === "INPUT" || shiftKey;
    const isEmpty = !target.value && !target.validity.badInput;
    if (key === "Enter" && isLine) add(at + 1);
    else if (key === "Backspace" && isEmpty) remove(at);
    else return;
    event.preventDefault();
  };
  return (
    <div className="ask-list" role="group" aria-labelledby={id} ref={box}>
      {given.map((text, at) => {
        const place = countedIn(field, given.slice(0, at)).length;
        const isCounted = countedIn(field, [text]).length > 0;
        const own = `${id}${at}`;
        const problem = itemProblemOf(field, text, words) || (isCounted && faultAt(faults, [...path, place]));
        return (
          <div key={at} className="item" onKeyDown={(event) => onKeyDown(event, at)} data-testid="ask-item">
            <FieldInput
              id={own}
              field={item}
              given={text}
              onChange={(news) => onChange(given.with(at, news))}
              aria-label={words.item.replace("{name}", name).replace("{number}", at + 1)}
              {...{ off, words, problem }}
            />
            <button
              type="button"
              className="remove"
              disabled={off}
              aria-label={words.removeItem.replace("{name}", name).replace("{number}", at + 1)}
              onClick={() => remove(at)}
            >
              <X {...line} />
            </button>
            {problem && <small className="wrong" role="alert" id={`${own}wrong`}>{problem}</small>}
          </div>
        );
      })}
      <button
        type="button"
        className="add"
        disabled={off}
        aria-label={words.addTo.replace("{name}", name)}
        onClick={() => add(given.length)}
      >
        <Plus {...line} /> {words.add}
      </button>
    </div>
  );
}

/** Values that were chosen before keep their order; new ones follow in the order of the choices. */
export function Choices({ id, field, given, onChange, off, problem }) {
  const choose = (value, isChosen) => {
    const chosen = new Set(given);
    if (isChosen) chosen.add(value);
    else chosen.delete(value);
    const others = field.options.map(([each]) => each).filter((each) => !field.items.includes(each));
    onChange([...field.items, ...others].filter((each) => chosen.has(each)));
  };
  return (
    <div className="ask-choices" role="group" aria-labelledby={id} aria-describedby={problem ? `${id}wrong` : undefined}>
      {field.options.map(([value, label]) => (
        <label key={value}>
          <input
            type="checkbox"
            className="tick"
            checked={given.includes(value)}
            disabled={off}
            aria-invalid={problem ? true : undefined}
            onChange={(event) => choose(value, event.target.checked)}
          />
          {label}
        </label>
      ))}
    </div>
  );
}
