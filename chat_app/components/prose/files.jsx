/* Names of files in the text of an answer: those of files that the agent keeps are buttons, which open them
   in the panel. The names are the model's, so that nothing but the path of a known file is ever opened. */

import { useEffect, useSyncExternalStore } from "react";
import { openBeside } from "./artifact.js";
import { filesNamed } from "./file_names.js";
import { shared } from "./store.js";
import { textOf } from "./tree.js";

const LONGEST = 300; // characters of a name
const known = shared({ paths: [], onOpen: null });

/** Sets the files of the open thread; renders nothing. */
export function FileNames({ files, onOpen }) {
  useEffect(() => known.set({ paths: files.map(({ path }) => path), onOpen }), [files]);
  return null;
}

/* Renders again only when the answer is another one, not with each change of the files. */
const useFile = (name) => {
  const find = () => filesNamed(name, known.get().paths);
  return useSyncExternalStore(known.subscribe, find, () => "");
};

export function FileName({ name, children }) {
  const path = useFile(name);
  if (!path) return children;
  const open = () => {
    openBeside({ path });
    known.get().onOpen(path);
  };
  return (
    <button type="button" className="file-name" title={path} onClick={open} data-testid="file-name">
      {children}
    </button>
  );
}

/* Code within a line; that of a block ends with a line break, and is none. */
export function InlineCode({ node, children, ...rest }) {
  const code = <code {...rest}>{children}</code>;
  const [first] = node.children;
  if (node.children.length !== 1 || first.type !== "text") return code;
  const name = first.value;
  if (!name || name.length > LONGEST || name.includes("\n")) return code;
  return <FileName name={textOf(node)}>{code}</FileName>;
}
