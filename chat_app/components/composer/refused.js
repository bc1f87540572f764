/* Refused files and sending: the first attempt says what would be left out, the second one leaves it out. */

import { useState } from "react";

/** `refused` are files without an id. Returns the sentence to show, and `stops`: whether this attempt to
    send is one too early, given whether there is something to send without these files. */
export function useLeavingOut({ refused, words }) {
  const [told, setTold] = useState({ keys: "" });
  const keys = refused.map(({ key }) => key).join();
  const stops = (isRest) => {
    if (!keys || (isRest && told.isRest && told.keys === keys)) return false;
    setTold({ keys, isRest });
    return true;
  };
  if (!keys || told.keys !== keys) return { sentence: "", stops };
  const [one, many] = told.isRest ? words.leftOut : words.nothingLeft;
  const label = refused[0].name || words[refused[0].kind];
  const sentence = refused.length === 1 ? one.replace("{name}", () => label) : many.replace("{count}", refused.length);
  return { sentence, stops };
}
