/* Actions on a message: copy it, as Markdown or as plain text; and its facts (time, tokens, model). The text
   is read from the page when a button is pressed, and not sent a second time. */

import Lines from "lucide-react/dist/esm/icons/text-align-start.mjs";
import { CopyButton } from "../prose/copy.jsx";
import { markdownOf } from "../prose/copying.js";
import { useWords } from "../shared/words.jsx";

const HUMAN = '[data-kind="human"]';
const ASKED = `${HUMAN}, [data-status="sent"]`; // text, or an image alone

/* The elements with text of the turn that `row` ends, oldest first. */
function written(row) {
  if (row.matches(HUMAN)) return [row.querySelector(".bubble")];
  const found = [];
  for (let at = row.previousElementSibling; at && !at.matches(ASKED); at = at.previousElementSibling)
    if (at.matches('[data-kind="text"]')) found.unshift(at.querySelector(".prose"));
  return found;
}

const joined = (button, wordsOf) =>
  written(button.closest(".row")).map(wordsOf).join("\n\n").replace(/\n{3,}/g, "\n\n").trim();
const asMarkdown = (button) => joined(button, (element) => markdownOf(element) ?? element.textContent);
const asPlain = (button) => joined(button, (element) => element.innerText);

function Time({ at }) {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  return (
    <time dateTime={then.toISOString()} title={then.toLocaleString()}>
      {then.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}

export function Actions({ at, facts, model }) {
  const { copyMarkdown, copyPlain } = useWords();
  return (
    <div className="actions">
      <CopyButton label={copyMarkdown} textOf={asMarkdown} />
      <CopyButton label={copyPlain} textOf={asPlain} icon={Lines} />
      {at > 0 && <Time at={at} />}
      {facts && <span className="facts" title={model || undefined}>{facts}</span>}
      {model && <span className="facts model">{model}</span>}
    </div>
  );
}
