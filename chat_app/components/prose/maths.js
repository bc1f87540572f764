/* Formulas that are too large or nested too deeply stay code: KaTeX and the renderer of its result recurse
   into every argument. */

import { textOf } from "./tree.js";

const MAX_LENGTH = 4_000; // characters
const MAX_COMMANDS = 200; // commands in a row: each may be the argument of the one before it
const MAX_BRACES = 50; // depth of nested groups

const COMMAND = /\\[A-Za-z]+/g;
const MATHS = new Set(["language-math", "math-inline", "math-display"]);

function isTooLarge(formula) {
  if (formula.length > MAX_LENGTH) return true;
  if ((formula.match(COMMAND) ?? []).length > MAX_COMMANDS) return true;
  let open = 0;
  for (const sign of formula) {
    if (sign === "{") open += 1;
    else if (sign === "}") open -= 1;
    if (open > MAX_BRACES) return true;
  }
  return false;
}

export function boundedMaths() {
  const visit = (node) => {
    const names = node.properties?.className;
    if (Array.isArray(names) && names.some((name) => MATHS.has(name))) {
      if (isTooLarge(textOf(node))) {
        node.properties.className = names.filter((name) => !MATHS.has(name));
      }
      return;
    }
    node.children?.forEach(visit);
  };
  return visit;
}
