/* Where the keyboard's focus belongs while the agent asks, and whether the person is typing: a person who
   types is never moved. */

import { wasGivenFocus } from "../shared/lost_focus.js";

const TYPING = 1000; // ms after the last key in a text box that was emptied
const FRAMES = 40; // to wait until a card is rendered, enabled and scrolled into view
const WRITABLE = "textarea, input:not([type=checkbox], [type=radio], [type=button]), [contenteditable=true]";
const FIELD = ".ask-fields :is(input, select, textarea, button):enabled";

/* On a phone, focus would open the keyboard over the conversation. */
export const hasKeyboard = () => !window.matchMedia("(pointer: coarse)").matches;

let typed = { in: null, at: 0 };
let inCard = null; // the card that has the focus, or had it when it was disabled or removed
function remember({ target }) {
  const card = target.closest?.(".ask");
  if (card) inCard = card;
  else if (inCard?.isConnected && !inCard.ariaBusy) inCard = null;
}
if (typeof document !== "undefined") {
  document.addEventListener("focusin", remember);
  document.addEventListener("input", ({ target }) => (typed = { in: target, at: Date.now() }), true);
}
/** Whether the focus was in this card when it was disabled, and no other text box has it. */
export const hadFocus = (card) => inCard === card && !isTyping();
/** What was typed is sent. */
export const stopTyping = () => (typed = { in: null, at: 0 });

export function isTyping() {
  const element = document.activeElement;
  if (!element?.matches(WRITABLE) || typed.in !== element) return false;
  return Boolean((element.value ?? element.innerText).trim()) || Date.now() - typed.at < TYPING;
}

export const cardOf = (key) => document.querySelector(`.ask[data-ask="${CSS.escape(key)}"]`);
export const composerBox = () => document.querySelector('[data-testid="composer"]');

/** The element of a card that gets the focus: the card itself where its keys decide. */
function targetIn(card) {
  const { kind } = card.dataset;
  if (kind === "review") {
    const actions = card.querySelectorAll(".ask-action");
    if (actions.length < 2) return card;
    return card.querySelector(".ask-action:not([data-decided])") ?? card.querySelector(".ask-all");
  }
  if (kind === "form") return card.querySelector(`${FIELD}, .ask-options button:enabled`);
  if (kind === "pause") return card.querySelector(".ask-buttons button:enabled");
  return card.querySelector("textarea:enabled") ?? composerBox();
}

const LEADS_HERE = ".inbox-link, .inbox-ways a, .inbox-list:not([data-arrows]) a";

/* Whether the focus may be taken: it is nowhere, in the conversation, in a composer that is not typed in, on
   what was pressed to get to the question, or where it fell as the card before was disabled. */
function isFree() {
  const element = document.activeElement;
  if (!element || element === document.body || wasGivenFocus(element)) return true;
  return element.matches(`.scroll, .composer, .composer *, ${LEADS_HERE}`) && !isTyping();
}

function isInView(card) {
  const { top, bottom } = card.getBoundingClientRect();
  const frame = card.closest(".scroll")?.getBoundingClientRect();
  return !frame || (top < frame.bottom - 8 && bottom > frame.top + 8);
}

function give(target, card) {
  // A card as a whole is as high as the window, or higher; a field has to be seen.
  target.focus({ preventScroll: target === card });
}

/** Waits until `ready` gives something, for some frames; returns the function that gives up. */
function whenReady(ready, then) {
  let frame = 0;
  let left = FRAMES;
  const look = () => {
    const found = ready();
    if (found) then(found);
    else if (left-- > 0) frame = requestAnimationFrame(look);
  };
  frame = requestAnimationFrame(look);
  return () => cancelAnimationFrame(frame);
}

const enabled = (key) => () => {
  const card = cardOf(key);
  const target = card && !card.ariaBusy && targetIn(card);
  return target && { card, target };
};

/** The card has come: it gets the focus, unless the person is busy elsewhere or reads further up. `done` is
    called once that is decided. */
export function arrive(key, done) {
  if (!hasKeyboard()) {
    return whenReady(() => cardOf(key), (card) => {
      done();
      card.scrollIntoView({ block: "nearest" });
    });
  }
  const ready = () => [...document.querySelectorAll(".ask")].some(isInView) && enabled(key)();
  return whenReady(ready, ({ card, target }) => {
    done();
    // When the card before is disabled, the focus falls back to a button of this one.
    const element = document.activeElement;
    const isFallback = card.contains(element) && !element.matches(WRITABLE);
    if (!isFree() && !isFallback) return;
    if (!isInView(card)) card.scrollIntoView({ block: "start" }); // the first of several cards
    give(target, card);
  });
}

/** The person has to decide there first. */
export function lead(key) {
  return whenReady(enabled(key), ({ card, target }) => {
    if (!isInView(card)) card.scrollIntoView({ block: "end" });
    if (hasKeyboard() || !target.matches(WRITABLE)) give(target, card);
    else card.focus();
  });
}

/** A card is gone, and the focus with it: the composer gets it. Returns whether a card that is left shall have
    it from there, as soon as it can be used. */
export function restore(isOneLeft) {
  const wasInside = inCard !== null && !inCard.isConnected;
  if (wasInside) inCard = null;
  if (!hasKeyboard() || !(wasInside || document.activeElement === document.body)) return false;
  composerBox()?.focus({ preventScroll: true });
  return isOneLeft;
}
