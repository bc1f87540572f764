/* Leads to the message that the address names, once its thread is on the page. The app puts the rows there; here
   they are scrolled to and highlighted. */

import { useEffect, useRef } from "react";
import { useLocation } from "react-router";
import { named } from "../shared/message_address.js";
import { clearHighlight, highlight } from "./find.js";
import { jumpTo } from "./jump.js";

const SHOWN = "data-found";

const isOf = (place) => (row) => row.dataset.key === String(place) || row.dataset.key?.startsWith(`${place}.`);

export function Find({ thread, count, place, request, onFind }) {
  const { pathname, hash, key } = useLocation();
  const wanted = useRef(null);
  const isThere = Boolean(thread) && pathname === `/t/${thread}` && count > 0;
  useEffect(() => {
    wanted.current = null;
    clearHighlight();
    for (const row of document.querySelectorAll(`[${SHOWN}]`)) row.removeAttribute(SHOWN);
    const asked = isThere ? named(hash) : null;
    if (!asked) return;
    wanted.current = { ...asked, request: `${key} ${Date.now()}` };
    onFind(asked.message, asked.query, wanted.current.request);
  }, [isThere, hash, key]);
  useEffect(() => {
    const { query, request: mine } = wanted.current ?? {};
    if (!mine || request !== mine) return;
    wanted.current = null;
    const rows = [...document.querySelectorAll("#conversation .turn > .row")].filter(isOf(place));
    if (!rows.length) return;
    const first = highlight(rows, query);
    const row = rows.find((each) => first && each.contains(first.startContainer)) ?? rows[0];
    jumpTo(row, first);
    row.setAttribute(SHOWN, "");
  }, [request, place]);
  return null;
}
