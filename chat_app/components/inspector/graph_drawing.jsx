/* The drawing itself: an SVG in the colours of the theme. It is a picture; the list beside it has the same for
   keyboards and screen readers. */

import { memo, useMemo } from "react";
import { placed } from "./graph_labels.js";
import { arrow, smooth } from "./graph_layout.js";
import { LINE, NAME, SMALL } from "./graph_sizes.js";

const READABLE = 8.5; // px, at the usual size of text: smaller names are drawn as on a map
const RING = 4; // between the box that is chosen and the line around it
const BADGE = 18; // the height of a badge
const ON_MAP = 12; // px: the size of those, at the usual size of text

const WEIGHT = { running: 5, failed: 4, interrupted: 4 };

const isReadable = (scale, unit) => NAME * scale >= READABLE * unit;

const Edges = memo(function Edges({ layout, isNamed }) {
  return layout.folded.pieces.map((piece, at) => {
    const line = layout.lines[at];
    const label = layout.labels[at];
    return (
      <g key={at} className="graph-edge" data-conditional={piece.conditional || undefined} data-via={piece.via || undefined}>
        <path d={smooth(line.points)} />
        <path className="graph-arrow" d={arrow(line.points, 9)} />
        {isNamed && label.text && (
          <text x={line.at.x} y={line.at.y} fontSize={SMALL}>
            <title>{piece.label}</title>
            {label.text}
          </text>
        )}
      </g>
    );
  });
});

/* Above the corner of a box: how often it ran, and a sign of what is wrong with it. */
function Badge({ x, y, ran, state }) {
  const text = { failed: "!", interrupted: "‖" }[state] ?? (ran > 1 ? `${ran}×` : "");
  if (!text) return null;
  const width = Math.max(20, text.length * 7.5 + 10);
  return (
    <g className="graph-badge" transform={`translate(${x - width + 8} ${y - BADGE / 2})`}>
      <rect width={width} height={BADGE} rx={BADGE / 2} />
      <text x={width / 2} y={BADGE / 2} fontSize={SMALL}>{text}</text>
    </g>
  );
}

const Box = memo(function Box({ box, frame, shape, ran, state, isChosen, isNamed }) {
  const { x, y, width, height } = frame;
  const round = box.kind === "start" || box.kind === "end" ? height / 2 : 8;
  const top = y + (height - shape.lines.length * LINE - (shape.note ? 15 : 0)) / 2;
  const attributes = { "data-node": box.id, "data-kind": box.isOpen ? "open" : box.kind, "data-state": state || undefined };
  return (
    <g className="graph-box" {...attributes}>
      <title>{box.name}</title>
      {box.kind === "group" && !box.isOpen && <rect className="graph-behind" x={x + 4} y={y + 4} width={width} height={height} rx={round} />}
      <rect className="graph-frame" x={x} y={y} width={width} height={height} rx={box.isOpen ? 12 : round} />
      {isChosen && (
        <rect className="graph-ring" x={x - RING} y={y - RING} width={width + 2 * RING} height={height + 2 * RING} rx={round + RING} />
      )}
      {isNamed && box.isOpen && <text className="graph-group-name" x={x + 14} y={y + 16} fontSize={NAME}>{shape.lines[0]}</text>}
      {isNamed && !box.isOpen && shape.lines.map((line, at) => (
        <text key={at} x={x + width / 2} y={top + (at + 0.5) * LINE} fontSize={NAME}>{line}</text>
      ))}
      {isNamed && shape.note && (
        <text className="graph-note" x={x + width / 2} y={y + height - 17} fontSize={SMALL}>{shape.note}</text>
      )}
      {isNamed && <Badge x={x + width} y={y} ran={ran} state={state} />}
    </g>
  );
});

/* The names of a drawing that is too small for them, in pixels of the frame. */
function MapNames({ layout, runs, chosen, camera, frame, measure, unit }) {
  const size = ON_MAP * unit;
  const names = useMemo(() => {
    const weight = (box) => (box.id === chosen ? 9 : (WEIGHT[runs.get(box.id)?.state] ?? (box.isOpen ? 3 : runs.has(box.id) ? 2 : 1)));
    return layout.folded.boxes
      .map((box) => {
        const text = layout.shapes.get(box.id).lines.join("");
        return { ...box, ...layout.boxes.get(box.id), text, weight: weight(box), size: { width: measure(text, size) + 6, height: size * 1.35 } };
      })
      .sort((one, other) => other.weight - one.weight || one.level - other.level);
  }, [layout, runs, chosen, measure, size]);
  const found = new Map(names.map((name) => [name.id, name]));
  return placed(names, camera, frame).map(({ id, left, right, top, bottom }) => (
    <text
      key={id}
      className="graph-map-name"
      data-node={id}
      data-state={runs.get(id)?.state}
      x={(left + right) / 2}
      y={(top + bottom) / 2}
      fontSize={size}
    >
      {found.get(id).text}
    </text>
  ));
}

export function Drawing({ layout, runs, chosen, camera, frame, measure, unit, label }) {
  const isNamed = isReadable(camera.scale, unit);
  const { boxes } = layout.folded;
  const drawn = (box) => (
    <Box
      key={box.id}
      frame={layout.boxes.get(box.id)}
      shape={layout.shapes.get(box.id)}
      ran={runs.get(box.id)?.count ?? 0}
      state={runs.get(box.id)?.state ?? ""}
      isChosen={box.id === chosen}
      {...{ box, isNamed }}
    />
  );
  return (
    <svg role="img" aria-label={label} data-far={!isNamed || undefined}>
      <g transform={`translate(${camera.x} ${camera.y}) scale(${camera.scale})`}>
        {boxes.filter(({ isOpen }) => isOpen).map(drawn)}
        <Edges {...{ layout, isNamed }} />
        {layout.points.map(({ group, via, x, y }) => (
          <circle key={`${via} ${group}`} className="graph-point" cx={x} cy={y} r={4} data-via={via} />
        ))}
        {boxes.filter(({ isOpen }) => !isOpen).map(drawn)}
      </g>
      {!isNamed && <MapNames {...{ layout, runs, chosen, camera, frame, measure, unit }} />}
    </svg>
  );
}
