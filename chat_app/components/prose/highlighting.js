/* Loads the highlighter (`highlighter.js`) on demand. */

let module = null; // once it is loaded
let loading = null;

/* The module, or null while it is not loaded. */
export const highlighter = () => module;

/* Resolves to the module; a failure is not kept, so that the next call tries again. */
export function loadHighlighter() {
  loading ??= import("./highlighter.js").then(
    (loaded) => (module = loaded),
    (failure) => {
      loading = null;
      throw failure;
    },
  );
  return loading;
}
