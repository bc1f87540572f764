/* GitHub's extensions of Markdown in comments: callouts, and line breaks as typed. */

const CALLOUT = /^\[!(note|tip|important|warning|caution)\][ \t]*/i;
const AS_TYPED = new Set(["code", "math", "pre"]);

const element = (tagName, properties = {}, children = []) => ({
  type: "element", tagName, properties, children,
});
const text = (value) => ({ type: "text", value });
const isGap = (node) => node.type === "text" && !node.value.trim();

/* `> [!NOTE]` at the start of a quote makes it a callout with its kind as the title. */
export function callouts() {
  const turn = (quote) => {
    const paragraph = quote.children.find((child) => !isGap(child));
    const [first, ...others] = (paragraph?.tagName === "p" && paragraph.children) || [];
    const [marker, name] = (first?.type === "text" && CALLOUT.exec(first.value)) || [];
    if (!marker) return;
    const kind = name.toLowerCase();
    const rest = first.value.slice(marker.length).replace(/^\n/, "");
    paragraph.children = rest ? [text(rest), ...others] : others;
    if (!rest && others[0]?.tagName === "br") paragraph.children.shift();
    if (paragraph.children.every(isGap)) quote.children.splice(quote.children.indexOf(paragraph), 1);
    const title = kind[0].toUpperCase() + kind.slice(1);
    quote.tagName = "div";
    quote.properties = { className: ["callout"], dataKind: kind, role: "note" };
    quote.children.unshift(element("p", { className: ["callout-title"] }, [text(title)]));
  };
  const visit = (node) => {
    if (node.tagName === "blockquote") turn(node);
    node.children?.forEach(visit);
  };
  return visit;
}

const WORDS = new Set(["p", "li", "h1", "h2", "h3", "h4", "h5", "h6"]);
const BLOCKS = new Set([
  ...WORDS, "blockquote", "details", "div", "hr", "ol", "pre", "table", "ul",
]);
const isBlock = (node) => !node || BLOCKS.has(node.tagName);

/* A line break in the text of a paragraph, heading or list item becomes a <br>. One after an explicit <br>
   is ignored, and so are line breaks between blocks. */
export function lineBreaks() {
  const broken = (value, after) => {
    const shown = after?.tagName === "br" ? value.replace(/^[ \t]*\n/, "") : value;
    const [first, ...lines] = shown.split("\n");
    return [text(first), ...lines.flatMap((line) => [element("br"), text(line)])];
  };
  const visit = (node, inWords) => {
    if (!node.children || AS_TYPED.has(node.tagName)) return;
    const areWords = inWords || WORDS.has(node.tagName);
    const children = [];
    node.children.forEach((child, at) => {
      const isBetweenBlocks =
        isGap(child) && (isBlock(node.children[at - 1]) || isBlock(node.children[at + 1]));
      if (areWords && child.type === "text" && child.value.includes("\n") && !isBetweenBlocks) {
        children.push(...broken(child.value, children.at(-1)));
        return;
      }
      visit(child, areWords && !isBlock(child));
      children.push(child);
    });
    node.children = children;
  };
  return (tree) => visit(tree, false);
}

/* The cells of a table's first row are the heads of its columns. */
export function columnHeads() {
  const visit = (node) => {
    if (node.tagName === "th") node.properties.scope = "col";
    node.children?.forEach(visit);
  };
  return visit;
}

const LONGEST_NAME = 200; // characters
const isList = ({ tagName }) => tagName === "ul" || tagName === "ol";

/* The checkbox of a task has the text of its item as a name, without the items below it. */
export function taskNames() {
  const own = (node) => (isList(node) ? [] : [node, ...(node.children ?? []).flatMap(own)]);
  const visit = (node) => {
    if (node.tagName === "li") {
      const inside = node.children.flatMap(own);
      const box = inside.find(({ tagName, properties }) => tagName === "input" && properties.type === "checkbox");
      const name = inside.map(({ type, value }) => (type === "text" ? value : "")).join("");
      if (box) box.properties.ariaLabel = name.replace(/\s+/g, " ").trim().slice(0, LONGEST_NAME) || "–";
    }
    node.children?.forEach(visit);
  };
  return visit;
}
