/* The handle that resizes the inspector, with a pointer or the arrow keys. */

import { width } from "./opened.js";

const LEAST = 320; // px
const STEP = 32; // px with each arrow key
const MOST = 0.75; // of the window

const fit = (px) => Math.round(Math.min(Math.max(px, LEAST), window.innerWidth * MOST));
const percent = (px) => Math.round((px / window.innerWidth) * 100);

export function Edge({ box, label }) {
  const size = width.use();
  const onPointerDown = (event) => event.currentTarget.setPointerCapture(event.pointerId);
  const onPointerMove = ({ currentTarget, pointerId, clientX }) => {
    if (currentTarget.hasPointerCapture(pointerId)) width.set(fit(window.innerWidth - clientX));
  };
  const onKeyDown = (event) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    width.set(fit((size || box.current.offsetWidth) + by));
  };
  return (
    <div
      className="panel-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={percent(size || (box.current?.offsetWidth ?? 0))}
      tabIndex={0}
      {...{ onPointerDown, onPointerMove, onKeyDown }}
    />
  );
}
