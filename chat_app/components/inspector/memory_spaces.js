/* The namespaces of a store as a tree: each is a path of names, and a path may lead through names that are none. */

/** The roots: nodes with a `name`, a `path`, `children`, and `isSpace` where there are items right there. */
export function treeOf(spaces) {
  const root = { children: new Map() };
  for (const { names } of spaces) {
    let node = root;
    names.forEach((name, place) => {
      if (!node.children.has(name)) {
        node.children.set(name, { name, path: names.slice(0, place + 1), children: new Map(), isSpace: false });
      }
      node = node.children.get(name);
    });
    if (node !== root) node.isSpace = true;
  }
  const listed = ({ children }) => [...children.values()].map((node) => ({ ...node, children: listed(node) }));
  return listed(root);
}

/** A path in one word, as nothing else can be: no name has a dot. */
export const keyOf = (path) => path.join(".");

/** The names in what a person has written with dots between them. */
export const namesIn = (written) => written.split(".").map((name) => name.trim());
