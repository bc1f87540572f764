/* Headings of answers. They are below the heading of their turn (level 2): the highest of an answer has level
   3, whichever the model began with, and the others follow. */

import { createContext, useContext } from "react";

/* The highest level that the model used in the answer, from 1 to 6; 0 outside of answers. */
export const HeadingBase = createContext(0);

function heading(Tag, level) {
  return function Heading({ node, children, ...rest }) {
    const base = useContext(HeadingBase);
    const shown = base ? Math.min(Math.max(level - base, 0) + 3, 6) : level;
    return (
      <Tag {...rest} aria-level={shown === level ? undefined : shown}>
        {children}
      </Tag>
    );
  };
}

export const HEADINGS = {
  h1: heading("h1", 1),
  h2: heading("h2", 2),
  h3: heading("h3", 3),
  h4: heading("h4", 4),
  h5: heading("h5", 5),
  h6: heading("h6", 6),
};
