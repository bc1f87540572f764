/* Markdown of one block. The element map is a module constant: made anew on each render its entries
   would be new element types, and React would throw the whole DOM away. Raw HTML is never parsed:
   what a model writes must not make the reader's browser do anything or call anybody. */

import { memo, useEffect, useRef } from "react";
import ReactMarkdown from "react-markdown";
import { Code, Live } from "./code.jsx";
import { keepMarkdown } from "./copying.js";
import { Image } from "./image.jsx";
import { Joined, OpenEnd } from "./joined.jsx";
import { allowedUrl, Link } from "./links.jsx";
import { usePlugins } from "./plugins.js";

function Table({ node, dir, children }) {
  return (
    <div className="table" dir={dir} tabIndex={0} role="region" aria-label="table">
      <table>{children}</table>
    </div>
  );
}

const Picture = ({ src, alt }) => <Image src={src} alt={alt} />;

const ELEMENTS = { a: Link, img: Picture, table: Table, pre: Code };

/* What goes on with the last row of a block in pieces, inside the elements of `path`. */
function LiveEnd({ source, path }) {
  const plugins = usePlugins(source, true);
  return (
    <Live value={true}>
      <OpenEnd source={source} path={path} plugins={plugins} components={ELEMENTS} />
    </Live>
  );
}

/* `row`: if it has `pieces`, they are drawn instead, with `children` as their open end. With a `path`
   this text is such an end. */
export const Prose = memo(function Prose({ row, path, children, ...text }) {
  if (path) return <LiveEnd source={text.source} path={path} />;
  if (!row?.pieces) return <Block {...text} />;
  return <Joined pieces={row.pieces} open={row.open} tail={children} components={ELEMENTS} />;
});

/* `live` text is the open tail: its code stays plain, and its diagrams code, until they are closed.
   `original` is what the model wrote, where `source` was changed for drawing: copying gives that. */
const Block = memo(function Block({ source, original, live }) {
  const box = useRef(null);
  const plugins = usePlugins(source, live);
  useEffect(() => keepMarkdown(box.current, original || source), [source, original]);
  return (
    <div className="prose" ref={box}>
      <Live value={live}>
        <ReactMarkdown
          components={ELEMENTS}
          remarkPlugins={plugins.remark}
          rehypePlugins={plugins.rehype}
          urlTransform={allowedUrl}
        >
          {source}
        </ReactMarkdown>
      </Live>
    </div>
  );
});
