/* Attachments in the composer: button, paste, drop zone, and the chips. */

import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import Paperclip from "lucide-react/dist/esm/icons/paperclip.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { describe, Shape } from "../content/media.jsx";

const line = { strokeWidth: 1.7, "aria-hidden": true };
const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");

/** The files on the clipboard; none if it has text too, since the image is then a picture of that text. */
export function pasted({ clipboardData }) {
  return clipboardData.types.includes("text/plain") ? [] : [...clipboardData.files];
}

export function AttachButton({ types = [], words, onFiles }) {
  const input = useRef(null);
  const button = useRef(null);
  const take = () => {
    onFiles([...input.current.files]);
    input.current.value = ""; // else choosing the same file again would be no change
    back();
  };
  const back = () => button.current?.focus(); // from the dialog of the browser
  return (
    <>
      <input ref={input} type="file" multiple hidden accept={types.join(",")} onChange={take} onCancel={back} data-testid="files" />
      <button
        ref={button}
        type="button"
        className="icon-button attach"
        aria-label={words.attach}
        title={words.attach}
        onClick={() => input.current.click()}
        data-command="attach"
        data-testid="attach"
      >
        <Paperclip size="1.125rem" {...line} />
      </button>
    </>
  );
}

/** The chips of the attachments, above the text. */
export function Chips({ attached, words, onLeft }) {
  const list = useRef(null);
  const { items, notice, again } = attached;
  const remove = (item, place) => {
    attached.remove(item);
    const others = [...list.current.querySelectorAll(".remove")].filter((_, at) => at !== place);
    const next = others[place] ?? others.at(-1);
    if (next) next.focus();
    else onLeft();
  };
  useEffect(() => {
    const chips = list.current;
    const news = chips?.querySelector("[data-problem]") ?? chips?.lastElementChild;
    news?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [items.length, attached.refused.length]);
  if (!items.length && !notice) return null;
  return (
    <>
      <ul ref={list} className="chips" aria-label={words.attached} data-testid="chips">
        {items.map((item, place) => (
          <Chip key={item.key} item={item} words={words} onRemove={() => remove(item, place)} onAgain={() => again(item)} />
        ))}
      </ul>
      {notice && (
        <p className="composer-problem" role="alert">
          {notice}
        </p>
      )}
    </>
  );
}

function Chip({ item, words, onRemove, onAgain }) {
  const { id, name, kind, type, address, progress, problem, mayTryAgain } = item;
  const [isBroken, setBroken] = useState(false);
  const isPicture = kind === "image" && address && !isBroken && !problem;
  const label = name || words[kind];
  const remove = words.remove.replace("{name}", label);
  return (
    <li className="attached" data-kind={kind} data-picture={isPicture || undefined} data-problem={problem ? true : undefined} data-done={id ? true : undefined} data-testid="chip">
      {isPicture ? <img src={address} alt="" onError={() => setBroken(true)} /> : <Shape kind={kind} type={type} />}
      <span className="words">
        <span className="name" title={label}>
          {label}
        </span>
        {problem ? (
          <span className="problem" role="alert">
            {problem}
          </span>
        ) : (
          <span className="about">{describe(item, words)}</span>
        )}
      </span>
      {mayTryAgain && (
        <button type="button" className="again" onClick={onAgain}>
          {words.again}
        </button>
      )}
      {!id && !problem && (
        <progress value={progress || undefined} max="1" aria-label={words.uploading.replace("{name}", label)} />
      )}
      <button type="button" className="remove" aria-label={remove} title={remove} onClick={onRemove}>
        <X size="0.875rem" {...line} strokeWidth={2} />
      </button>
    </li>
  );
}

/** Takes files dropped anywhere on the page, which the browser would open in its place; shows a hint while they are
    dragged over it. */
export function DropZone({ hint, onFiles }) {
  const [isOver, setOver] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const over = (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setOver(true);
    };
    // A leave event with a related target only crosses from one element of the page to another.
    const leave = ({ relatedTarget }) => relatedTarget || setOver(false);
    const drop = (event) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      take.current([...event.dataTransfer.files]);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  if (!isOver) return null;
  return createPortal(
    <div className="drop-hint" data-testid="drop-hint" aria-hidden="true">
      <p>
        <Paperclip size="1.25rem" {...line} /> {hint}
      </p>
    </div>,
    document.body,
  );
}
