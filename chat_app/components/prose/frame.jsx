/* The frame around code and diagrams: a name, and small buttons. */

import Download from "lucide-react/dist/esm/icons/download.mjs";
import { useWords } from "../shared/words.jsx";
import { useCopy } from "./copy.jsx";

/* The name is generated content of the stylesheet, so that it is not part of a selection. */
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
      <Icon size="0.9375rem" strokeWidth={1.7} aria-hidden="true" />
    </button>
  );
}

export function CopyTool({ text, label }) {
  const { copyCode } = useWords();
  const { said, icon, copy } = useCopy();
  return (
    <>
      <Tool icon={icon} label={label ?? copyCode} className="always" onClick={() => copy(text)} />
      <span className="said" aria-hidden="true">{said}</span>
    </>
  );
}

export function DownloadTool({ label, name, type, text }) {
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    Object.assign(document.createElement("a"), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // later, as the browser may still ask where to save it
  };
  return <Tool icon={Download} label={label} onClick={download} />;
}
