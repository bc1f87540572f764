/* Where the boxes and edges of a graph are drawn. Lengths are in units, 16 of them one rem at a zoom of 1.

   Each open group is laid out by itself, from the innermost outwards, and is one box in the group around it.
   `dagre` (given, as it is loaded on demand) lays out what has edges; boxes without any are put in rows after it. */

import { ENTRY, EXIT } from "./graph_fold.js";

const GAP = 28; // between boxes side by side
const RANKS = 40; // from one row to the next
const PADDING = 18; // inside a group
const HEAD = 30; // the name of a group
const POINT = 8; // an entry or exit
const LOOP = 26; // room for an edge from a box to itself
const MANY = 150; // boxes that take too long for the better way to find rows

const ENOUGH = 0.75; // times the usual size: so large a drawing is never turned
const MUCH = 1.5;

const isFinitePoint = ({ x, y }) => Number.isFinite(x) && Number.isFinite(y);

/* Boxes and edges by dagre, under numbers for names. Raises what dagre raises, and where it leaves a place open. */
function byDagre(dagre, boxes, edges, direction) {
  const graph = new dagre.Graph({ multigraph: true });
  graph.setGraph({
    rankdir: direction, nodesep: GAP, ranksep: RANKS, edgesep: 14, ranker: boxes.length > MANY ? "tight-tree" : "network-simplex",
  });
  const numbers = new Map(boxes.map(({ id }, number) => [id, String(number)]));
  for (const { id, width, height } of boxes) graph.setNode(numbers.get(id), { width, height });
  edges.forEach(({ from, to, width, height }, number) =>
    graph.setEdge(numbers.get(from), numbers.get(to), { width, height, labelpos: "c" }, String(number)));
  dagre.layout(graph);
  const places = boxes.map((box) => {
    const { x, y } = graph.node(numbers.get(box.id));
    return { id: box.id, x: x - box.width / 2, y: y - box.height / 2 };
  });
  const lines = edges.map(({ from, to }, number) => {
    const { points, x, y } = graph.edge(numbers.get(from), numbers.get(to), String(number));
    return { points, at: { x, y } };
  });
  if (![...places, ...lines.flatMap(({ points }) => points)].every(isFinitePoint)) throw new Error("no place");
  const { width, height } = graph.graph();
  return { places, lines, width, height };
}

/* Rows of boxes, about as wide as high. */
function inRows(boxes, least) {
  const area = boxes.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const most = Math.max(least, Math.sqrt(area) * 1.3);
  const places = [];
  let [x, y, high, wide] = [0, 0, 0, 0];
  for (const { id, width, height } of boxes) {
    if (x && x + width > most) [x, y, high] = [0, y + high + GAP, 0];
    places.push({ id, x, y });
    x += width + GAP;
    high = Math.max(high, height);
    wide = Math.max(wide, x - GAP);
  }
  return { places, width: wide, height: y + high };
}

/* Straight lines between the middles of boxes that no library has laid out. */
function straight(places, boxes, edges) {
  const sizes = new Map(boxes.map((box) => [box.id, box]));
  const middles = new Map(
    places.map(({ id, x, y }) => [id, { x: x + sizes.get(id).width / 2, y: y + sizes.get(id).height / 2 }]),
  );
  return edges.map(({ from, to }) => {
    const points = [middles.get(from), middles.get(to)];
    return { points, at: { x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2 } };
  });
}

function arranged(dagre, boxes, edges, direction) {
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const [with_, without] = [boxes.filter(({ id }) => linked.has(id)), boxes.filter(({ id }) => !linked.has(id))];
  let main = { places: [], lines: [], width: 0, height: 0 };
  if (with_.length) {
    try {
      main = byDagre(dagre, with_, edges, direction);
    } catch {
      const rows = inRows(with_, 0);
      main = { ...rows, lines: straight(rows.places, with_, edges) };
    }
  }
  if (!without.length) return main;
  const rows = inRows(without, main.width);
  const below = main.height && main.height + RANKS;
  return {
    places: [...main.places, ...rows.places.map(({ id, x, y }) => ({ id, x, y: y + below }))],
    lines: main.lines,
    width: Math.max(main.width, rows.width),
    height: below + rows.height,
  };
}

/* Entries and exits need less room before the next row than boxes do: as much is taken away there. */
const SPARED = 20;

function tightened(layer, ends, direction) {
  const [axis, length] = direction === "TB" ? ["y", "height"] : ["x", "width"];
  const { places, lines } = layer;
  const others = places.filter(({ id }) => !ends.has(id));
  const bounds = others.map(({ id, ...at }) => [at[axis], at[axis] + layer.sizes.get(id)[length]]);
  const first = Math.min(...bounds.map(([begin]) => begin));
  const last = Math.max(...bounds.map(([, end]) => end));
  const dots = places.filter(({ id }) => ends.has(id));
  const before = dots.some((dot) => dot[axis] + POINT < first - SPARED) ? SPARED : 0;
  const after = dots.some((dot) => dot[axis] > last + SPARED) ? SPARED : 0;
  const shift = (at) => Math.max(at - before, Math.min(at, POINT)) - (at > last + SPARED ? after : 0);
  const shifted = (point) => ({ ...point, [axis]: shift(point[axis]) });
  return {
    ...layer,
    places: places.map(shifted),
    lines: lines.map(({ points, at }) => ({ points: points.map(shifted), at: shifted(at) })),
    [length]: layer[length] - before - after,
  };
}

/** Lays out what `folded` shows. `sizes` has by id the `width` and `height` of a node or closed group, and of an open
    group the least `width` for its name; `labels` those of the labels of the pieces, in their order.

    Returns `width` and `height` of all; `boxes` by id, each with `x`, `y`, `width` and `height`; `lines`, for each of
    the pieces its `points` and the middle of its label, `at`; and `points`, the entries and exits. */
