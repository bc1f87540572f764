/* The frame around the drawing, in which it is moved and zoomed: by wheel, drag, pinch, buttons and keys. */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import Maximize from "lucide-react/dist/esm/icons/maximize.mjs";
import Minus from "lucide-react/dist/esm/icons/minus.mjs";
import Plus from "lucide-react/dist/esm/icons/plus.mjs";
import { useArranged } from "./graph_arranging.js";
import { centred, firstView, kept, moved, revealed, seen, whole, zoomed } from "./graph_camera.js";
import { Drawing } from "./graph_drawing.jsx";
import { NAME } from "./graph_sizes.js";

const STEP = 1.25; // of the zoom, with a button or key
const BY_KEY = 56; // px
const CLICK = 4; // px that a pointer may move in a click
const READABLE = 10; // px of names that can be read well, at the usual size of text
const PER_WHEEL = 0.0016;
const PER_PINCH = 0.01; // a pinch on a trackpad is a wheel with Ctrl
const MINI = { width: 0.3, height: 0.42 }; // of the frame, at most
const LINES = 16; // px of a wheel that counts lines

const icon = { size: "1rem", strokeWidth: 1.7, "aria-hidden": true };
const MOVES = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ZOOMS = { "+": STEP, "=": STEP, "-": 1 / STEP, _: 1 / STEP };

/* Pixels for a unit at the usual size. */
const unitOf = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

const pointIn = (element, { clientX, clientY }) => {
  const { left, top } = element.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
};

