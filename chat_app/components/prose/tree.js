/* Questions to the tree of a block, and changes to it. */

/* The text of a node, as the model wrote it. */
export const textOf = (node) =>
  node.type === "text" ? node.value : (node.children ?? []).map(textOf).join("");

export const holds = (node, tag) =>
  node.tagName === tag || (node.children ?? []).some((child) => holds(child, tag));

/* Blocks that may be written from right to left find out by their first letter; all within them
   stands on the same side. Code and formulas have no say in it, which their own `dir` tells. */
export function direction() {
  const mark = (node, outermost) => {
    if (node.type !== "element") return;
    if (node.tagName === "code" || node.tagName === "math") node.properties.dir = "ltr";
    else if (outermost) node.properties.dir = "auto";
    node.children.forEach((child) => mark(child, false));
  };
  return (tree) => tree.children.forEach((child) => mark(child, true));
}

/* The text of a link cannot turn its own letters round: what reads like an address is one. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

export function straightLinks() {
  const visit = (node, inLink) => {
    if (inLink && node.type === "text") node.value = node.value.replace(TURNING, "");
    node.children?.forEach((child) => visit(child, inLink || node.tagName === "a"));
  };
  return (tree) => visit(tree, false);
}

/* Footnotes come as an ordered list whose items begin with an empty link back to the text. The link
   moves to the end of its note, where a reader is when looking for it. */
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
