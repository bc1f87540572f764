/* A diagram: rendered in a sandbox and shown as an image, so that its content is never part of the page.
   Its source is shown as code until it is rendered, and if that fails. */

import { useEffect, useState } from "react";
import CodeXml from "lucide-react/dist/esm/icons/code-xml.mjs";
import Workflow from "lucide-react/dist/esm/icons/workflow.mjs";
import { useWords } from "../shared/words.jsx";
import { draw, drawn, usePalette } from "./drawing.js";
import { DownloadTool, Frame, Tool } from "./frame.jsx";

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
  const words = useWords();
  const [asSource, setAsSource] = useState(false);
  const shown = drawing?.svg && !asSource;
  const toggle = drawing?.svg && (
    <Tool
      icon={shown ? CodeXml : Workflow}
      label={shown ? words.showSource : words.showDiagram}
      onClick={() => setAsSource(shown)}
    />
  );
  const download = drawing?.svg && (
    <DownloadTool label={words.downloadSvg} name="diagram.svg" type="image/svg+xml" text={drawing.svg} />
  );
  return (
    <Frame name="mermaid" tools={<>{toggle}{!shown && wrap}{copy}{download}</>}>
      {shown ? <Picture {...drawing} /> : children}
      {drawing?.failed && <p className="remark">{words.diagramFailed[drawing.failed]}</p>}
    </Frame>
  );
}

function Picture({ url, title, width, height }) {
  const { diagram } = useWords();
  return (
    <div className="drawing" tabIndex={0}>
      <img
        src={url}
        alt={title || diagram}
        width={width}
        height={height}
        style={{ "--natural": `${width}px` }}
      />
    </div>
  );
}
