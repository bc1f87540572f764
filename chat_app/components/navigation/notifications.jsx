/* The browser's notifications, for who asked for them: a thread needs the person, or is done, while no tab of
   the app is visible. Of several tabs one notifies. */

import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import Bell from "lucide-react/dist/esm/icons/bell.mjs";
import BellRing from "lucide-react/dist/esm/icons/bell-ring.mjs";
import { announce } from "../shared/announce.js";
import { icon } from "./favicon.js";
import { subscribe } from "./news.js";

const CHOICE = "chat_notify";
const TOLD = "chat_notified";
const VISIBLE = "chat_visible"; // a lock that every visible tab has
const ONCE_WITHIN = 15_000; // ms; all tabs hear of an event within that
const CHANGED = "notifychange";

const isPossible = () => Boolean(window.Notification && navigator.locks);
const isOn = () => isPossible() && Notification.permission === "granted" && stored(CHOICE) === "on";

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage full or forbidden: the choice is forgotten with the page.
  }
}

function told() {
  try {
    const fresh = Object.entries(JSON.parse(stored(TOLD)) ?? {}).filter(([, at]) => Date.now() - at < ONCE_WITHIN);
    return Object.fromEntries(fresh);
  } catch {
    return {};
  }
}

async function notify({ id, title, mark }, { words, navigate }) {
  await navigator.locks.request(TOLD, async () => {
    const { held } = await navigator.locks.query();
    const known = told();
    const event = `${id} ${mark}`;
    if (event in known || held.some(({ name }) => name === VISIBLE)) return;
    store(TOLD, JSON.stringify({ ...known, [event]: Date.now() }));
    const isPresented = document.documentElement.hasAttribute("data-presentation"); // titles of chats are private
    const shown = new Notification(isPresented ? document.title : title, { body: words[mark], tag: id, icon: icon() });
    shown.onclick = () => {
      window.focus();
      navigate(`/t/${id}`);
      shown.close();
    };
  });
}

export function useNotifications(visible, words) {
  const now = useRef();
  now.current = { navigate: useNavigate(), words };
  useEffect(() => {
    if (!visible || !isPossible()) return;
    let release = () => {};
    const left = new Promise((resolve) => (release = resolve));
    navigator.locks.request(VISIBLE, { mode: "shared" }, () => left);
    return release;
  }, [visible]);
  useEffect(
    () =>
      subscribe((news) => {
        if (document.visibilityState === "visible" || !isOn()) return;
        // Some browsers show notifications of service workers only, and throw.
        for (const event of news) notify(event, now.current).catch(() => {});
      }),
    [], // a subscription that is renewed with each list would miss the news in it
  );
}

export function NotifyButton({ words }) {
  const [pressed, setPressed] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const read = () => setPressed(isOn());
    read();
    window.addEventListener("storage", read);
    window.addEventListener(CHANGED, read);
    return () => {
      window.removeEventListener("storage", read);
      window.removeEventListener(CHANGED, read);
    };
  }, []);
  const press = async () => {
    setProblem("");
    const fail = (sentence) => {
      setProblem(sentence);
      announce(sentence);
    };
    if (!isPossible()) return fail(words.impossible);
    const wanted = !isOn();
    if (wanted && (await Notification.requestPermission()) !== "granted") return fail(words.denied);
    store(CHOICE, wanted ? "on" : "off");
    window.dispatchEvent(new Event(CHANGED));
  };
  const Icon = pressed ? BellRing : Bell;
  return (
    <>
      {problem && <p className="side-note" data-testid="notify-problem">{problem}</p>}
      <button
        type="button"
        className="icon-button"
        aria-label={words.notify}
        title={words.means}
        aria-pressed={pressed}
        onClick={press}
        data-command="notify"
        data-testid="notify"
      >
        <Icon size="1.0625rem" strokeWidth={1.7} aria-hidden="true" />
      </button>
    </>
  );
}
