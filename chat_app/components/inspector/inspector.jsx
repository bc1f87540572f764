/* The panel of the inspector and its button. Of its tabs only the one that is selected is on the page. */

import { Children, Suspense, useEffect, useId, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import Maximize2 from "lucide-react/dist/esm/icons/maximize-2.mjs";
import MessageSquare from "lucide-react/dist/esm/icons/message-square.mjs";
import ScanSearch from "lucide-react/dist/esm/icons/scan-search.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { useHint, useRow } from "../commands/hints.js";
import { useCommand } from "../commands/registry.js";
import { ErrorBoundary } from "../shared/error_boundary.jsx";
import { Edge } from "./edge.jsx";
import { chosenTab, opened, placeNow, wantedRun, wantedSpan, width } from "./opened.js";

const icon = { size: "1.0625rem", strokeWidth: 1.7, "aria-hidden": true };
const MOVES = { ArrowLeft: -1, ArrowRight: 1 };

let opener = null; // the element that gets the focus back

function open() {
  opener = document.activeElement;
  opened.set(true);
}

function close(box) {
  const hadFocus = box?.contains(document.activeElement);
  opened.set(false);
  const back = opener?.isConnected ? opener : document.querySelector(".inspector-button");
  const column = document.querySelector(".column");
  if (column) column.inert = false; // what gets the focus is in there
  if (hadFocus) back?.focus({ preventScroll: true });
  opener = null;
}

export function InspectorButton({ full }) {
  const { label } = useRow("inspector");
  const isOpen = opened.use();
  const hint = useHint("inspector", label);
  // The second click of a double one is no wish to close it.
  const onClick = ({ detail }) => detail < 2 && (isOpen ? close(document.querySelector(".inspector")) : open());
  if (full) return null;
  return (
    <button type="button" className="icon-button inspector-button" aria-label={label} aria-pressed={isOpen} {...{ onClick, ...hint }}>
      <ScanSearch {...icon} />
    </button>
  );
}

/* The tablist: one stop of the Tab key, arrow keys move and select. */
function TabList({ id, names, now, words }) {
  const list = useRef(null);
  useEffect(() => {
    const reveal = () => list.current.querySelector("[aria-selected=true]").scrollIntoView({ block: "nearest", inline: "nearest" });
    const observer = new ResizeObserver(reveal); // it calls at once, too
    observer.observe(list.current);
    return () => observer.disconnect();
  }, [now]);
  const onKeyDown = (event) => {
    const at = names.indexOf(now);
    const to = { Home: 0, End: names.length - 1 }[event.key] ?? at + (MOVES[event.key] ?? NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    const name = names.at(to % names.length);
    chosenTab.set(name);
    list.current.children[names.indexOf(name)].focus();
  };
  return (
    <div role="tablist" aria-label={words.tabs} ref={list} onKeyDown={onKeyDown}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${id}-${name}`}
          aria-selected={name === now}
          aria-controls={name === now ? `${id}-panel` : undefined}
          tabIndex={name === now ? 0 : -1}
          onClick={() => chosenTab.set(name)}
        >
          {words.tab[name]}
        </button>
      ))}
    </div>
  );
}

/* Follows the window, and the size of the text: the header grows with that. */
function usePlace(header) {
  const [place, setPlace] = useState(placeNow);
  useEffect(() => {
    const look = () => setPlace(placeNow());
    const observer = new ResizeObserver(look);
    observer.observe(header.current);
    window.addEventListener("resize", look);
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", look);
    };
  }, []);
  return place;
}

function Shown({ full, thread, gone, names, tab, words, children }) {
  const id = useId();
  const box = useRef(null);
  const header = useRef(null);
  const navigate = useNavigate();
  const fits = usePlace(header);
  const place = full ? "page" : fits;
  const chat = `/t/${thread}`;
  useCommand("close-inspector", {
    run: () => (full ? navigate(chat) : close(box.current)),
    isPossible: () => box.current?.contains(document.activeElement),
  });
  useEffect(() => {
    if (opener) box.current.querySelector("[aria-selected=true]").focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const column = place === "sheet" && document.querySelector(".column");
    if (column) column.inert = true;
    return () => {
      if (column) column.inert = false;
    };
  }, [place]);
  const size = width.use();
  const inspector = (
    <section
      className="inspector"
      ref={box}
      aria-label={words.inspector}
      data-place={place}
      style={size ? { "--inspector": `${size}px` } : undefined}
      data-testid="inspector"
    >
      {(place === "beside" || place === "over") && <Edge box={box} label={words.width} />}
      <header ref={header}>
        <TabList {...{ id, names, words }} now={tab} />
        {full ? (
          <Link to={chat} className="icon-button" aria-label={words.back} title={words.back}>
            <MessageSquare {...icon} />
          </Link>
        ) : (
          <>
            {thread && place !== "sheet" && (
              <Link to={`${chat}/inspect`} className="icon-button inspector-full" aria-label={words.full} title={words.full}>
                <Maximize2 {...icon} />
              </Link>
            )}
            <button type="button" className="icon-button" aria-label={words.close} title={words.close} onClick={() => close(box.current)}>
              <X {...icon} />
            </button>
          </>
        )}
      </header>
      <div className="inspector-body" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        <ErrorBoundary key={tab} source="">
          <Suspense fallback={<p className="inspector-note">{words.loading}</p>}>
            {gone ? <p className="inspector-note">{words.gone}</p> : Children.toArray(children)[names.indexOf(tab)]}
          </Suspense>
        </ErrorBoundary>
      </div>
    </section>
  );
  if (!full) return inspector;
  return (
    <main className="inspector-page">
      <h1 className="unseen">{words.inspector}</h1>
      {inspector}
    </main>
  );
}

export function Inspector({ here, full, names, known, onShow, ...rest }) {
  const { thread } = rest;
  const isOpen = opened.use();
  const chosen = chosenTab.use();
  const tab = names.includes(chosen) ? chosen : names[0];
  const isShown = here && (isOpen || full);
  useCommand("inspector", {
    run: () => (isOpen ? close(document.querySelector(".inspector")) : open()),
    isOn: () => isOpen,
    isPossible: () => here && !full,
  });
  useEffect(() => {
    onShow(isShown, tab);
  }, [isShown, tab, known]);
  useEffect(() => () => {
    wantedRun.set(""); // it is one of the thread that was left
    wantedSpan.set("");
  }, [thread]);
  return isShown ? <Shown {...{ full, names, tab }} {...rest} /> : null;
}
