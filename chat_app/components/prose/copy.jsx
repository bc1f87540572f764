/* The copy button, and the feedback of whether it worked; the same wherever something can be copied. */

import { useEffect, useState } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import CopyIcon from "lucide-react/dist/esm/icons/copy.mjs";
import { copyText } from "./copying.js";

const COPIED = "Copied";
const SAID_FOR = 1500; // ms

/* Returns the feedback of the last attempt (for a moment), its icon, and the function that copies. */
export function useCopy(icon = CopyIcon) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = said && setTimeout(() => setSaid(""), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (text) => setSaid((await copyText(text)) ? COPIED : "Could not copy");
  return { said, icon: said === COPIED ? Check : icon, copy };
}

/* `textOf` is called with the button when it is pressed. */
export function CopyButton({ label, textOf, icon, ...rest }) {
  const { said, icon: Icon, copy } = useCopy(icon);
  return (
    <button type="button" aria-label={label} title={label} onClick={(event) => copy(textOf(event.currentTarget))} {...rest}>
      <Icon size={15} strokeWidth={1.7} aria-hidden="true" />
      <span className="unseen" role="status">{said}</span>
    </button>
  );
}
