/* Markdown of one block. The element map and the plugin lists are module constants: made anew on
   each render they would be new element types, and React would throw the whole DOM away.
   Raw HTML is never parsed, links open outside without a referrer, and remote images are not
   fetched: what a model writes must not make the reader's browser call anybody. */

import { memo, useEffect, useRef, useState } from "react";
import ReactMarkdown from "react-markdown";
import rehypeHighlight from "rehype-highlight";
import remarkGfm from "remark-gfm";

const highlight = [rehypeHighlight, { detect: false }];
const gfm = [remarkGfm, { singleTilde: false }]; // "~5 and ~10" is no strikethrough
const plain = { remark: [gfm], settled: [highlight], live: [] };

/* Maths is a fifth of the page's script and rare: it is fetched when the first formula appears. It
   is set as MathML, which browsers draw themselves, so it needs no fonts and no stylesheet. */
let maths = null;
let fetching = null;
const fetchMaths = () =>
  (fetching ??= Promise.all([import("remark-math"), import("rehype-katex")]).then(
    ([{ default: remarkMath }, { default: rehypeKatex }]) => {
      const katex = [rehypeKatex, { output: "mathml", throwOnError: false, trust: false }];
      const remark = [gfm, [remarkMath, { singleDollarTextMath: true }]];
      maths = { remark, settled: [katex, highlight], live: [katex] };
    },
  ));

function usePlugins(source) {
  const [, redraw] = useState(0);
  const wanted = source.includes("$");
  useEffect(() => {
    if (wanted && !maths) fetchMaths().then(() => redraw(1));
  }, [wanted]);
  return (wanted && maths) || plain;
}

function Link({ node, href, children, ...rest }) {
  return href ? (
    <a {...rest} href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a>
  ) : (
    <span>{children}</span>
  );
}

function Image({ src, alt }) {
  return src ? (
    <a href={src} target="_blank" rel="noopener noreferrer nofollow" className="image-link">
      {alt || "image"}
    </a>
  ) : (
    <span>{alt}</span>
  );
}

function Table({ node, children, ...rest }) {
  return (
    <div className="table" tabIndex={0} role="region" aria-label="table">
      <table {...rest}>{children}</table>
    </div>
  );
}

function Code({ node, children, ...rest }) {
  const body = useRef(null);
  const [copied, setCopied] = useState(false);
  const code = node?.children?.[0];
  const names = code?.properties?.className ?? [];
  const language = names.find((name) => name.startsWith("language-"))?.slice(9) ?? "";
  const copy = async () => {
    await navigator.clipboard.writeText(body.current?.innerText ?? "");
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <figure className="code">
      <figcaption>
        <span>{language || "text"}</span>
        <button type="button" onClick={copy} aria-label="Copy code">
          {copied ? "Copied" : "Copy"}
        </button>
      </figcaption>
      <pre {...rest} ref={body} tabIndex={0}>{children}</pre>
    </figure>
  );
}

const ELEMENTS = { a: Link, img: Image, table: Table, pre: Code };

/** `live` text is the open tail: its code stays plain until the fence closes. */
export const Prose = memo(function Prose({ source, live }) {
  const plugins = usePlugins(source);
  return (
    <ReactMarkdown
      components={ELEMENTS}
      remarkPlugins={plugins.remark}
      rehypePlugins={live ? plugins.live : plugins.settled}
    >
      {source}
    </ReactMarkdown>
  );
});
