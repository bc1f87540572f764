/* The fields of a form, each with its label, its validation error, and its former value. */

import { useId, useState } from "react";
import { FieldInput } from "./field_input.jsx";
import { faultAt, isChanged, mayBeEmpty, problemOf, startOf } from "./form_values.js";
import { Choices, ArrayField } from "./array_field.jsx";
import { jsonOf, partsOf } from "./object_json.js";

const SEVERAL = { list: ArrayField, choices: Choices };
const NOWHERE = [];

/** `given`: the values, as in form_values.js. `path`: of the object with these fields. `faults`: errors that the app found. */
export function Fields({ fields, given, onChange, path = NOWHERE, ...rest }) {
  return (
    <div className="ask-fields">
      {fields.map((field) => {
        const Kind = field.kind === "group" ? Group : Field;
        const onGiven = (news) => onChange({ ...given, [field.name]: news });
        return <Kind key={field.name} path={[...path, field.name]} given={given[field.name] ?? startOf(field)} {...{ field, onGiven, ...rest }} />;
      })}
    </div>
  );
}

/* The error that the app found in a field, until the field is changed. */
function useFault(faults, path) {
  const [passed, setPassed] = useState(null);
  return [passed === faults ? NOWHERE : faults, faultAt(passed === faults ? NOWHERE : faults, path), () => setPassed(faults)];
}

function Field({ field, given, onGiven, path, faults, off, words }) {
  const id = useId();
  const [told, fault, pass] = useFault(faults, path);
  const isNew = isChanged(field, given);
  const problem = (isNew && !Array.isArray(given) && problemOf(field, given, words)) || fault;
  const Several = SEVERAL[field.kind];
  const wasThere = field.text !== "" || mayBeEmpty(field);
  const name = nameOf(field, words);
  const onChange = (news) => {
    pass();
    onGiven(news);
  };
  const all = { id, field, given, onChange, off, words, problem };
  return (
    <div className="ask-field" data-changed={isNew || undefined} data-testid="ask-field" data-name={field.name}>
      {Several ? <span className="label" id={id}>{labelOf(field, name)}</span> : <label htmlFor={id}>{labelOf(field, name)}</label>}
      <div>
        {Several ? <Several {...all} {...{ name, path }} faults={told} /> : <FieldInput {...all} />}
        {field.help && <small className="help">{field.help}</small>}
        {problem && <small className="wrong" role="alert" id={`${id}wrong`}>{problem}</small>}
        {isNew && wasThere && <small className="was">{words.was} <s>{shown(field, words)}</s></small>}
      </div>
    </div>
  );
}

/* An object: a field for each value, or one for its JSON, which can express more. */
function Group({ field, given, onGiven, path, faults, off, words }) {
  const [, fault, pass] = useFault(faults, path);
  const id = useId();
  const isJson = typeof given === "string";
  const problem = (isJson && problemOf(field, given, words)) || fault;
  const onChange = (news) => {
    pass();
    onGiven(news);
  };
  const name = nameOf(field, words);
  const other = isJson ? partsOf(field, given) : jsonOf(field, given);
  return (
    <fieldset className="ask-group" data-changed={isChanged(field, given) || undefined} data-testid="ask-field" data-name={field.name}>
      <legend>{labelOf(field, name)}</legend>
      {field.help && <small className="help">{field.help}</small>}
      {isJson ? (
        <div className="ask-field whole">
          <FieldInput {...{ id, off, words, problem, given, onChange, field: { ...field, kind: "json" }, "aria-label": name }} />
        </div>
      ) : (
        <Fields fields={field.parts} {...{ given, onChange, path, faults, off, words }} />
      )}
      {problem && <small className="wrong" role="alert" id={`${id}wrong`}>{problem}</small>}
      <button type="button" className="quiet-button" disabled={off || other === undefined} onClick={() => onChange(other)}>
        {isJson ? words.asFields : words.asJsonToo}
      </button>
    </fieldset>
  );
}

const nameOf = (field, words) => field.title || field.name || words.answer;
const labelOf = ({ required }, name) => (
  <>
    {name}
    {required && <b aria-hidden="true">*</b>}
  </>
);

/** The values, read-only. */
export function Facts({ fields, words }) {
  return (
    <dl className="ask-facts">
      {fields
        .filter((field) => field.text !== "" || field.nullable || mayBeEmpty(field))
        .map((field) => (
          <div key={field.name}>
            <dt>{field.name}</dt>
            <dd dir="auto" className={field.kind}>
              {field.kind === "group" && field.text ? <Facts fields={field.parts} words={words} /> : shown(field, words)}
            </dd>
          </div>
        ))}
    </dl>
  );
}

const nothing = (words) => <i>{words.nothing}</i>;

function shown({ kind, options, items, text }, words) {
  const optionOf = (chosen) => options.find(([value]) => value === chosen)?.[1];
  if (kind === "boolean") return text === "true" ? words.yes : words.no;
  if (kind === "choice") return optionOf(text) ?? words.nothing;
  if (kind === "choices" && items.length) return items.map(optionOf).join(", ");
  if (kind === "list" && items.length) return items.map((item, at) => <span key={at}>{item || nothing(words)}</span>);
  return text || nothing(words);
}
