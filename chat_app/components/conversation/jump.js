/* Scrolling to a row of the conversation: the column that scrolls holds it there while what is above changes. */

let scroller = null;

/** The column says how it jumps: `jump(row, top)` lets a row begin so many pixels below its upper edge. */
export function onJump(jump) {
  scroller = jump;
  return () => {
    if (scroller === jump) scroller = null;
  };
}

/** Lets a place in a row be in the upper third of the column. */
export function jumpTo(row, range) {
  const box = row.closest(".scroll");
  if (!box || !scroller) return;
  const place = (range ?? row).getBoundingClientRect();
  const above = place.top - row.getBoundingClientRect().top;
  scroller(row, box.clientHeight / 3 - above);
}
