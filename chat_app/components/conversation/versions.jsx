/* "2 / 3": which version of a message or an answer is shown, and the buttons for the others.

   The conversation below the fork is another one after each press, so the column is told to stand still. Presses
   that come before the app has shown the version are counted, and the last one decides. */

import { useEffect, useRef } from "react";
import ChevronLeft from "lucide-react/dist/esm/icons/chevron-left.mjs";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import { isUp, tryAgain } from "../connection/connection.jsx";
import { announce } from "../shared/announce.js";
import { filled, useWords } from "../shared/words.jsx";
import { standStill } from "./scroll.jsx";
import { useBranches } from "./branches.jsx";

const LOST_AFTER = 10_000; // ms after which a version that was not shown may be asked for again

export function Versions({ id, number, count }) {
  const { running, does } = useBranches();
  const { versions } = useWords();
  const wanted = useRef(null); // the number that was asked for
  const timer = useRef();
  const ask = (version) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => (wanted.current = null), LOST_AFTER);
    does.show(id, version);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (wanted.current === null) return;
    if (wanted.current !== number && wanted.current <= count) return ask(wanted.current);
    wanted.current = null;
    clearTimeout(timer.current);
    announce(filled(versions.said, { number, count }));
  }, [number, id]);
  const press = (by) => (event) => {
    const version = Math.min(Math.max((wanted.current ?? number) + by, 1), count);
    if (running || version === (wanted.current ?? number)) return;
    if (!isUp()) return tryAgain();
    const isUnderWay = wanted.current !== null;
    wanted.current = version;
    standStill(event.currentTarget);
    if (!isUnderWay) ask(version);
  };
  const button = (label, Icon, by, isEnd) => (
    <button
      type="button"
      aria-label={label}
      title={running ? versions.afterAnswer : label}
      aria-disabled={isEnd || running || undefined}
      onClick={press(by)}
    >
      <Icon size="0.9375rem" strokeWidth={1.7} aria-hidden="true" />
    </button>
  );
  return (
    <span className="versions" role="group" aria-label={filled(versions.said, { number, count })} data-testid="versions">
      {button(versions.previous, ChevronLeft, -1, number <= 1)}
      <span>{filled(versions.version, { number, count })}</span>
      {button(versions.next, ChevronRight, 1, number >= count)}
    </span>
  );
}
