/* A page that a model wrote. It is shown without its scripts until the person runs it, and never reaches the
   app or the network: see assets/frames/preview.html, which is the frame around it.

   A script that never ends blocks what shares a process with it. Browsers with site isolation, such as Chrome
   on desktops, give sandboxed frames a process of their own: the bar says that the page does not respond, and
   "Stop" works. In others the tab has to be closed or reloaded, which is said before; after that nothing runs. */

import { useEffect, useRef, useState } from "react";
import Play from "lucide-react/dist/esm/icons/play.mjs";
import Square from "lucide-react/dist/esm/icons/square.mjs";
import { at } from "../shared/base.js";
import { useWords } from "../shared/words.jsx";

const FRAME = at("/frames/preview.html");
const IDLE = "idle";
const RUNNING = "running";
const LEFT = "left"; // it tried to load another address, and was removed
const NOTES = ["failed", "blocked"];
const ASK_EVERY = 1000; // ms
const MOST_MISSING = 3; // answers, until a page is said not to respond

/* Whether a script that never ends blocks this page as well, as far as is known. */
const sharesProcess = () => navigator.userAgentData?.mobile !== false;

/* Has a frame show the page. `onSaid` is called with what is said of it: `left`, `failed` or `blocked`;
   `onStuck` with whether it does not respond. Returns what ends that. */
function show(frame, page, onSaid, onStuck) {
  const { port1, port2 } = new MessageChannel();
  let missing = 0;
  port1.onmessage = ({ data }) => {
    if (missing >= MOST_MISSING) onStuck(false);
    missing = 0;
    if (data === LEFT || NOTES.includes(data)) onSaid(data);
  };
  // The frame has an opaque origin, which no target can name; what it gets is what it shows.
  frame.contentWindow.postMessage(page, "*", [port2]);
  const ask = () => {
    missing += 1;
    if (missing === MOST_MISSING) onStuck(true);
    port1.postMessage("responds?");
  };
  const timer = page.runs ? setInterval(ask, ASK_EVERY) : 0;
  return () => {
    clearInterval(timer);
    port1.close();
  };
}

export function Preview({ text, name }) {
  const { preview } = useWords();
  const frame = useRef(null);
  // A page that changes does not run until it is run again. Each turn has a frame of its own, for one in which
  // a script never ends cannot be told to stop.
  const [{ of, as, turn }, setState] = useState({ of: text, as: IDLE, turn: 0 });
  const [loaded, setLoaded] = useState(-1);
  const [notes, setNotes] = useState({});
  const state = of === text ? as : IDLE;
  const runs = state === RUNNING;
  const press = () => setState({ of: text, as: runs ? IDLE : RUNNING, turn: turn + 1 });
  useEffect(() => {
    if (loaded !== turn || state === LEFT) return undefined;
    const note = (what, is) => setNotes((now) => ({ ...now, [what]: is }));
    const onSaid = (what) => (what === LEFT ? setState({ of: text, as: LEFT, turn }) : note(what, true));
    setNotes({});
    return show(frame.current, { text, runs, title: name }, onSaid, (is) => note("stuck", is));
  }, [loaded, turn, state, text, name]);
  const Icon = runs ? Square : Play;
  const noted = NOTES.filter((one) => notes[one] && loaded === turn && state !== LEFT);
  const hints = state === IDLE && sharesProcess() ? ["shared"] : [];
  const isStuck = runs && notes.stuck && loaded === turn;
  return (
    <>
      <div className="preview-bar">
        <button type="button" className="button" onClick={press}>
          <Icon size="0.8125rem" strokeWidth={2} aria-hidden="true" />
          {runs ? preview.stop : preview.run}
        </button>
        <p role="status">{(isStuck ? ["stuck"] : [state, ...noted, ...hints]).map((one) => preview[one]).join(" ")}</p>
      </div>
      <iframe
        key={turn}
        ref={frame}
        className="preview"
        title={name}
        sandbox="allow-scripts"
        src={FRAME}
        onLoad={() => setLoaded(turn)}
      />
    </>
  );
}
