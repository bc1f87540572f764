/* The values that a person has sent with a form, read-only: each with its name. */

import { Value } from "../content/value.jsx";

export function Given({ facts }) {
  return (
    <dl className="given-facts">
      {facts.map((fact, at) => (
        <div key={at}>
          {fact.name && <dt dir="auto">{fact.name}</dt>}
          <dd dir="auto">{"value" in fact ? <Value value={fact.value} /> : fact.text}</dd>
        </div>
      ))}
    </dl>
  );
}
