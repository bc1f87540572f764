/* Keyboard shortcuts of a card: a button has the key that it shows, for as long as the key works. A letter is
   a shortcut only outside of fields; Ctrl+Enter and Escape work within fields, too. The innermost part of the
   card that has a button for the key handles it; of several actions each has its own letters. */

import { printed } from "../commands/platform.js";
import { useWords } from "../shared/words.jsx";

const isWriting = (element) => element.matches("input:not([type=checkbox]), textarea, select");

const keyOf = ({ key, target, ctrlKey, metaKey, altKey, nativeEvent }) => {
  if (nativeEvent.isComposing || altKey) return "";
  if (key === "Enter") return ctrlKey || metaKey ? "submit" : "";
  if (key === "Escape") return "escape";
  return ctrlKey || metaKey || isWriting(target) || key.length !== 1 ? "" : key.toUpperCase();
};

/* From a card as a whole, Tab leads to the first decision, past what its description links to. */
function skipToButtons(event) {
  const { key, shiftKey, target, currentTarget } = event;
  if (key !== "Tab" || shiftKey || target !== currentTarget || event.defaultPrevented) return;
  const button = currentTarget.querySelector(".ask-buttons button:enabled");
  if (!button) return;
  event.preventDefault();
  button.focus();
}

/* Escape leads out of a field to the card, where letters are shortcuts again: in the inbox also those for the next
   one. */
const isLeft = ({ target, currentTarget }, key) => key === "escape" && isWriting(target) && currentTarget.hasAttribute("tabindex");

export function onKeys(event) {
  skipToButtons(event);
  const key = keyOf(event);
  if (!key || event.defaultPrevented) return;
  const isOfOne = key.length > 1 || event.currentTarget.querySelectorAll(".ask-action").length < 2;
  if (!isOfOne) return;
  const button = event.currentTarget.querySelector(`[data-key="${CSS.escape(key)}"]:enabled`);
  if (!button && !isLeft(event, key)) return;
  event.preventDefault();
  if (button) button.click();
  else event.currentTarget.focus({ preventScroll: true });
}

const SPOKEN = { submit: "Control+Enter Meta+Enter", escape: "Escape" };

/** A button with its keyboard shortcut. */
export function Key({ by, kind = "", off, onClick, children }) {
  const words = useWords();
  return (
    <button
      type="button"
      className={`ask-button ${kind}`}
      disabled={off}
      onClick={onClick}
      data-key={by}
      aria-keyshortcuts={SPOKEN[by] ?? by}
    >
      {children}
      <kbd aria-hidden="true" className={by in SPOKEN ? "everywhere" : ""}>{printed(words, by)}</kbd>
    </button>
  );
}
