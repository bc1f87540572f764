/* Queries and transformations of the syntax tree of a block. */

/* The text of a node, as the model wrote it. */
export const textOf = (node) =>
  node.type === "text" ? node.value : (node.children ?? []).map(textOf).join("");

export const holds = (node, tag) =>
  node.tagName === tag || (node.children ?? []).some((child) => holds(child, tag));

/* Text direction: blocks get `dir="auto"`, which is the direction of their first letter, and their content
   is aligned to the same side. Code and formulas have a `dir` of their own, so that they do not count. */
export function direction() {
  const mark = (node, outermost) => {
    if (node.type !== "element") return;
    if (node.tagName === "code" || node.tagName === "math") node.properties.dir = "ltr";
    else if (outermost) node.properties.dir = "auto";
    node.children.forEach((child) => mark(child, false));
  };
  return (tree) => tree.children.forEach((child) => mark(child, true));
}

/* Removes bidirectional control characters from the text of links, which could disguise an address. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

export function straightLinks() {
  const visit = (node, inLink) => {
    if (inLink && node.type === "text") node.value = node.value.replace(TURNING, "");
    node.children?.forEach((child) => visit(child, inLink || node.tagName === "a"));
  };
  return (tree) => visit(tree, false);
}

/* Footnotes are an ordered list whose items begin with an empty link back to the text. The link is moved to
   the end of its note, where the reader needs it. */
export const NOTE = /^#(fn|fnref)-([\w.-]+)$/;

export function notes() {
  const isGap = (node) => node.type === "text" && !node.value.trim();
  const first = (node) => node.children.find((child) => !isGap(child));
  const takeBack = (item) => {
    const start = first(item);
    const holder = start?.tagName === "p" ? start : item;
    const link = first(holder) ?? {};
    const [, kind, key] = NOTE.exec(link.properties?.href ?? "") ?? [];
    if (kind !== "fnref" || textOf(link)) return null;
    holder.children.splice(0, holder.children.indexOf(link) + 1);
    return { link, key };
  };
  const turn = (item) => {
    const { link, key } = takeBack(item) ?? {};
    if (!link) return false;
    item.properties = { ...item.properties, id: `fn-${key}`, tabIndex: -1 };
    const last = item.children.findLast((child) => !isGap(child));
    const end = last?.tagName === "p" ? last : item;
    end.children.push({ type: "text", value: " " }, link);
    return true;
  };
  return (tree) => {
    for (const list of tree.children.filter((node) => node.tagName === "ol")) {
      const items = list.children.filter((node) => node.tagName === "li");
      if (items.map(turn).some(Boolean)) list.properties.className = ["footnotes"];
    }
  };
}
