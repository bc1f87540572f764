/* The copy button, and the feedback of whether it worked; the same wherever something can be copied. */

import { useEffect, useState } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import CopyIcon from "lucide-react/dist/esm/icons/copy.mjs";
import { announce } from "../shared/announce.js";
import { useWords } from "../shared/words.jsx";
import { copyText } from "./copying.js";

const SAID_FOR = 1500; // ms

/* Returns the feedback of the last attempt (for a moment), its icon, and the function that copies. */
export function useCopy(icon = CopyIcon) {
  const words = useWords();
  const [last, setLast] = useState(""); // a key of the words
  useEffect(() => {
    const timer = last && setTimeout(() => setLast(""), SAID_FOR);
    return () => clearTimeout(timer);
  }, [last]);
  const copy = async (text) => {
    const outcome = (await copyText(text)) ? "copied" : "notCopied";
    setLast(outcome);
    announce(words[outcome]);
  };
  return { said: last && words[last], icon: last === "copied" ? Check : icon, copy };
}

/* `textOf` is called with the button when it is pressed. */
export function CopyButton({ label, textOf, icon, ...rest }) {
  const { said, icon: Icon, copy } = useCopy(icon);
  return (
    <button type="button" aria-label={label} title={label} onClick={(event) => copy(textOf(event.currentTarget))} {...rest}>
      <Icon size="0.9375rem" strokeWidth={1.7} aria-hidden="true" />
      <span className="unseen" aria-hidden="true">{said}</span>
    </button>
  );
}
