/* Which file a name in the text of a model means, if any. */

const FILE = "#file:"; // marks the target of a link that is no address
const SCHEME = /^(?:sandbox:|file:\/\/)/i;
const bare = (path) => path.trim().replace(/^(?:\.?\/)+/, "");

/** The path of the one file with this path, or with this end of a path; empty where that is none or not
    clear. */
export function filesNamed(name, paths) {
  const wanted = bare(name);
  if (!wanted) return "";
  const same = paths.filter((path) => bare(path) === wanted);
  const found = same.length ? same : paths.filter((path) => path.endsWith(`/${wanted}`));
  return found.length === 1 ? found[0] : "";
}

/** The target of a link that may name a file, as one that leads nowhere; empty if it cannot. */
export function fileTarget(url) {
  const path = url.replace(SCHEME, "");
  if (!path || /^(?:[a-z][a-z0-9+.-]*:|#|\/\/|\\)/i.test(path)) return "";
  return FILE + encodeURIComponent(path.toWellFormed());
}

/** The name in such a target; empty for any other. */
export function nameIn(target) {
  if (!target.startsWith(FILE)) return "";
  const encoded = decodeURIComponent(target.slice(FILE.length));
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
