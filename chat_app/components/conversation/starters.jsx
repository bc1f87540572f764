/* Prompts to start with. Each is sent by the composer, with what is attached there; by `onSend` where the
   agent takes a form instead of a message. */

import { handOver } from "../composer/prompts.js";

export function Starters({ starters = [], onSend }) {
  return (
    <div className="starters">
      {starters.map(({ prompt, hint }, place) => (
        <button key={place} type="button" className="starter" onClick={() => handOver(prompt) || onSend(prompt)} data-testid="starter">
          <b dir="auto">{prompt}</b>
          {hint && <span dir="auto">{hint}</span>}
        </button>
      ))}
    </div>
  );
}
