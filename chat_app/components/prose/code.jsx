/* A block of code and its tools. A diagram is rendered once its block is complete. */

import { createContext, useContext } from "react";
import PanelRight from "lucide-react/dist/esm/icons/panel-right.mjs";
import TextWrap from "lucide-react/dist/esm/icons/text-wrap.mjs";
import { useWords } from "../shared/words.jsx";
import { openBeside } from "./artifact.js";
import { Coloured } from "./colouring.jsx";
import { Diagram } from "./diagram.jsx";
import { DiffCode } from "./diff.jsx";
import { CopyTool, DownloadTool, Frame, Tool } from "./frame.jsx";
import { remembered } from "./store.js";
import { textOf } from "./tree.js";

export const Live = createContext(false);

const DOCUMENTS = new Set(["html", "svg", "markdown", "md"]);
const DIFFS = new Set(["diff", "patch", "udiff"]);
const MANY = 20; // lines; a shorter block has no button for the panel
const LONG = 1500; // characters; longer code is highlighted in slices

const wrapping = remembered("chat_wrap_code", false);

/* File extensions that differ from the name of the language. */
const ENDINGS = {
  bash: "sh", "c++": "cpp", csharp: "cs", "c#": "cs", elixir: "ex", erlang: "erl", fsharp: "fs",
  golang: "go", haskell: "hs", javascript: "js", julia: "jl", jsonc: "json", kotlin: "kt",
  latex: "tex", markdown: "md", matlab: "m", mermaid: "mmd", objectivec: "m", ocaml: "ml",
  perl: "pl", plaintext: "txt", powershell: "ps1", python: "py", py3: "py", ruby: "rb", rust: "rs",
  shell: "sh", text: "txt", typescript: "ts", yaml: "yml", zsh: "sh",
};

export const fileName = (language) => {
  const ending = Object.hasOwn(ENDINGS, language) ? ENDINGS[language] : language;
  return `code.${/^[a-z0-9]{1,10}$/.test(ending) ? ending : "txt"}`;
};

function languageOf(code) {
  const names = code?.properties?.className ?? [];
  return (names.find((name) => name.startsWith("language-"))?.slice(9) || "text").toLowerCase();
}

export function Code({ node, children }) {
  const live = useContext(Live);
  const words = useWords();
  const wrapped = wrapping.use();
  const code = node.children[0];
  const language = languageOf(code);
  const text = textOf(code);
  const isPlain = !live && text.length >= LONG && code.children.every(({ type }) => type === "text");
  const isDiff = DIFFS.has(language);
  const coloured = isPlain ? <Coloured text={text} language={language} /> : children;
  const body = (
    <pre tabIndex={0} data-wrapped={wrapped || undefined} data-diff={isDiff || undefined}>
      {isDiff && !live ? <DiffCode text={text} /> : coloured}
    </pre>
  );
  const wrap = (
    <Tool
      icon={TextWrap}
      label={words.wrapLines}
      aria-pressed={wrapped}
      onClick={() => wrapping.set(!wrapped)}
    />
  );
  const copy = <CopyTool text={text.replace(/\n$/, "")} />;
  if (language === "mermaid" && !live) {
    return (
      <Diagram source={text} wrap={wrap} copy={copy}>
        {body}
      </Diagram>
    );
  }
  const download = (
    <DownloadTool label={words.download} name={fileName(language)} type="text/plain" text={text} />
  );
  const isWorthIt = DOCUMENTS.has(language) || text.split("\n").length > MANY;
  const open = isWorthIt && !live && (
    <Tool
      icon={PanelRight}
      label={words.openPanel}
      onClick={() => openBeside({ id: text, name: fileName(language), language, text })}
    />
  );
  return (
    <Frame name={language} tools={<>{open}{wrap}{download}{copy}</>}>
      {body}
    </Frame>
  );
}
