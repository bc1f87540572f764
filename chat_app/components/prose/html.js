/* HTML in Markdown. It is never parsed as HTML: the parser leaves each tag in the tree as a `raw` node. The
   harmless elements of the allow list are built from those nodes; comments are dropped; everything else
   stays a `raw` node, which react-markdown shows as text. */

const INLINE = new Set(["del", "ins", "kbd", "mark", "s", "sub", "sup", "u"]);
const BLOCK = new Set(["details", "summary"]);
const KEPT = { details: new Set(["open"]) };
const DROPPED = /^(?:align|cite|class|datetime|dir|id|lang|style|title|data-[\w-]+)$/;
const TAKING_BLOCKS = new Set(["blockquote", "li", "td", "th"]);
const MOST_NESTED = 16; // depth of nested elements; deeper ones stay text

const TAG = /<(\/?)([a-z]+)((?:\s[^<>]*)?\/?)>/iy;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?|\S/g;

/* The attributes to set, or null if one is not allowed: the tag then stays text. */
function attributes(name, source) {
  const kept = {};
  for (const [, attribute] of source.replace(/\/\s*$/, "").matchAll(ATTRIBUTE)) {
    const lower = attribute?.toLowerCase();
    if (lower && KEPT[name]?.has(lower)) kept[lower] = true;
    else if (!lower || !DROPPED.test(lower)) return null;
  }
  return kept;
}

function tagAt(html, at) {
  TAG.lastIndex = at;
  const [source, slash, written, rest] = TAG.exec(html) ?? [];
  if (!source) return null;
  const name = written.toLowerCase();
  if (name !== "br" && !INLINE.has(name) && !BLOCK.has(name)) return null;
  const properties = slash ? (rest.trim() ? null : {}) : attributes(name, rest);
  return properties && { kind: slash ? "close" : "open", name, properties, source };
}

/* The parts of a raw node: `{ kind, source }`, for a tag also its `name` and `properties`. */
function* parts(html) {
  let start = 0;
  let at = html.indexOf("<");
  while (at >= 0) {
    const isComment = html.startsWith("<!--", at);
    const end = isComment ? html.indexOf("-->", at + 2) : -1;
    const part = end >= 0 ? { kind: "comment", source: html.slice(at, end + 3) } : tagAt(html, at);
    if (part) {
      if (start < at) yield { kind: "text", source: html.slice(start, at) };
      yield part;
      start = at + part.source.length;
    } else if (isComment) {
      break; // An unclosed comment: no comment after it can be closed either.
    }
    at = html.indexOf("<", part ? start : at + 1);
  }
  if (start < html.length) yield { kind: "text", source: html.slice(start) };
}

const element = (tagName, properties = {}, children = []) => ({
  type: "element", tagName, properties, children,
});
const raw = (value) => ({ type: "raw", value });
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: "\u00a0" };
const decoded = (text) => text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name) => ENTITIES[name]);
const isGap = (node) => node.type === "text" && !node.value.trim();

/* Builds the new children of one element from its old ones, in order. */
class Builder {
  constructor(parent) {
    this.parent = parent;
    this.children = [];
    this.open = []; // { name, source, node }, outermost first
    this.takesBlocks = parent.type === "root" || TAKING_BLOCKS.has(parent.tagName);
  }

  get target() {
    return this.open.at(-1)?.node.children ?? this.children;
  }

  isOpen(name) {
    return this.open.some((frame) => frame.name === name);
  }

  take({ kind, name, properties, source }) {
    if (kind === "comment") return;
    if (kind === "text") this.target.push(raw(this.open.length ? decoded(source) : source));
    else if (name === "br") this.target.push(element("br"));
    else if (kind === "close") this.close(name, source);
    else if (this.mayOpen(name)) this.open.push({ name, source, node: element(name, properties) });
    else this.target.push(raw(source));
  }

  mayOpen(name) {
    if (this.open.length >= MOST_NESTED) return false;
    if (name === "summary") return this.open.at(-1)?.name === "details";
    return this.takesBlocks || !BLOCK.has(name);
  }

  close(name, source) {
    if (!this.isOpen(name)) {
      this.target.push(raw(source));
      return;
    }
    while (this.open.at(-1).name !== name) this.abandon();
    this.finish();
  }

  finish() {
    const { node } = this.open.pop();
    this.target.push(node);
  }

  /* An unclosed tag is text, followed by the nodes that came after it. */
  abandon() {
    const { source, node } = this.open.pop();
    for (const child of [raw(source), ...node.children]) this.target.push(child);
  }

  abandonInline() {
    while (this.open.length && INLINE.has(this.open.at(-1).name)) this.abandon();
  }

  end(isGrowing) {
    while (this.open.length) isGrowing ? this.finish() : this.abandon();
    return this.children;
  }
}

/* `live`: the text still grows, so an element that is open at its end may still be closed. */
export function allowedHtml({ live = false } = {}) {
  /* Processes the children of `parent`. `isLast`: the text ends in it. `inDetails`: it is within <details>,
     which a paragraph in it may close; returns whether one did. */
  const settle = (parent, isLast, inDetails) => {
    const builder = new Builder(parent);
    const last = parent.children.findLast((child) => !isGap(child));
    let closes = false;
    for (const child of parent.children) {
      const isEnd = isLast && child === last;
      if (child.type === "raw") {
        for (const part of parts(child.value)) {
          const isOuter = part.kind === "close" && part.name === "details" && !builder.isOpen("details");
          if (isOuter && inDetails) closes = true;
          else builder.take(part);
        }
        // Elements in an HTML block end with it; those in a paragraph may continue.
        if (parent.type === "root" && !(live && isEnd)) builder.abandonInline();
        continue;
      }
      const isOver = child.children && settle(child, isEnd, inDetails || builder.isOpen("details"));
      builder.target.push(child);
      if (!isOver) continue;
      if (builder.isOpen("details")) builder.close("details", "");
      else closes = true;
    }
    parent.children = builder.end(live && isLast);
    return closes;
  };
  return (tree) => {
    settle(tree, true, false);
  };
}
