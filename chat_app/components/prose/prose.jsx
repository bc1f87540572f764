/* Renders the Markdown of one block. The element map is a module constant: with a new one in each render its
   entries would be new element types, and React would replace the whole DOM. Raw HTML is never parsed: the
   text of a model must not run anything in the reader's browser or cause requests. */

import { memo, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import ReactMarkdown from "react-markdown";
import { ErrorBoundary } from "../shared/error_boundary.jsx";
import { PlainText } from "../shared/plain_text.jsx";
import { useWords } from "../shared/words.jsx";
import { Code, Live } from "./code.jsx";
import { keepMarkdown } from "./copying.js";
import { InlineCode } from "./files.jsx";
import { HEADINGS } from "./headings.jsx";
import { Image } from "./image.jsx";
import { Joined, OpenEnd } from "./joined.jsx";
import { exceedsLimits } from "./limits.js";
import { allowedUrl, Link } from "./links.jsx";
import { usePlugins } from "./plugins.js";
import { usePaced, useSlice } from "./slices.js";

function Table({ node, dir, children }) {
  const { table } = useWords();
  return (
    <div className="table" dir={dir} tabIndex={0} role="region" aria-label={table}>
      <table>{children}</table>
    </div>
  );
}

const Picture = ({ src, alt }) => <Image src={src} alt={alt} />;

const ELEMENTS = { ...HEADINGS, a: Link, img: Picture, table: Table, pre: Code, code: InlineCode };

/* The open end that continues the last row of a block in pieces, inside the elements of `path`. */
function LiveEnd({ source, path }) {
  const plugins = usePlugins(source, true);
  return (
    <Live value={true}>
      <OpenEnd source={source} path={path} plugins={plugins} components={ELEMENTS} />
    </Live>
  );
}

/* `row`: if it has `pieces`, they are rendered instead, with `children` as their open end. With a `path`
   this text is such an open end. */
export const Prose = memo(function Prose({ row, path, children, ...text }) {
  if (path) {
    return (
      <ErrorBoundary source={text.source}>
        <LiveEnd source={text.source} path={path} />
      </ErrorBoundary>
    );
  }
  if (!row?.pieces) return <Block {...text} />;
  return (
    <ErrorBoundary source={row.pieces}>
      <Joined pieces={row.pieces} open={row.open} tail={children} components={ELEMENTS} />
      <Sources pieces={row.pieces} />
    </ErrorBoundary>
  );
});

/* The fallback for a block in pieces that fails to render. */
const Sources = ({ pieces }) => (
  <PlainText text={pieces.map((piece) => piece.original || piece.md).join("")} />
);

/* Renders again only when its `source` changed; reports the duration in milliseconds. */
const Markdown = memo(function Markdown({ source, plugins, onDrawn }) {
  const start = performance.now();
  useLayoutEffect(() => onDrawn(performance.now() - start));
  return (
    <ReactMarkdown
      components={ELEMENTS}
      remarkPlugins={plugins.remark}
      rehypePlugins={plugins.rehype}
      urlTransform={allowedUrl}
    >
      {source}
    </ReactMarkdown>
  );
}, (before, now) => before.source === now.source && before.plugins === now.plugins);

function Drawn({ source, live }) {
  const plugins = usePlugins(source, live);
  const [shown, drawn] = usePaced(source, live);
  return (
    <ErrorBoundary source={shown}>
      <Live value={live}>
        <Markdown source={shown} plugins={plugins} onDrawn={drawn} />
      </Live>
    </ErrorBoundary>
  );
}

/* `live` text is the open tail: its code is not highlighted and its diagrams stay code until the block is
   complete. `original` is the text of the model if `source` was rewritten for rendering: it is what is
   copied. `plain` text is no Markdown; a piece of it that `follows` another does not repeat the notice. */
const Block = memo(function Block({ source, original, live, plain, follows }) {
  const box = useRef(null);
  const isDue = useSlice(live);
  const { tooLargeToDraw } = useWords();
  const isPlain = useMemo(() => Boolean(plain) || exceedsLimits(source), [source, plain]);
  useEffect(() => keepMarkdown(box.current, original || source), [source, original]);
  if (isPlain) {
    return (
      <div className="prose" ref={box}>
        <PlainText text={source} notice={follows ? "" : tooLargeToDraw} />
      </div>
    );
  }
  return (
    <div className="prose" ref={box} data-pending={isDue ? undefined : ""}>
      {isDue ? <Drawn source={source} live={live} /> : source}
    </div>
  );
});
