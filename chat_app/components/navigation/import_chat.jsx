/* Import of a chat: a button that takes a file, the sidebar as a place to drop one, and the preview. */

import { useEffect, useRef, useState } from "react";
import FileInput from "lucide-react/dist/esm/icons/file-input.mjs";
import { getToken } from "$/utils/state";
import { announce } from "../shared/announce.js";
import { at } from "../shared/base.js";
import { Dialog } from "../shared/dialog.jsx";
import { filled } from "../shared/filled.js";

const PATH = at("/_import");
const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");

/* Resolves to a problem in words, empty if there is none. */
async function send(file, words) {
  try {
    const response = await fetch(PATH, { method: "POST", body: file, headers: { "X-Chat-Tab": getToken() } });
    if (!response.ok) return words.failed;
    return (await response.json()).problem ?? "";
  } catch {
    return words.failed;
  }
}

/* Files that are dragged over the sidebar are for it alone: elsewhere they are attached to a message. */
function useDrop(button, take) {
  const [isOver, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const place = button.current?.closest("nav");
    if (!place) return;
    const over = (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = "copy";
      setOver(true);
    };
    const leave = ({ relatedTarget }) => place.contains(relatedTarget) || setOver(false);
    const drop = (event) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current(event.dataTransfer.files[0]);
    };
    const listeners = { dragover: over, dragleave: leave, drop };
    for (const [name, listener] of Object.entries(listeners)) place.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) place.removeEventListener(name, listener);
    };
  }, []);
  return isOver;
}

/** The button "Import chat"; `onSent` is called once the app has read the file. */
export function ImportButton({ words, onSent }) {
  const input = useRef(null);
  const button = useRef(null);
  const [problem, setProblem] = useState("");
  const take = async (file) => {
    if (!file) return;
    setProblem("");
    const said = await send(file, words);
    setProblem(said);
    if (said) announce(said);
    else onSent();
  };
  const isOver = useDrop(button, take);
  const choose = () => {
    take(input.current.files[0]);
    input.current.value = ""; // else choosing the same file again would be no change
    button.current?.focus();
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,.html,application/json,text/html"
        onChange={choose}
        onCancel={() => button.current?.focus()}
        data-testid="import-file"
      />
      <button
        ref={button}
        type="button"
        className="icon-button import-button"
        data-command="import"
        aria-label={words.label}
        title={words.means}
        onClick={() => input.current.click()}
        data-testid="import"
      >
        <FileInput size="1.0625rem" strokeWidth={1.7} aria-hidden="true" />
      </button>
      {isOver && <p className="import-drop" aria-hidden="true">{words.drop}</p>}
      {problem && (
        <p className="import-problem" role="alert" onClick={() => setProblem("")}>
          {problem}
        </p>
      )}
    </>
  );
}

/** What is in the file, before it becomes a chat. */
export function ImportPreview({
  open, busy, title, about, samples, more, problem, detail, words, onCreate, onReplay, onClose,
}) {
  return (
    <Dialog open={open} title={words.preview} onClose={onClose} className="import-dialog">
      <div className="dialog-body" tabIndex={0}>
        <h3 dir="auto">{title}</h3>
        <p className="about">{about}</p>
        <ol className="import-samples">
          {samples.map(({ who, text }, at) => (
            <li key={at} data-who={who}>
              <span className="unseen">{who === "human" ? words.you : words.agent}</span>
              <span dir="auto">{text}</span>
            </li>
          ))}
        </ol>
        {more > 0 && <p className="about">{more === 1 ? words.more[0] : filled(words.more[1], { count: more })}</p>}
        {problem && (
          <div className="alert" role="alert">
            <p>{problem}</p>
            {detail && <details className="disclosure"><summary>{words.details}</summary><pre>{detail}</pre></details>}
          </div>
        )}
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onReplay} disabled={busy}>{words.replay}</button>
        <button type="button" className="button primary" onClick={onCreate} disabled={busy} data-autofocus>
          {busy ? words.importing : words.create}
        </button>
      </div>
    </Dialog>
  );
}
