/* Moves the keyboard's focus to what the agent asks, once for each question that comes first. */

import { useEffect, useRef } from "react";
import { arrive, restore } from "./focus.js";

export function Asking({ asks, busy, thread }) {
  const [first = ""] = asks.map(({ key }) => key);
  const seen = useRef("");
  useEffect(() => {
    seen.current = "";
  }, [thread]);
  useEffect(() => {
    if (!first) seen.current = "";
    if (!first || busy || first === seen.current) return;
    seen.current = first;
    return arrive(first);
  }, [first, busy, thread]);
  const keys = asks.map(({ key }) => key).join(" ");
  const were = useRef("");
  useEffect(() => {
    const isFewer = were.current && were.current !== keys;
    were.current = keys;
    if (!isFewer) return;
    const frame = requestAnimationFrame(() => restore(keys ? keys.split(" ") : []));
    return () => cancelAnimationFrame(frame);
  }, [keys]);
  return null;
}
