/* Where something that floats is drawn: next to its button, within the window. Sets style properties of the
   element by script, which the page's content policy allows. */

const MARGIN = 8; // px to the edges of the window, and to the button

/** Below the button, its end at the button's end (with `isAtStart` its start at the button's start); above it where
    there is no room below. The element has to be shown, with `position: fixed` and `inset: auto`. */
export function placeBeside(element, button, { isAtStart = false } = {}) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const isMirrored = getComputedStyle(button).direction === "rtl";
  const left = Math.min(isMirrored !== isAtStart ? at.left : at.right - width, window.innerWidth - width - MARGIN);
  const hasRoom = at.bottom + MARGIN + height < window.innerHeight;
  element.style.left = `${Math.max(left, MARGIN)}px`;
  element.style.top = `${Math.max(hasRoom ? at.bottom + MARGIN : at.top - height - MARGIN, MARGIN)}px`;
}
