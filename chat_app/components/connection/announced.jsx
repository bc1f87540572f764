/* Announces a sentence once, for a notice whose countdown must not be read out each second. */

import { useEffect } from "react";
import { announce } from "../shared/announce.js";

export function Announced({ sentence }) {
  useEffect(() => {
    if (sentence) announce(sentence);
  }, [sentence]);
  return null;
}
