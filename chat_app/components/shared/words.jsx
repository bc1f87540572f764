/* The labels and sentences of the page, for components that are too deep inside others to get them as
   props. Python gives them once, see chat_app/components/shared/words.py. */

import { createContext, useContext, useState } from "react";
import { filled } from "./filled.js";

export const Words = createContext({});

export const useWords = () => useContext(Words);

/* They are the same for as long as the page is open, so that no new object draws everything anew. */
export function WordsProvider({ words, children }) {
  const [kept] = useState(words);
  return <Words value={kept}>{children}</Words>;
}

export { filled };

/* A number of things in words: `forms` are the text for one, and for any other number. */
export function counted(forms, count, language) {
  const [one, many] = forms;
  return filled(count === 1 ? one : many, { count: count.toLocaleString(language) });
}
