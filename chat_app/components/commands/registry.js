/* What the commands of the table do. A component that can do one says so while it is on the page:

     useCommand("sidebar", { run: toggle, isPossible: () => true, choices: () => [{ value, label, chosen }] })

   Or a button has the name of the command as `data-command`; it is then pressed. Of several components, the last
   one that can do it now does it; of several buttons the last. */

import { useEffect, useRef } from "react";

const doers = new Map(); // by command: a list of objects with the functions above

const isAble = (button) => !button.disabled && button.ariaDisabled !== "true" && !button.closest("[inert]");
const buttonOf = (id) =>
  [...document.querySelectorAll(`[data-command="${CSS.escape(id)}"]`)].findLast(isAble);

function doerOf(id) {
  const able = doers.get(id)?.findLast((one) => !one.now.isPossible || one.now.isPossible());
  if (able) return able.now;
  const button = buttonOf(id);
  return button && { run: () => button.click(), isOn: () => button.getAttribute("aria-pressed") === "true" };
}

/** `what` may be another object each time. */
export function useCommand(id, what) {
  const doer = useRef({});
  doer.current.now = what;
  useEffect(() => {
    const mine = doer.current;
    doers.set(id, [...(doers.get(id) ?? []), mine]);
    return () => doers.set(id, doers.get(id).filter((one) => one !== mine));
  }, [id]);
}

export const canDo = (id) => Boolean(doerOf(id));
export const isOn = (id) => Boolean(doerOf(id)?.isOn?.());
export const choicesOf = (id) => doerOf(id)?.choices?.() ?? [];

/** Returns whether there was something to do. */
export function perform(id, argument) {
  const doer = doerOf(id);
  doer?.run(argument);
  return Boolean(doer);
}
