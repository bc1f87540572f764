/* The button that copies: wherever something can be copied, it says in the same way whether it was. */

import { useEffect, useState } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import CopyIcon from "lucide-react/dist/esm/icons/copy.mjs";
import { copyText } from "./copying.js";

const COPIED = "Copied";
const SAID_FOR = 1500; // ms

/* What to say of the last attempt, for as long as it is news; its sign; and the next attempt. */
export function useCopy(icon = CopyIcon) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = said && setTimeout(() => setSaid(""), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (text) => setSaid((await copyText(text)) ? COPIED : "Could not copy");
  return { said, icon: said === COPIED ? Check : icon, copy };
}

/* `textOf` is asked when the button is pressed, with the button itself. */
export function CopyButton({ label, textOf, icon, ...rest }) {
  const { said, icon: Icon, copy } = useCopy(icon);
  return (
    <button type="button" aria-label={label} title={label} onClick={(event) => copy(textOf(event.currentTarget))} {...rest}>
      <Icon size={15} strokeWidth={1.7} aria-hidden="true" />
      <span className="unseen" role="status">{said}</span>
    </button>
  );
}
