/* Moves the keyboard's focus to what the agent asks, once for each question that comes first. */

import { useEffect, useRef, useState } from "react";
import { arrive, restore } from "./focus.js";

export function Asking({ asks, busy, thread }) {
  const [first = ""] = asks.map(({ key }) => key);
  const seen = useRef("");
  const [lost, setLost] = useState(0); // how often a card took the focus with it
  useEffect(() => {
    seen.current = "";
  }, [thread]);
  useEffect(() => {
    if (lost) seen.current = "";
  }, [lost]);
  useEffect(() => {
    if (!first) seen.current = "";
    if (!first || busy || first === seen.current) return;
    // Only then: while a run goes on, a card may be enabled for a moment, and disabled again.
    return arrive(first, () => (seen.current = first));
  }, [first, busy, thread, lost]);
  const keys = asks.map(({ key }) => key).join(" ");
  const were = useRef("");
  useEffect(() => {
    const isFewer = were.current && were.current !== keys;
    were.current = keys;
    if (!isFewer) return;
    const frame = requestAnimationFrame(() => {
      if (restore(keys !== "")) setLost((times) => times + 1);
    });
    return () => cancelAnimationFrame(frame);
  }, [keys]);
  return null;
}
