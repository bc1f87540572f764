/* A page that a model wrote. It is shown without its scripts until the person runs it, and never reaches the
   app or the network: see assets/frames/preview.html, which is the frame around it.

   A script that never ends blocks what shares a process with it. Browsers with site isolation, such as Chrome
   on desktops, give sandboxed frames a process of their own, so that "Stop" works; in others the tab has to
   be closed, and after a reload nothing runs. */

import { useEffect, useRef, useState } from "react";
import Play from "lucide-react/dist/esm/icons/play.mjs";
import Square from "lucide-react/dist/esm/icons/square.mjs";
import { useWords } from "../shared/words.jsx";

const FRAME = "/frames/preview.html";
const IDLE = "idle";
const RUNNING = "running";
const LEFT = "left"; // it tried to load another address, and was removed

/* Has a frame show the page; `onLeft` is called if the page tries to leave. Returns what ends that. */
function show(frame, page, onLeft) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = onLeft;
  // The frame has an opaque origin, which no target can name; what it gets is what it shows.
  frame.contentWindow.postMessage(page, "*", [port2]);
  return () => port1.close();
}

export function Preview({ text, name }) {
  const { preview } = useWords();
  const frame = useRef(null);
  // A page that changes does not run until it is run again. Each turn has a frame of its own, for one in which
  // a script never ends cannot be told to stop.
  const [{ of, as, turn }, setState] = useState({ of: text, as: IDLE, turn: 0 });
  const [loaded, setLoaded] = useState(-1);
  const state = of === text ? as : IDLE;
  const runs = state === RUNNING;
  const press = () => setState({ of: text, as: runs ? IDLE : RUNNING, turn: turn + 1 });
  useEffect(() => {
    if (loaded !== turn || state === LEFT) return undefined;
    const onLeft = () => setState({ of: text, as: LEFT, turn });
    return show(frame.current, { text, runs, title: name }, onLeft);
  }, [loaded, turn, state, text, name]);
  const Icon = runs ? Square : Play;
  return (
    <>
      <div className="preview-bar">
        <button type="button" className="button" onClick={press}>
          <Icon size="0.8125rem" strokeWidth={2} aria-hidden="true" />
          {runs ? preview.stop : preview.run}
        </button>
        <p role="status">{preview[state]}</p>
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
