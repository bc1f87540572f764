/* Focus is never lost: when the focused element is removed, hidden or disabled, the focus moves to what took
   its place, or else to the text box. Without that the next key starts at the top of the page. */

import { useEffect } from "react";

const FOCUSABLE = "a[href], button, input:not([type=hidden], [type=file]), select, textarea, summary, [tabindex='0']";
const WHOLE = ".scroll, .foot, .sidebar, .panel, .column, body"; // what is in these is not a neighbour any more
const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select";

/* On a touch screen, focus in a field would open the keyboard over the conversation. */
const isTouch = () => window.matchMedia("(pointer: coarse)").matches;
const isUsable = (element) => element.isConnected && !element.disabled && element.checkVisibility();
const usableIn = (element) =>
  [...element.querySelectorAll(FOCUSABLE)].filter((found) => isUsable(found) && !(isTouch() && found.matches(FIELDS)));
const nameOf = (element) => element.dataset.testid || element.getAttribute("aria-label") || "";

/* Where an element is: its name, and its place among the others in each element around it. */
function placeOf(element) {
  const around = [];
  for (let at = element.parentElement; at && !at.matches(WHOLE); at = at.parentElement) {
    around.push({ at, place: usableIn(at).indexOf(element), named: namedIn(at, nameOf(element)).indexOf(element) });
  }
  return { element, name: nameOf(element), around };
}

const namedIn = (element, name) => usableIn(element).filter((found) => name && nameOf(found) === name);

function successor({ name, around }) {
  for (const { at, place, named } of around) {
    if (!at.isConnected || !at.checkVisibility()) continue;
    const same = namedIn(at, name);
    if (same.length) return same[Math.min(Math.max(named, 0), same.length - 1)];
    if (at.querySelector("textarea[name=prompt]")) break;
    const others = usableIn(at);
    if (others.length) return others[Math.min(Math.max(place, 0), others.length - 1)];
  }
  const box = document.querySelector(".composer textarea[name=prompt]");
  return box && !isTouch() && isUsable(box) ? box : document.querySelector(".scroll");
}

let given = null; // what got the focus here last, as long as it has it

/** Whether an element has the focus because another one lost it, and not because a person chose it. */
export const wasGivenFocus = (element) => element !== null && element === given;

export function useLostFocus() {
  useEffect(() => {
    let last = null;
    let frame = 0;
    const remember = ({ target }) => {
      if (target !== given) given = null;
      last = target instanceof HTMLElement && target !== document.body ? placeOf(target) : null;
    };
    const forget = () => {
      last = null; // a click beside everything takes the focus away on purpose
    };
    const check = () => {
      frame = 0;
      if (!last || document.activeElement !== document.body || isUsable(last.element)) return;
      given = successor(last);
      given?.focus({ preventScroll: true });
    };
    const onChange = () => {
      if (last && !frame && document.activeElement === document.body) frame = requestAnimationFrame(check);
    };
    const changes = new MutationObserver(onChange);
    changes.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled", "hidden", "open"] });
    document.addEventListener("focusin", remember);
    document.addEventListener("pointerdown", forget, true);
    return () => {
      changes.disconnect();
      cancelAnimationFrame(frame);
      document.removeEventListener("focusin", remember);
      document.removeEventListener("pointerdown", forget, true);
    };
  }, []);
}
