/* The modal dialog of the app: a native <dialog>, so that the page behind it is inert, Escape closes the topmost
   thing only, and the Back key of a phone closes it, too.

   The focus goes to the element with `data-autofocus`, else to the title, and returns to where it was. What was
   chosen from a menu returns to the button of the menu; what is gone by then is left to lost_focus.js. */

import { useEffect, useId, useLayoutEffect, useRef } from "react";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { LiveRegion } from "./live_region.jsx";
import { useWords } from "./words.jsx";

const isShown = (element) => element.isConnected && element.checkVisibility({ visibilityProperty: true });

/* The buttons of the menus (popovers) around an element, the innermost first. */
function* menuButtons(element) {
  for (let menu = element?.closest("[popover]"); menu; menu = menu.parentElement?.closest("[popover]")) {
    const button = menu.id && document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (button) yield button;
  }
}

/* In Chromium the caret goes with the field of the dialog when that is removed, and what is typed then is lost or
   comes before the text, although the focus is in the field that had it before. */
function caretOf(field) {
  if (typeof field?.selectionStart !== "number") return () => {};
  const { value, selectionStart, selectionEnd, selectionDirection } = field;
  return () => {
    if (document.activeElement !== field || field.value !== value) return;
    field.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
  };
}

/** `title` names it; `hasHead` is whether the title and a button to close are visible. `onClose` is called once it
    is closed, by whatever: the owner then stops rendering it as `open`. */
export function Dialog({ open = true, title, hasHead = true, onClose, className = "", children, ...rest }) {
  const element = useRef(null);
  const pressed = useRef(null);
  const isLeft = useRef(false);
  const placeCaret = useRef(() => {});
  const heading = useId();
  const words = useWords();
  useLayoutEffect(() => {
    if (!open) return;
    const dialog = element.current;
    const from = document.activeElement;
    const openers = [from, ...menuButtons(from)];
    isLeft.current = false;
    placeCaret.current = caretOf(from);
    dialog.showModal();
    (dialog.querySelector("[data-autofocus]") ?? document.getElementById(heading)).focus({ preventScroll: true });
    const giveBack = () => {
      if (document.activeElement && document.activeElement !== document.body) return;
      openers.find((opener) => opener !== document.body && isShown(opener))?.focus({ preventScroll: true });
    };
    dialog.addEventListener("close", giveBack);
    return () => {
      isLeft.current = true;
      if (!dialog.open) return;
      dialog.close(); // its event would come too late: the element is removed
      giveBack();
    };
  }, [open]);
  useEffect(() => (open ? () => placeCaret.current() : undefined), [open]);
  if (!open) return null;
  const close = () => element.current.close();
  /* A text that is selected beyond the edge is no click beside the dialog. */
  const onPointerDown = ({ target }) => (pressed.current = target);
  const onClick = ({ target }) => target === element.current && pressed.current === target && close();
  const onClosed = ({ target }) => target === element.current && !target.open && !isLeft.current && onClose?.();
  return (
    <dialog
      ref={element}
      className={`dialog ${className}`}
      aria-labelledby={heading}
      onClose={onClosed}
      {...{ onPointerDown, onClick }}
      {...rest}
    >
      <div className="dialog-box">
        <header className={hasHead ? "dialog-head" : "unseen"}>
          <h2 id={heading} tabIndex={-1}>{title}</h2>
          {hasHead && (
            <button type="button" className="icon-button" aria-label={words.close} title={words.close} onClick={close}>
              <X size="1.125rem" strokeWidth={1.7} aria-hidden="true" />
            </button>
          )}
        </header>
        {children}
        <LiveRegion name="dialog-announcer" />
      </div>
    </dialog>
  );
}
