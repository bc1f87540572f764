/* The panel beside the conversation. Which document is open is state of the browser; for a file of the
   agent the app is told, and sends its text as long as it is open. */

import { useEffect, useRef, useState } from "react";
import PanelRight from "lucide-react/dist/esm/icons/panel-right.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { useCommand } from "../commands/registry.js";
import { closeBeside, dropBeside, openBeside, updateBeside, useArtifact } from "../prose/artifact.js";
import { CopyTool, DownloadTool, Tool } from "../prose/frame.jsx";
import { remembered } from "../prose/store.js";
import { ErrorBoundary } from "../shared/error_boundary.jsx";
import { useWords } from "../shared/words.jsx";
import { TabBar, TabContent, tabsOf } from "./panel_tabs.jsx";

const LEAST = 320; // px
const STEP = 32; // px with each arrow key
const MUCH = 2000; // characters; shorter values are not worth a panel
const width = remembered("chat_panel_width", 416);

const isPhone = () => window.matchMedia("(max-width: 47.5em), (max-height: 30em)").matches;
const fit = (px) => Math.round(Math.min(Math.max(px, LEAST), window.innerWidth * 0.6));

/* The handle that resizes the panel, with a pointer or the arrow keys. */
function Edge() {
  const { panelWidth } = useWords();
  const onPointerDown = (event) => event.currentTarget.setPointerCapture(event.pointerId);
  const onPointerMove = ({ currentTarget, pointerId, clientX }) => {
    if (currentTarget.hasPointerCapture(pointerId)) width.set(fit(window.innerWidth - clientX));
  };
  const onKeyDown = ({ key }) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[key];
    if (by) width.set(fit(width.get() + by));
  };
  return (
    <div
      className="panel-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={panelWidth}
      aria-valuenow={width.use()}
      tabIndex={0}
      {...{ onPointerDown, onPointerMove, onKeyDown }}
    />
  );
}

/* In the composer during a run, Escape stops that. */
const isWritingDuringRun = () => document.activeElement?.closest(".composer[data-busy]");

function Shown({ thing, label }) {
  const words = useWords();
  const box = useRef(null);
  const [chosen, choose] = useState("");
  const tabs = tabsOf(thing);
  const tab = tabs.includes(chosen) ? chosen : tabs[0];
  useCommand("close-panel", { run: closeBeside, isPossible: () => !isWritingDuringRun() });
  const opener = useRef(document.activeElement);
  useEffect(() => {
    const column = isPhone() && document.querySelector(".column");
    if (column) column.inert = true;
    box.current.focus({ preventScroll: true });
    return () => {
      if (column) column.inert = false;
      if (document.activeElement === document.body) opener.current?.focus({ preventScroll: true });
    };
  }, []);
  const name = thing.name.split(/[/\\]/).pop() || "file.txt";
  return (
    <aside
      className="panel"
      ref={box}
      tabIndex={-1}
      aria-label={`${label}: ${thing.name}`}
      style={{ "--panel": `${width.use()}px` }}
      data-testid="panel"
    >
      <Edge />
      <header>
        <h2 title={thing.path ?? thing.name} dir="auto">{thing.name}</h2>
        {thing.size && <small>{thing.size}</small>}
        <span className="spring" />
        <span className="tools">
          <CopyTool text={thing.text} label={words.copy} />
          <DownloadTool label={words.download} name={name} type="application/octet-stream" text={thing.text} />
          <Tool icon={X} label={words.close} onClick={closeBeside} />
        </span>
      </header>
      <TabBar {...{ tabs, tab, choose }} />
      {thing.cut && <p className="panel-note">{thing.cut}</p>}
      <ErrorBoundary source={thing.text}>
        <TabContent thing={thing} tab={tab} />
      </ErrorBoundary>
    </aside>
  );
}

export function Panel({ thread, label, onClose, ...file }) {
  const open = useArtifact();
  const reads = open?.path ?? "";
  const last = useRef(thread);
  useEffect(() => {
    // A new chat that became a thread is the same conversation.
    if (last.current && last.current !== thread) dropBeside();
    last.current = thread;
  }, [thread]);
  useEffect(() => {
    // Also a file that was open before the page was reloaded.
    if (!reads && file.path) onClose();
  }, [reads, file.path]);
  if (!open || (reads && file.path !== reads)) return null;
  return <Shown key={reads || open.id} thing={reads ? file : open} label={label} />;
}

export function FileChip({ file, onOpen }) {
  const isOpen = useArtifact()?.path === file.path;
  const open = () => {
    if (isOpen) return closeBeside();
    openBeside({ path: file.path });
    onOpen(file.path);
  };
  return (
    <button type="button" className="chip" title={file.path} aria-pressed={isOpen} onClick={open} data-testid="file">
      <bdi>{file.name}</bdi>
      <small>{file.size}</small>
      {file.mark && <em>{file.mark}</em>}
    </button>
  );
}

/* The chips of a turn: without marks, which are about the last run. */
export function FileChips({ paths, files, onOpen }) {
  const found = files.filter(({ path }) => paths.includes(path));
  return found.map((file) => <FileChip key={file.path} file={{ ...file, mark: "" }} onOpen={onOpen} />);
}

const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

export function OpenBeside({ id, name, value, cut, label, onReveal }) {
  const text = asText(value) ?? "";
  const thing = { id, name, language: typeof value === "string" ? "text" : "json", text };
  useEffect(() => updateBeside(thing), [text]);
  if (!cut && text.length < MUCH) return null;
  const open = () => {
    openBeside(thing);
    if (cut) onReveal();
  };
  return <Tool icon={PanelRight} label={label} className="copy" onClick={open} />;
}
