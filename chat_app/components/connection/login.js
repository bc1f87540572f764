/* Whether the person is still signed in. A page whose socket is refused or closed asks the app over HTTP: one
   whose login has ended goes to the sign-in page and comes back from there, to the same chat and draft. */

import { at, here } from "../shared/base.js";

/* What the app has said of it in the head of the page (see middleware/authentication.py): the person as an opaque
   key, empty for an anonymous one. */
const login = globalThis.window?.chatLogin;
const person = login?.person;
const forget = () => login?.forget();

const ADDRESS = at("/_login"); // WHO_AM_I in middleware/authentication.py
const PATIENCE = 6000; // ms
const BRIEF = 5000; // ms
const APART = 20_000; // ms between two losses of the connection
const place = () => here() + location.search;

let asked = null;
let isLeaving = false;
let hasTooMany = false;

/** Whether the page is about to be replaced. */
export const leaves = () => isLeaving;

/** Whether the app refuses another socket, by its last answer. */
export const isCrowded = () => hasTooMany;

/** The person has pressed a button that signs out: the form takes the page away. */
export function signsOut() {
  isLeaving = true;
  forget();
}

function leave(address) {
  isLeaving = true;
  const url = new URL(address, location.origin);
  // Without a reason the cookie is gone: the person has signed out in another tab of this browser.
  if (person && !url.searchParams.has("reason")) {
    forget();
    url.searchParams.set("reason", "signed-out");
  }
  if (place() !== "/") url.searchParams.set("next", place());
  location.replace(url);
}

async function ask(method) {
  try {
    const answer = await fetch(ADDRESS, { method, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const now = await answer.json();
    hasTooMany = now.crowded === true;
    if (now.sign_in) leave(now.sign_in);
    else if (person !== undefined && now.person !== person) {
      isLeaving = true; // another person has signed in with this browser
      location.reload();
    }
  } catch {
    hasTooMany = false; // The app cannot be reached, or something else answers: the socket is tried again.
  }
  return !isLeaving;
}

/* An anonymous person's login ends when the browser's cookies are deleted, which is rare. A lost network is not, and
   the browser reports each request that fails: so the first seconds of a lost connection are not asked about. */
let lost = { at: 0, last: 0 };
function isBrief() {
  const now = Date.now();
  lost = { at: now - lost.last > APART ? now : lost.at, last: now };
  return now - lost.at < BRIEF;
}

/** Returns whether the page stays. Asks once at a time. */
export function stays(method = "GET") {
  if (isLeaving) return Promise.resolve(false);
  if (person === "" && method === "GET" && isBrief()) {
    hasTooMany = false;
    return Promise.resolve(true);
  }
  asked ??= ask(method).finally(() => {
    asked = null;
  });
  return asked;
}

/* A login ends after a time without activity of the person, which the app hears of now and then. */
const every = login?.active;
let told = Date.now();

function act() {
  if (Date.now() - told < every) return;
  told = Date.now();
  stays("POST");
}

if (every) for (const event of ["keydown", "pointerdown", "wheel"]) addEventListener(event, act, { capture: true, passive: true });

/* A page that was opened without a login. */
if (login?.sign_in) leave(login.sign_in);

/* A page that the browser kept, and shows again by its back button. */
globalThis.window?.addEventListener("pageshow", (event) => event.persisted && stays());
