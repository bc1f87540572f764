/* Merges the React elements of the pieces of a long block. The elements of a piece are the same objects in
   each render, so that React updates only new ones. */

import { createElement, memo } from "react";
import { textOf } from "./tree.js";

const Slice = memo(({ children }) => children);
/* An element of its own per piece, so that the browser lays out only new lines. */
const Lines = memo(({ children }) => createElement("span", { className: "slice" }, children));

const isGap = (child) => typeof child === "string" && !child.trim();
const tagOf = ({ type, props }) => (typeof type === "string" ? type : props.node?.tagName);

export const childrenOf = ({ props: { children = [] } }) => (Array.isArray(children) ? children : [children]);

const split = new WeakMap(); // cache: children -> those before the last element, and the last element

function lastOf(children) {
  if (!split.has(children)) {
    const at = children.findLastIndex((child) => !isGap(child));
    const last = children[at];
    split.set(children, last?.props ? { before: children.slice(0, at), last } : {});
  }
  return split.get(children);
}

/* An element to which later pieces are appended. Its `parts` are such nodes, and lists of children; their
   key is that of the piece they come from. */
const node = (key, element) => ({
  key: `${key} open`,
  element,
  tag: element && tagOf(element),
  parts: element ? [{ key, list: childrenOf(element) }] : [],
  texts: [],
});

/* The last element in `parent`, if it has this tag, made into a node. */
function openLast(parent, tag) {
  const last = parent.parts.at(-1);
  if (!last) return null;
  if (!last.list) return last.tag === tag ? last : null;
  const found = lastOf(last.list);
  if (!found.last || tagOf(found.last) !== tag) return null;
  const made = node(last.key, found.last);
  if (tag === "pre") made.texts.push(textOf(found.last.props.node));
  parent.parts.splice(-1, 1, { key: last.key, list: found.before }, made);
  return made;
}

const INNER = { table: "tbody", pre: "code" };

/* The node to append a piece to: the innermost element of its path that exists. */
function placeIn(root, path) {
  let at = root;
  let depth = 0;
  for (const tag of path) {
    const next = openLast(at, tag);
    if (!next) break;
    at = next;
    depth += 1;
  }
  return { at, isWhole: depth === path.length };
}

/* The content of a piece to append to the element that its path ends in. */
export function addedTo(tag, content) {
  if (!tag || tag === "li" || tag === "blockquote") return { added: content, rest: [] };
  const at = content.findIndex((child) => !isGap(child));
  const first = content[at];
  const isSame = first?.props && (tagOf(first) === tag || (tag === "p" && /^h[12]$/.test(tagOf(first))));
  if (!isSame) return { added: content, rest: [], isOther: true };
  const inner = INNER[tag] && childrenOf(first).find((child) => child?.props && tagOf(child) === INNER[tag]);
  return { first, added: inner || !INNER[tag] ? childrenOf(inner ?? first) : [], rest: content.slice(at + 1) };
}

const withSpace = new WeakMap(); // cache: content -> content with the space before it

function spaced(added) {
  if (!withSpace.has(added)) withSpace.set(added, [" ", ...added]);
  return withSpace.get(added);
}

function add(root, { content, path, isSpaced }, key) {
  const tags = path ? path.split(" ") : [];
  const tag = tags.at(-1);
  const { at, isWhole } = placeIn(root, tags);
  const { first, added, rest, isOther } = addedTo(tag, content);
  if (isOther || (!isWhole && tag !== "p")) {
    root.parts.push({ key, list: content });
    return;
  }
  let into = at;
  if (isWhole && INNER[tag]) {
    if (tag === "pre") at.texts.push(textOf(first.props.node));
    into = openLast(at, INNER[tag]) ?? at;
    // A table without rows so far.
    if (into === at) {
      at.parts.push({ key, list: childrenOf(first).filter((child) => child?.props && tagOf(child) === INNER[tag]) });
      return;
    }
  }
  if (first && tag === "p" && isWhole && tagOf(first) !== "p") into.element = { ...into.element, type: first.type };
  into.parts.push({ key, list: isSpaced ? spaced(added) : added });
  if (rest.some((child) => !isGap(child))) root.parts.push({ key: `${key} rest`, list: rest });
}

const wholeCode = (pre, texts) => ({
  ...pre,
  children: [{ ...pre.children[0], children: [{ type: "text", value: texts.join("") }] }],
});

function drawn({ key, element, tag, parts, texts }) {
  const children = parts.map((part) =>
    part.list ? createElement(tag === "code" ? Lines : Slice, { key: part.key }, part.list) : drawn(part),
  );
  if (!element) return children;
  const { children: _, ...props } = element.props;
  if (tag === "pre" && texts.length) props.node = wholeCode(props.node, texts);
  return createElement(element.type, { ...props, key }, children);
}

/* The merged elements of all pieces and the open end. A piece is `{ content, path, isSpaced }`, or undefined
   while it is not parsed. */
export function joined(pieces, tail) {
  const root = node("root");
  pieces.forEach((piece, at) => piece && add(root, piece, at));
  if (tail) {
    const tags = tail.path.split(" ");
    const { at } = placeIn(root, tags);
    const inner = INNER[tags.at(-1)];
    ((inner && openLast(at, inner)) || at).parts.push({ key: "tail", list: [tail.content] });
  }
  return drawn(root);
}
