/* The shortcuts of the page, from the table: the only place where keys of the page as a whole are handled. Parts
   of the page (fields, lists, cards) handle their own keys before, and prevent what would happen here. */

import { useEffect } from "react";
import { remembered } from "../prose/store.js";
import { hasModifier, isCharacter, matches } from "./key_match.js";
import { isApple } from "./platform.js";
import { canDo, perform } from "./registry.js";

/** Whether keys without a modifier are shortcuts, as the person chose. */
export const singleKeys = remembered("chat_single_keys", true);

const BUTTONS = "[type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=range], [type=color], [type=file]";
const isTyping = (element) =>
  Boolean(element?.isContentEditable || element?.matches?.(`textarea, select, input:not(${BUTTONS})`));
const CONTROLS = "button, a, summary, input, [role=menu], [role=separator], [role=slider], [role=tablist]";
const isEmptyText = (element) => element.matches("textarea") && !element.value;

function isFor(row, key, { target }) {
  if (document.querySelector("dialog[open]:not([data-commands])")) return false;
  if (!row.everywhere && (document.fullscreenElement || document.querySelector("dialog[open]"))) return false;
  if (row.place === "composer") return target.matches?.("textarea[name=prompt]") && isEmptyText(target);
  if (key === "Escape") {
    // Menus close on Escape; a field may do something with it, which the panel around it comes before.
    const isField = target.matches?.("input, select");
    return !document.querySelector(":popover-open") && (!isField || row.place === "panel" || row.place === "inspector");
  }
  if (!hasModifier(key)) {
    if (isTyping(target) || document.querySelector(":popover-open")) return false;
    return isCharacter(key) ? singleKeys.get() : !target.closest?.(CONTROLS); // these press and move controls
  }
  return !key.startsWith("Alt+") || !isTyping(target) || isEmptyText(target);
}

export function useKeyboard(table) {
  useEffect(() => {
    const bound = table.filter(({ local }) => !local).flatMap((row) => row.keys.map((key) => [row, key]));
    const apple = { isApple: isApple() };
    const onKey = (event) => {
      if (event.defaultPrevented) return;
      for (const [row, key] of bound) {
        if (!matches(event, key, apple) || !isFor(row, key, event) || !canDo(row.id)) continue;
        event.preventDefault();
        if (!event.repeat) perform(row.id);
        return;
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [table]);
}
