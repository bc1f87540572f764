/* The values that a person has sent with a form, read-only: each with its name. */

import { Value } from "../content/value.jsx";

export function InputValues({ inputs }) {
  return (
    <dl className="input-values">
      {inputs.map((one, at) => (
        <div key={at}>
          {one.name && <dt dir="auto">{one.name}</dt>}
          <dd dir="auto">{"value" in one ? <Value value={one.value} /> : one.text}</dd>
        </div>
      ))}
    </dl>
  );
}
