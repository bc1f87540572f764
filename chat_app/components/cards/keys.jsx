/* The keys of a card: a button has one by showing it. A letter counts where nobody writes; Ctrl+Enter
   and Escape in a field as well. The nearest part of the card that has such a button takes the key. */

const isWriting = (element) => element.matches("input:not([type=checkbox]), textarea, select");

const keyOf = ({ key, target, ctrlKey, metaKey, altKey, nativeEvent }) => {
  if (nativeEvent.isComposing || altKey) return "";
  if (key === "Enter") return ctrlKey || metaKey ? "submit" : "";
  if (key === "Escape") return "escape";
  return ctrlKey || metaKey || isWriting(target) || key.length !== 1 ? "" : key.toUpperCase();
};

export function onKeys(event) {
  const key = keyOf(event);
  if (!key || event.defaultPrevented) return;
  const button = event.currentTarget.querySelector(`[data-key="${CSS.escape(key)}"]:enabled`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

const SHOWN = { submit: "Ctrl ⏎", escape: "Esc" };
const SPOKEN = { submit: "Control+Enter", escape: "Escape" };

/** A button with the key that presses it. */
export const Key = ({ by, kind = "", off, onClick, children }) => (
  <button
    type="button"
    className={`ask-button ${kind}`}
    disabled={off}
    onClick={onClick}
    data-key={by}
    aria-keyshortcuts={SPOKEN[by] ?? by}
  >
    {children}
    <kbd aria-hidden="true">{SHOWN[by] ?? by}</kbd>
  </button>
);
