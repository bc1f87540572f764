/* The part of a graph that is shown: groups, which are subgraphs, are open or closed. What is inside a closed one
   is not there, and its edges lead from and to the group.

   An open group is laid out by itself. An edge that crosses its border is cut there: outside it ends at the group,
   inside it begins at the group's entry or ends at its exit, two points that only such groups have. */

export const ENTRY = "entry";
export const EXIT = "exit";

/* Nodes and groups by id, and the ids of the groups that each is in, the outermost first, itself last. */
function indexed({ nodes, groups }) {
  const parts = new Map();
  const paths = new Map();
  for (const group of groups) parts.set(group.id, { ...group, kind: "group" });
  for (const node of nodes) parts.set(node.id, node);
  for (const { id, group } of parts.values()) paths.set(id, [...(paths.get(group) ?? []), id]);
  return { parts, paths };
}

/* One of all edges for each two ends; it is conditional if all of them are. */
function merger() {
  const edges = new Map();
  const add = (key, edge) => {
    const same = edges.get(key);
    if (!same) return edges.set(key, { ...edge });
    same.conditional &&= edge.conditional;
    if (edge.label && !same.label.split(", ").includes(edge.label))
      same.label = same.label ? `${same.label}, ${edge.label}` : edge.label;
  };
  return { add, all: () => [...edges.values()] };
}

/** What is shown of `graph` while the groups with the ids of `closed` are closed.

    - `boxes`: nodes and groups, each with `level`, the number of groups around it, and `isOpen` for groups; a group
      stands before what is in it;
    - `pieces`: edges as they are drawn: `within` a group ("" is none) from `source` to `target`, which are ids of
      boxes in it, or empty with `via` "entry" or "exit";
    - `ways`: edges as they are followed: from the node or closed group where one begins to where it ends. */
export function folded(graph, closed) {
  const { parts, paths } = indexed(graph);
  const isClosed = new Set(closed);
  const shownPath = (id) => {
    const path = paths.get(id);
    const at = path.findIndex((one) => isClosed.has(one) && parts.get(one).kind === "group");
    return at < 0 ? path : path.slice(0, at + 1);
  };
  const inside = new Map();
  for (const part of parts.values()) inside.set(part.group, [...(inside.get(part.group) ?? []), part]);
  const boxes = [];
  const enter = (group, level) => {
    for (const part of inside.get(group) ?? []) {
      const isGroup = part.kind === "group";
      const isOpen = isGroup && !isClosed.has(part.id);
      boxes.push({ ...part, level, isOpen, count: inside.get(part.id)?.length ?? 0 });
      if (isOpen) enter(part.id, level + 1);
    }
  };
  enter("", 0);
  const [pieces, ways] = [merger(), merger()];
  for (const { source, target, conditional, label } of graph.edges) {
    const [from, to] = [shownPath(source), shownPath(target)];
    const [first, last] = [from.at(-1), to.at(-1)];
    if (first === last && !(source === first && target === first)) continue; // within a closed group
    ways.add(JSON.stringify([first, last]), { source: first, target: last, conditional, label });
    const piece = (within, ends) =>
      pieces.add(JSON.stringify([within, ends]), { within, source: "", target: "", via: "", ...ends, conditional, label: "" });
    let common = 0;
    while (common < from.length - 1 && common < to.length - 1 && from[common] === to[common]) common += 1;
    const isInFirst = from[common] === to[common] && from.length !== to.length;
    if (isInFirst) common += 1; // an edge between a group and something in it
    const [begin, end] = [from[common], to[common]];
    if (begin && end) {
      const ends = { source: begin, target: end };
      pieces.add(JSON.stringify([from[common - 1] ?? "", ends]), {
        within: from[common - 1] ?? "", via: "", ...ends, conditional, label,
      });
    }
    for (let at = from.length - 1; at > common || (at === common && !end); at -= 1)
      piece(from[at - 1], { source: from[at], via: EXIT });
    for (let at = to.length - 1; at > common || (at === common && !begin); at -= 1)
      piece(to[at - 1], { target: to[at], via: ENTRY });
  }
  return { boxes, pieces: pieces.all(), ways: ways.all() };
}

/** The boxes in the order of a list: as the edges lead on from the start, an end last; what is in a group follows
    the group. */
export function ordered({ boxes, pieces }) {
  const rank = new Map();
  const targets = new Map();
  const isTarget = new Set();
  const entries = new Set();
  for (const { source, target, via } of pieces) {
    if (via === ENTRY) entries.add(target);
    if (!source || !target || source === target) continue;
    targets.set(source, [...(targets.get(source) ?? []), target]);
    isTarget.add(target);
  }
  const starts = boxes.filter(({ id, kind }) => kind === "start" || entries.has(id));
  const roots = boxes.filter(({ id }) => !isTarget.has(id));
  for (const root of [...starts, ...roots, ...boxes]) {
    if (rank.has(root.id)) continue;
    const queue = [root.id];
    rank.set(root.id, rank.size);
    for (let id = queue.shift(); id !== undefined; id = queue.shift())
      for (const next of targets.get(id) ?? [])
        if (!rank.has(next)) {
          rank.set(next, rank.size);
          queue.push(next);
        }
  }
  const siblings = new Map();
  for (const box of boxes) siblings.set(box.group, [...(siblings.get(box.group) ?? []), box]);
  const isLast = ({ kind }) => (kind === "end" ? 1 : 0);
  const sorted = (group) =>
    (siblings.get(group) ?? [])
      .sort((one, other) => isLast(one) - isLast(other) || rank.get(one.id) - rank.get(other.id))
      .flatMap((box) => (box.isOpen ? [box, ...sorted(box.id)] : [box]));
  return sorted("");
}

/** Where the edges of a box lead, and where they come from; of an open group those that cross its border. */
export function neighbours(id, { ways, boxes }) {
  const groups = new Map(boxes.map((box) => [box.id, box.group]));
  const isIn = (one) => {
    for (let at = one; at; at = groups.get(at)) if (at === id) return true;
    return false;
  };
  const ends = (here, there) => {
    const found = new Map();
    for (const way of ways) {
      const isLoop = way.source === id && way.target === id;
      if (isIn(way[here]) && (isLoop || !isIn(way[there]) || way[here] === id)) found.set(way[there], { ...way, id: way[there] });
    }
    return [...found.values()];
  };
  return { to: ends("source", "target"), from: ends("target", "source") };
}
