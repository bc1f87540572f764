/* The first stop of the Tab key: a link past the sidebar. It also describes the keys that move between the
   parts of the page, for the text box to refer to. */

import { useLostFocus } from "../shared/lost_focus.js";
import { usePaneCommands } from "./panes.js";

export function SkipLink({ label, keys }) {
  usePaneCommands();
  useLostFocus();
  const skip = (event) => {
    event.preventDefault(); // the router would add the fragment to the history
    document.getElementById("conversation")?.focus();
  };
  return (
    <>
      <a href="#conversation" className="skip" onClick={skip}>{label}</a>
      <p id="pane-keys" hidden>{keys}</p>
    </>
  );
}
