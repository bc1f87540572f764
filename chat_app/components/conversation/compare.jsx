/* Two versions side by side, one below the other where there is no room. The words that differ are marked. */

import { Children, useEffect, useRef, useState } from "react";
import { Dialog } from "../shared/dialog.jsx";
import { filled, useWords } from "../shared/words.jsx";
import { markDifferences, unmark } from "./compare_marks.js";

const SETTLE = 120; // ms after the last change of the texts, which are drawn block by block

/* Marks the words again whenever the texts have changed; returns "marked", "same" or "". */
function useMarks(frame, isReady) {
  const [told, setTold] = useState("");
  useEffect(() => {
    if (!isReady || !frame.current) return setTold("");
    let timer = 0;
    const mark = () => setTold(markDifferences(...frame.current.querySelectorAll(".compare-log")));
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(mark, SETTLE);
    };
    soon();
    const changes = new MutationObserver(soon);
    for (const log of frame.current.querySelectorAll(".compare-log"))
      changes.observe(log, { childList: true, subtree: true, characterData: true });
    return () => {
      clearTimeout(timer);
      changes.disconnect();
      unmark();
    };
  }, [isReady]);
  return told;
}

export function Compare({ compared, onChoose, onShow, onClose, children }) {
  const { id, left = 0, right = 0, shown = 0, count = 0, reading, problem } = compared;
  const { comparison, versions } = useWords();
  const frame = useRef(null);
  const told = useMarks(frame, Boolean(id) && !reading && !problem);
  const logs = Children.toArray(children);
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const side = (name, number, log, choose) => (
    <section className="compare-side" aria-label={filled(versions.said, { number, count })} data-testid={`compare-${name}`}>
      <header>
        <select className="pill" aria-label={comparison[name]} value={number} onChange={({ target }) => choose(Number(target.value))}>
          {numbers.map((one) => (
            <option key={one} value={one}>{filled(versions.said, { number: one, count })}</option>
          ))}
        </select>
        {number === shown ? (
          <small>{comparison.shown}</small>
        ) : (
          <button type="button" className="quiet-button" onClick={() => show(number)}>{comparison.show}</button>
        )}
      </header>
      {log}
    </section>
  );
  const show = (number) => {
    onShow(id, number);
    onClose();
  };
  return (
    <Dialog open={Boolean(id)} title={comparison.title} onClose={onClose} className="compare">
      <p className="compare-told" role="status">{problem || (reading ? comparison.reading : comparison[told])}</p>
      <div className="dialog-body compare-sides" ref={frame} aria-busy={reading || undefined}>
        {side("left", left, logs[0], (number) => onChoose(id, number, right))}
        {side("right", right, logs[1], (number) => onChoose(id, left, number))}
      </div>
    </Dialog>
  );
}