export function laidOut(dagre, { boxes, pieces }, { sizes, labels, direction = "TB" }) {
  const inside = new Map([["", []]]);
  for (const box of boxes) {
    if (box.isOpen) inside.set(box.id, []);
    inside.get(box.group).push(box);
  }
  const drawn = { boxes: new Map(), lines: new Array(pieces.length), points: [] };
  const layers = new Map();
  for (const group of [...inside.keys()].reverse()) {
    const own = pieces.flatMap((piece, number) => (piece.within === group ? [{ piece, number }] : []));
    const loops = new Set(own.flatMap(({ piece: { source, target } }) => (source && source === target ? [source] : [])));
    const sized = inside.get(group).map((box) => {
      const layer = layers.get(box.id);
      const size = sizes.get(box.id);
      const { width, height } = layer
        ? { width: Math.max(layer.width + 2 * PADDING, size.width), height: layer.height + HEAD + PADDING }
        : size;
      return { id: box.id, width: width + (loops.has(box.id) ? 2 * LOOP : 0), height };
    });
    const crossing = own.filter(({ piece }) => piece.source !== piece.target || piece.via);
    const ends = [ENTRY, EXIT].filter((via) => crossing.some(({ piece }) => piece.via === via));
    const at = (via) => `${via} of ${group}`;
    for (const via of ends) sized.push({ id: at(via), width: POINT, height: POINT });
    const edges = crossing.map(({ piece, number }) => ({
      from: piece.source || at(ENTRY), to: piece.target || at(EXIT), ...labels[number],
    }));
    const found = { ...arranged(dagre, sized, edges, direction), sizes: new Map(sized.map((box) => [box.id, box])) };
    const layer = ends.length ? tightened(found, new Set(ends.map(at)), direction) : found;
    layers.set(group, { ...layer, crossing, own, loops, ends, at });
  }
  const place = (group, left, top) => {
    const { places, lines, sizes: sized, crossing, own, loops, ends, at } = layers.get(group);
    const found = new Map(places.map((one) => [one.id, one]));
    const moved = ({ x, y }) => ({ x: x + left, y: y + top });
    for (const box of inside.get(group)) {
      const { x, y } = moved(found.get(box.id));
      const { width, height } = sized.get(box.id);
      const aside = loops.has(box.id) ? LOOP : 0;
      const frame = { x: x + aside, y, width: width - 2 * aside, height };
      drawn.boxes.set(box.id, frame);
      if (!layers.has(box.id)) continue;
      const spare = frame.width - layers.get(box.id).width;
      place(box.id, frame.x + spare / 2, y + HEAD);
    }
    for (const via of ends) {
      const { x, y } = moved(found.get(at(via)));
      drawn.points.push({ group, via, x: x + POINT / 2, y: y + POINT / 2 });
    }
    const docked = (point, id) => (loops.has(id) ? nearest(point, drawn.boxes.get(id)) : point);
    crossing.forEach(({ piece, number }, index) => {
      const points = lines[index].points.map(moved);
      points[0] = docked(points[0], piece.source);
      points.push(docked(points.pop(), piece.target));
      drawn.lines[number] = { points, at: moved(lines[index].at) };
    });
    for (const { piece, number } of own)
      if (piece.source && piece.source === piece.target) drawn.lines[number] = loop(drawn.boxes.get(piece.source));
  };
  place("", 0, 0);
  const { width, height } = layers.get("");
  return { ...drawn, width, height };
}

const between = (at, first, last) => Math.min(Math.max(at, first), last);
const nearest = ({ x, y }, box) => ({ x: between(x, box.x, box.x + box.width), y: between(y, box.y, box.y + box.height) });

/** The layout from top to bottom, or from left to right where that is seen much larger in the frame: it has `width`
    and `height` in pixels, and `unit` pixels for a unit at the usual size. */
export function fitting(dagre, folded, { frame, ...options }) {
  const down = laidOut(dagre, folded, options);
  const scale = ({ width, height }) => Math.min(frame.width / width, frame.height / height) / frame.unit;
  if (scale(down) > ENOUGH) return down;
  const across = laidOut(dagre, folded, { ...options, direction: "LR" });
  return scale(across) > MUCH * scale(down) ? across : down;
}

/* From the right side of a box and back to it. */
function loop({ x, y, width, height }) {
  const right = x + width;
  const middle = y + Math.min(height / 2, 20);
  const [out, up, down] = [right + LOOP * 0.9, middle - 9, middle + 9];
  return {
    points: [{ x: right, y: up }, { x: out, y: up - 6 }, { x: out, y: down + 6 }, { x: right, y: down }],
    at: { x: out, y: middle },
  };
}

const halfway = (one, other) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
const told = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** A smooth SVG path through the middles between `points`, from the first to the last. */
export function smooth(points) {
  if (points.length < 3) return `M${points.map(told).join("L")}`;
  const middles = points.slice(1).map((point, at) => halfway(points[at], point));
  const bends = middles.slice(1).map((middle, at) => `Q${told(points[at + 1])} ${told(middle)}`);
  return `M${told(points[0])}L${told(middles[0])}${bends.join("")}L${told(points.at(-1))}`;
}

/** The arrow at the end of a line: a triangle of this length. */
export function arrow(points, length) {
  const tip = points.at(-1);
  const before = points.findLast(({ x, y }) => Math.hypot(x - tip.x, y - tip.y) > 0.5) ?? { x: tip.x, y: tip.y - 1 };
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const corner = (turn) => told({ x: tip.x - length * Math.cos(angle + turn), y: tip.y - length * Math.sin(angle + turn) });
  return `M${told(tip)}L${corner(0.42)}L${corner(-0.42)}Z`;
}
