/* What the nodes of a graph did: the spans of a run, by the box of the drawing that each belongs to. */

const OF_NODES = "node"; // the kind of span; those of tools are within them

/* The path of names to a span's node, without the ids of tasks. */
const pathOf = ({ namespace, name }) => [...namespace.map((part) => part.replace(/:[^:]*$/, "")), name];

/* A node of an agent that the drawing does not have, as one that a tool runs, belongs to the innermost node above it
   that is drawn. */
function placeOf(path, known) {
  for (let end = path.length; end; end -= 1) {
    const id = path.slice(0, end).join(":");
    if (known.has(id)) return { id, isOwn: end === path.length };
  }
  return null;
}

/** By the id of a box: `count`, how often it ran, its `state`, and its `steps` in their order.

    `spans` are rows of the timeline by their ids, `boxes` what is shown; `parents` has for every node and group of the graph the
    group that it is in. */
export function ran(spans, boxes, parents) {
  const shown = new Set(boxes.map(({ id }) => id));
  const found = new Map();
  for (const span of spans.values()) {
    const place = span.kind === OF_NODES && placeOf(pathOf(span), parents);
    if (!place) continue;
    let { id } = place;
    let isOwn = place.isOwn;
    while (id && !shown.has(id)) [id, isOwn] = [parents.get(id), false];
    if (!id) continue;
    const runs = found.get(id) ?? { count: 0, state: "", steps: [] };
    if (isOwn) {
      runs.count += 1;
      runs.steps.push(span);
      runs.state = span.state;
    }
    found.set(id, runs);
  }
  // A node that goes several times at once is lit for as long as one of them goes.
  for (const runs of found.values())
    if (runs.steps.some(({ state }) => state === "running")) runs.state = "running";
  return found;
}

/** The boxes that run, the innermost first. */
export const running = (boxes, runs) =>
  boxes.filter(({ id }) => runs.get(id)?.state === "running").toSorted((one, other) => other.level - one.level).map(({ id }) => id);
