/* Commands from Python: buttons that give one, and events that do one. */

import { perform, useCommand } from "./registry.js";

/** A button that gives a command, and is not what does it. */
export function CommandButton({ command, label, className = "icon-button", children, ...rest }) {
  return (
    <button type="button" className={className} aria-label={label} onClick={() => perform(command)} {...rest}>
      {children}
    </button>
  );
}

/** Renders nothing: does a command while it is on the page. */
export function Action({ command, possible = true, onRun }) {
  useCommand(command, { isPossible: () => possible, run: onRun });
  return null;
}
