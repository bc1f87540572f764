/* Which part of a drawing is seen: `{ x, y, scale }`, where the unit at 0, 0 is in the frame, and pixels for a unit.
   A frame has `width` and `height` in pixels, a drawing in units. */

const MARGIN = 16; // px around the whole drawing
const MOST = 3; // times the size at which names have their usual size
const LEAST = 0.02;

/** The middle of the drawing in the middle of the frame at `scale`. */
const middle = ({ width, height }, frame, scale) => ({
  x: (frame.width - width * scale) / 2, y: (frame.height - height * scale) / 2, scale,
});

const wholeScale = (drawing, frame) =>
  Math.min((frame.width - 2 * MARGIN) / Math.max(drawing.width, 1), (frame.height - 2 * MARGIN) / Math.max(drawing.height, 1));

/** All of the drawing, not larger than its usual size, which is `unit` pixels for a unit. */
export function whole(drawing, frame, unit) {
  return middle(drawing, frame, Math.max(Math.min(wholeScale(drawing, frame), unit), LEAST * unit));
}

/** What is seen first: all of the drawing where its names can be read then; else the box of `from`, from which
    the rest is to be found, at a scale at which they can. `readable` is that scale. */
export function firstView(drawing, frame, { unit, readable, from }) {
  const all = whole(drawing, frame, unit);
  if (all.scale >= readable || !from) return all;
  const camera = centred(from, frame, readable);
  const along = (at, length, size) =>
    length * readable + 2 * MARGIN <= size
      ? (size - length * readable) / 2
      : Math.max(Math.min(at, MARGIN), size - length * readable - MARGIN);
  return {
    x: along(camera.x, drawing.width, frame.width), y: along(camera.y, drawing.height, frame.height), scale: readable,
  };
}

/** The middle of a box in the middle of the frame. */
export const centred = ({ x, y, width, height }, frame, scale) => ({
  x: frame.width / 2 - (x + width / 2) * scale, y: frame.height / 2 - (y + height / 2) * scale, scale,
});

/** Zooms by a factor; what is at `point` of the frame stays there. */
export function zoomed(camera, factor, point, unit) {
  const scale = Math.min(Math.max(camera.scale * factor, LEAST * unit), MOST * unit);
  const by = scale / camera.scale;
  return { x: point.x - (point.x - camera.x) * by, y: point.y - (point.y - camera.y) * by, scale };
}

export const moved = (camera, by) => ({ ...camera, x: camera.x + by.x, y: camera.y + by.y });

/** Moves the drawing back where nothing of it would be seen but its margin. */
export function kept(camera, drawing, frame) {
  const along = (at, length, size) => {
    const within = Math.min(length * camera.scale, size) / 2; // so much of it stays in the frame
    return Math.min(Math.max(at, within - length * camera.scale), size - within);
  };
  return { ...camera, x: along(camera.x, drawing.width, frame.width), y: along(camera.y, drawing.height, frame.height) };
}

/** Moves as little as possible until the box is seen, with some room around it. */
export function revealed(camera, box, frame) {
  const along = (at, begin, length, size) => {
    const room = Math.min(24, size / 8);
    const [first, last] = [at + begin * camera.scale, at + (begin + length) * camera.scale];
    if (last - first > size - 2 * room) return at + size / 2 - (first + last) / 2;
    if (first < room) return at + room - first;
    return last > size - room ? at + size - room - last : at;
  };
  return {
    ...camera,
    x: along(camera.x, box.x, box.width, frame.width),
    y: along(camera.y, box.y, box.height, frame.height),
  };
}

/** The part of the drawing that is seen, in units. */
export const seen = ({ x, y, scale }, frame) => ({
  x: -x / scale, y: -y / scale, width: frame.width / scale, height: frame.height / scale,
});
