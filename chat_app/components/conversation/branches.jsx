/* What the rows of the open thread have in common: whether a run goes, which assistants there are, and what
   is done with a message. The rows themselves do not depend on it, so they are not rendered again with a run. */

import { createContext, useContext, useEffect, useMemo, useRef } from "react";
import { isUp, tryAgain } from "../connection/connection.jsx";
import { beginEdit, editOf } from "./editing.js";

const Branching = createContext({ running: false, options: [], fields: [], form: {}, refused: {}, does: {} });

export const useBranches = () => useContext(Branching);

/* The form of a message that is edited, by the id of the message; and what the app found wrong with it. */
export function Branches({ running, options, chosen, takes, fields, form, refused, limit, words, children, ...events }) {
  const latest = useRef(events);
  latest.current = events;
  // Without a connection nothing is done later, when it is no more expected: not once, and not for each press.
  const whenUp = (name) => (...given) => (isUp() ? latest.current[name](...given) : tryAgain());
  const does = useRef({
    edit: whenUp("onEdit"),
    regenerate: whenUp("onRegenerate"),
    show: whenUp("onShow"),
    fork: whenUp("onFork"),
    open: (...given) => latest.current.onOpen(...given),
    compare: whenUp("onCompare"),
  }).current;
  const seen = useRef(refused.count);
  const kept = useRef({ limit, words }).current; // the same for as long as the page is open
  useEffect(() => {
    if (refused.count > seen.current && !editOf(refused.id)) beginEdit(refused.id, refused.text);
    seen.current = refused.count;
  }, [refused.count]);
  const value = useMemo(
    () => ({ running, options, chosen, takes, fields, form, refused, does, ...kept }),
    [running, options, chosen, takes, fields, form, refused],
  );
  return <Branching value={value}>{children}</Branching>;
}