function useFrame(element) {
  const [frame, setFrame] = useState(null);
  useLayoutEffect(() => {
    const measured = () =>
      setFrame({ width: element.current.clientWidth, height: element.current.clientHeight, unit: unitOf() });
    const observer = new ResizeObserver(measured);
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return frame;
}

/* A small picture of all of it, with the part that is seen; a click moves there. */
function MiniMap({ layout, runs, camera, frame, go }) {
  const part = seen(camera, frame);
  const isAll = part.x <= 1 && part.y <= 1 && part.x + part.width >= layout.width - 1 && part.y + part.height >= layout.height - 1;
  if (isAll) return null;
  const onPointerDown = (event) => {
    event.stopPropagation();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(event.currentTarget.getScreenCTM().inverse());
    go({ x: point.x, y: point.y, width: 0, height: 0 });
  };
  const line = Math.max(layout.width, layout.height) / 100;
  const shrunk = Math.min((frame.width * MINI.width) / layout.width, (frame.height * MINI.height) / layout.height);
  const size = { width: layout.width * shrunk + 8, height: layout.height * shrunk + 8 };
  return (
    <svg className="graph-mini" aria-hidden="true" viewBox={`0 0 ${layout.width} ${layout.height}`} style={size} {...{ onPointerDown }}>
      {layout.folded.boxes.map(({ id, isOpen }) => {
        const { x, y, width, height } = layout.boxes.get(id);
        return <rect key={id} data-state={runs.get(id)?.state} data-open={isOpen || undefined} {...{ x, y, width, height }} />;
      })}
      <rect className="graph-seen" x={part.x} y={part.y} width={part.width} height={part.height} strokeWidth={line} />
    </svg>
  );
}

export function Canvas({ plan, first, runs, chosen, running, measure, onChoose, words, label, children }) {
  const element = useRef(null);
  const frame = useFrame(element);
  const layout = useArranged(plan, frame);
  const [camera, setCamera] = useState(null);
  const isTouched = useRef(false); // a person has moved or zoomed it
  const pointers = useRef(new Map());
  const pressed = useRef(null);

  const change = useCallback(
    (next) => {
      isTouched.current = true;
      setCamera((now) => now && kept(next(now), layout, frame));
    },
    [layout, frame],
  );
  const zoom = (factor, point) =>
    change((now) => zoomed(now, factor, point ?? { x: frame.width / 2, y: frame.height / 2 }, frame.unit));
  const showAll = () => {
    isTouched.current = false;
    setCamera(whole(layout, frame, frame.unit));
  };

  useLayoutEffect(() => {
    if (!frame || !frame.width || !layout || isTouched.current) return;
    const start = layout.boxes.get(chosen || running[0] || first);
    setCamera(firstView(layout, frame, { unit: frame.unit, readable: (READABLE * frame.unit) / NAME, from: start }));
  }, [layout, frame]);
  useEffect(() => {
    if (frame && camera && layout) setCamera((now) => kept(now, layout, frame));
  }, [layout, frame]);
  const followed = chosen || (isTouched.current ? "" : running[0]);
  useEffect(() => {
    const box = layout?.boxes.get(followed);
    if (box && frame) setCamera((now) => now && revealed(now, box, frame));
  }, [followed, layout]);

  useEffect(() => {
    const onWheel = (event) => {
      event.preventDefault();
      const by = event.deltaMode === 1 ? event.deltaY * LINES : event.deltaY;
      zoom(Math.exp(-by * (event.ctrlKey ? PER_PINCH : PER_WHEEL)), pointIn(element.current, event));
    };
    element.current.addEventListener("wheel", onWheel, { passive: false }); // React's would be passive
    return () => element.current?.removeEventListener("wheel", onWheel);
  }, [change]);

  const onPointerDown = (event) => {
    if (event.button) return;
    pointers.current.set(event.pointerId, pointIn(element.current, event));
    pressed.current = { ...pointIn(element.current, event), node: event.target.closest("[data-node]")?.dataset.node };
  };
  const onPointerMove = (event) => {
    const last = pointers.current.get(event.pointerId);
    if (!last || !camera) return;
    const point = pointIn(element.current, event);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    const far = pressed.current && Math.hypot(point.x - pressed.current.x, point.y - pressed.current.y) > CLICK;
    if (!other && !far) return;
    if (far) {
      pressed.current = null;
      element.current.setPointerCapture(event.pointerId);
    }
    pointers.current.set(event.pointerId, point);
    if (other) {
      const [before, after] = [last, point].map((one) => Math.hypot(one.x - other.x, one.y - other.y));
      zoom(after / Math.max(before, 1), other);
    } else if (!pressed.current) change((now) => moved(now, { x: point.x - last.x, y: point.y - last.y }));
  };
  const onPointerEnd = (event) => {
    pointers.current.delete(event.pointerId);
    if (event.type === "pointerup" && pressed.current) onChoose(pressed.current.node ?? "");
    pressed.current = null;
  };
  const onKeyDown = (event) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || !frame) return;
    const [move, factor] = [MOVES[event.key], ZOOMS[event.key]];
    if (!move && !factor && event.key !== "0") return;
    event.preventDefault();
    event.stopPropagation();
    if (move) change((now) => moved(now, { x: move[0] * BY_KEY * frame.unit, y: move[1] * BY_KEY * frame.unit }));
    else if (factor) zoom(factor);
    else showAll();
  };
  const isReady = camera && frame && layout;
  return (
    <div className="graph-canvas">
      <div
        className="graph-view"
        ref={element}
        tabIndex={0}
        role="group"
        aria-label={words.drawing}
        aria-description={words.keys}
        data-testid="graph-view"
        data-took={layout ? Math.round(layout.took) : undefined}
        onPointerUp={onPointerEnd}
        onPointerCancel={onPointerEnd}
        {...{ onPointerDown, onPointerMove, onKeyDown }}
      >
        {isReady && <Drawing unit={frame.unit} {...{ layout, runs, chosen, camera, frame, measure, label }} />}
      </div>
      {isReady && (
        <MiniMap go={(box) => change((now) => centred(box, frame, now.scale))} {...{ layout, runs, camera, frame }} />
      )}
      <div className="graph-tools" role="group" aria-label={words.view}>
        {children}
        <button type="button" aria-label={words.zoomIn} title={words.zoomIn} onClick={() => zoom(STEP)}><Plus {...icon} /></button>
        <button type="button" aria-label={words.zoomOut} title={words.zoomOut} onClick={() => zoom(1 / STEP)}><Minus {...icon} /></button>
        <button type="button" aria-label={words.fit} title={words.fit} onClick={showAll}><Maximize {...icon} /></button>
      </div>
    </div>
  );
}
