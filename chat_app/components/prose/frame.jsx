/* The frame around code and diagrams: a name, and a few small tools. */

import { useRef, useState } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import Copy from "lucide-react/dist/esm/icons/copy.mjs";
import Download from "lucide-react/dist/esm/icons/download.mjs";
import { copyText } from "./copying.js";

const COPIED_FOR = 1500; // ms

/* The name is drawn by the stylesheet, so that it is no part of what a reader selects. */
export function Frame({ name, tools, children }) {
  return (
    <figure className="code" aria-label={name}>
      <figcaption data-name={name}>
        <span className="tools">{tools}</span>
      </figcaption>
      {children}
    </figure>
  );
}

export function Tool({ icon: Icon, label, ...rest }) {
  return (
    <button type="button" aria-label={label} title={label} {...rest}>
      <Icon size={15} strokeWidth={1.7} aria-hidden="true" />
    </button>
  );
}

export function CopyTool({ text }) {
  const [said, setSaid] = useState("");
  const timer = useRef(0);
  const copy = async () => {
    setSaid((await copyText(text)) ? "Copied" : "Could not copy");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(""), COPIED_FOR);
  };
  return (
    <>
      <Tool icon={said === "Copied" ? Check : Copy} label="Copy code" onClick={copy} />
      <span className="said" role="status">{said}</span>
    </>
  );
}

export function DownloadTool({ label, name, type, text }) {
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    Object.assign(document.createElement("a"), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser may still be asking where
  };
  return <Tool icon={Download} label={label} onClick={download} />;
}
