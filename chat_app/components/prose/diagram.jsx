/* A diagram: rendered in a sandbox and shown as an image, so that its content is never part of the page.
   Its source is shown as code until it is rendered, and if that fails. */

import { useEffect, useState } from "react";
import CodeXml from "lucide-react/dist/esm/icons/code-xml.mjs";
import Workflow from "lucide-react/dist/esm/icons/workflow.mjs";
import { draw, drawn, usePalette } from "./drawing.js";
import { DownloadTool, Frame, Tool } from "./frame.jsx";

const REASONS = {
  large: "This diagram is too large to be drawn.",
  late: "This diagram took too long to draw.",
  wrong: "This diagram cannot be drawn.",
};

function useDrawing(source) {
  const colours = usePalette();
  const [drawing, setDrawing] = useState(() => drawn(source, colours));
  useEffect(() => {
    if (!colours) return undefined;
    let mounted = true;
    // The former image is shown until the new one is ready.
    draw(source, colours).then((next) => mounted && setDrawing(next));
    return () => {
      mounted = false;
    };
  }, [source, colours]);
  return drawing;
}

export function Diagram({ source, wrap, copy, children }) {
  const drawing = useDrawing(source);
  const [asSource, setAsSource] = useState(false);
  const shown = drawing?.svg && !asSource;
  const toggle = drawing?.svg && (
    <Tool
      icon={shown ? CodeXml : Workflow}
      label={shown ? "Show source" : "Show diagram"}
      onClick={() => setAsSource(shown)}
    />
  );
  const download = drawing?.svg && (
    <DownloadTool label="Download SVG" name="diagram.svg" type="image/svg+xml" text={drawing.svg} />
  );
  return (
    <Frame name="mermaid" tools={<>{toggle}{!shown && wrap}{copy}{download}</>}>
      {shown ? <Picture {...drawing} /> : children}
      {drawing?.failed && <p className="remark">{REASONS[drawing.failed]}</p>}
    </Frame>
  );
}

function Picture({ url, title, width, height }) {
  return (
    <div className="drawing" tabIndex={0}>
      <img
        src={url}
        alt={title || "Diagram"}
        width={width}
        height={height}
        style={{ "--natural": `${width}px` }}
      />
    </div>
  );
}
