/* The list of chats. What the page knows of them is put together in thread_pages.js; here it is grouped by date,
   rendered as far as it is visible, and more is asked for as one scrolls.

   It is one stop of the Tab key: the open chat, or the first. The arrow keys move within it, the right one to the
   menu of a chat. */

import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { useNavigate } from "react-router";
import Archive from "lucide-react/dist/esm/icons/archive.mjs";
import { useCommand } from "../commands/registry.js";
import { shared } from "../prose/store.js";
import { here } from "../shared/base.js";
import { showSidebar } from "./look.jsx";
import { SelectionBar } from "./selection_bar.jsx";
import { grouping, untilTomorrow, withHeadings } from "./thread_groups.js";
import { EMPTY, rowsOf, withChanges, withNewest, withOlder, withoutArchive } from "./thread_pages.js";
import { ThreadRow } from "./thread_row.jsx";
import { NONE, begin, chosen, everything, extended, toggled } from "./thread_selection.js";
import { useWindow } from "./thread_window.js";
import { offerUndo, undoNow } from "./undo_toast.jsx";

const NEAR = 600; // px above the end of the list at which more is asked for
const MOST_EMPTY = 5; // pages without a chat to show, after which the person is asked
const MOST_AT_ONCE = 100; // MOST in state/thread_actions.py
const LONGEST_TIMER = 3_600_000; // ms

const archiveShown = shared(false);

const STEPS = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (at, count) => count - 1,
};

function reduce(known, [kind, ...given]) {
  if (kind === "newest") return withNewest(known, ...given);
  if (kind === "older") return withOlder(known, ...given);
  if (kind === "changes") return withChanges(known, ...given);
  return withoutArchive(known);
}

/* The current day; another one when it ends, also after the computer has slept. */
function useToday() {
  const [today, setToday] = useState(null); // the page is made elsewhere, in another time zone
  useEffect(() => {
    let timer = 0;
    const look = () => {
      const now = new Date();
      setToday((known) => (known?.toDateString() === now.toDateString() ? known : now));
      clearTimeout(timer);
      timer = setTimeout(look, Math.min(untilTomorrow(now) + 1000, LONGEST_TIMER));
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return today;
}

/* What the page knows of the threads, and how to ask for more. */
function useThreads({ links, newest, older, changes, loaded, isArchive, onOlder }) {
  const [known, put] = useReducer(reduce, EMPTY);
  const asked = useRef({ after: null, isArchive: false, number: 0, empty: 0 });
  const [problem, setProblem] = useState(""); // "failed", "empty"
  useEffect(() => {
    if (loaded) put(["newest", links, newest]);
  }, [links, newest, loaded]);
  useEffect(() => put(["changes", changes]), [changes]);
  useEffect(() => {
    const { after, isArchive: wasArchive } = asked.current;
    if (older.after !== after || older.is_archived !== wasArchive || older.number === asked.current.number) return;
    const empty = older.rows.length ? 0 : asked.current.empty + 1;
    asked.current = { after: null, isArchive: wasArchive, number: older.number, empty };
    put(["older", older]);
    setProblem(older.failed ? "failed" : empty >= MOST_EMPTY && older.cursor ? "empty" : "");
  }, [older]);
  useEffect(() => {
    if (isArchive) put(["archive"]);
    setProblem("");
    asked.current = { ...asked.current, after: null, empty: 0 };
  }, [isArchive]);
  const list = isArchive ? known.archive : known.main;
  const hasMore = isArchive ? !list.isRead || list.cursor !== "" : list.isRead && list.cursor !== "";
  const ask = () => {
    if (!hasMore || asked.current.after !== null) return;
    asked.current = { ...asked.current, after: list.cursor, isArchive };
    setProblem("");
    onOlder(list.cursor, isArchive);
  };
  return { known, hasMore, problem, ask, isRead: isArchive ? list.isRead : loaded };
}

export function ThreadList(props) {
  const { links, newest, older, found, changes, loaded, open, label, keys, words } = props;
  const { onOlder, onFind, onRename, onPin, onArchive, onDelete, onUndo } = props;
  const navigate = useNavigate();
  const isArchive = archiveShown.use();
  const today = useToday();
  const { known, hasMore, problem, ask, isRead } = useThreads({ links, newest, older, changes, loaded, isArchive, onOlder });
  const box = useRef(null);
  const [stop, setStop] = useState("");
  const [edited, setEdited] = useState("");
  const [selection, setSelection] = useState(NONE);
  const [wanted, setWanted] = useState(""); // the chat that gets the focus as soon as it is rendered

  const rows = useMemo(() => rowsOf(known, isArchive), [known, isArchive]);
  const order = useMemo(() => rows.map(({ id }) => id), [rows]);
  const items = useMemo(() => (today ? withHeadings(rows, grouping(words, today)) : []), [rows, today]);
  const isListed = useMemo(() => new Set(order), [order]);
  const { shown, height, reveal } = useWindow(box, items, wanted || edited || stop);

  // The open chat may be far down: it is shown above all others until the pages have come there.
  const isFar = loaded && !isArchive && open !== "" && !isListed.has(open) && hasMore;
  useEffect(() => {
    if (isFar) onFind(open);
  }, [isFar, open]);
  const change = known.changes.get(open);
  const far = isFar && !change?.is_gone && found.find(({ id }) => id === open);
  const farRow = far && { ...far, ...change?.row, ...change?.patch };
  const all = farRow && !farRow.is_archived ? [open, ...order] : order;

  useEffect(() => {
    const more = () => {
      const { scrollTop, clientHeight, scrollHeight } = box.current;
      if (clientHeight > 0 && scrollTop + clientHeight > scrollHeight - NEAR && !problem) ask();
    };
    more();
    const element = box.current;
    const resized = new ResizeObserver(more);
    resized.observe(element);
    element.addEventListener("scroll", more, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", more);
    };
  });

  useEffect(() => {
    setSelection(NONE);
    setEdited("");
  }, [isArchive]);

  useLayoutEffect(() => {
    const row = wanted && box.current.querySelector(`[data-row="${wanted}"]`);
    const target = row && (row.querySelector("[type=checkbox]") ?? row.querySelector("a"));
    if (!target) return;
    target.focus();
    setWanted("");
  });
  const focus = (id) => {
    if (!id) return;
    reveal(id);
    setStop(id);
    setWanted(id);
  };

  const inParts = (ids, send) => {
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE) send(ids.slice(at, at + MOST_AT_ONCE));
  };
  /* What takes rows away leaves the focus at what comes after them. */
  const without = (ids) => {
    const hasFocus = box.current.parentElement.contains(document.activeElement);
    const gone = new Set(ids);
    const at = all.findIndex((id) => gone.has(id));
    const next = all.slice(at).find((id) => !gone.has(id)) ?? all.slice(0, at).findLast((id) => !gone.has(id));
    if (hasFocus && next) focus(next);
    else if (hasFocus) box.current.focus();
    setSelection(NONE);
  };
  const act = {
    edit: setEdited,
    rename: (id, title, hasFocus) => {
      setEdited("");
      if (title) onRename(id, title);
      if (hasFocus) focus(id);
    },
    pin: (ids, isPinned) => inParts(ids, (part) => onPin(part, isPinned)),
    archive: (ids, isArchived) => {
      without(ids);
      inParts(ids, (part) => onArchive(part, isArchived));
    },
    remove: (ids) => {
      without(ids);
      inParts(ids, (part) => onDelete(part));
      const wasOpen = ids.includes(open);
      if (wasOpen) navigate("/");
      offerUndo(ids.length, () => {
        inParts(ids, (part) => onUndo(part));
        if (!wasOpen) focus(ids[0]);
        else if (here() === "/") navigate(`/t/${open}`);
      });
    },
    select: (id) => {
      setSelection(begin(id));
      focus(id);
    },
    choose: (id, isRange) => {
      if (!selection.isOn) focus(id); // its link is no more what the keys are for
      setSelection((now) => (isRange ? extended(now.isOn ? now : begin(all.includes(open) ? open : id), id, all) : toggled(now, id)));
    },
  };
  // The rows are drawn anew only where something of theirs has changed.
  const acts = useRef(act);
  acts.current = act;
  const stable = useMemo(
    () => Object.fromEntries(Object.keys(act).map((name) => [name, (...given) => acts.current[name](...given)])),
    [],
  );

  /* The open chat, also one of the archive, which is not in this list. */
  const openRow = () => {
    const listed = farRow || [rows, rowsOf(known, !isArchive)].flat().find(({ id }) => id === open);
    return { ...listed, ...change?.patch };
  };
  const isPossible = () => open !== "" && !change?.is_gone;
  const isPinned = () => Boolean(openRow().is_pinned);
  const isArchived = () => Boolean(openRow().is_archived);
  useCommand("pin", { isPossible, run: () => act.pin([open], !isPinned()), isOn: isPinned });
  useCommand("archive", { isPossible, run: () => act.archive([open], !isArchived()), isOn: isArchived });
  useCommand("delete", { isPossible, run: () => act.remove([open]) });

  const onKeyDown = (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const row = event.target.closest("[data-row]");
    const id = row?.dataset.row;
    const isOnRow = id && event.target.matches("a, [type=checkbox]");
    const take = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if ((ctrlKey || metaKey) && !altKey && !shiftKey) {
      if (key.toLowerCase() === "z" && undoNow()) take();
      if (key.toLowerCase() === "a" && selection.isOn) {
        take();
        setSelection(everything(all));
      }
      return;
    }
    if (altKey || ctrlKey || metaKey) return;
    if (key === "Escape" && selection.isOn) {
      take();
      setSelection(NONE);
      if (id) focus(id);
      return;
    }
    const more = row?.querySelector(".thread-more");
    if (event.target === more && (key === "ArrowLeft" || STEPS[key])) {
      take();
      focus(key === "ArrowLeft" ? id : all[STEPS[key](all.indexOf(id), all.length)]);
      return;
    }
    if (!isOnRow) return;
    if (key === "ArrowRight" && more) {
      take();
      more.focus();
    } else if (STEPS[key]) {
      take();
      const next = all[STEPS[key](all.indexOf(id), all.length)];
      if (shiftKey) setSelection((now) => extended(now.isOn ? now : begin(id), next, all));
      focus(next);
    } else if (shiftKey) {
      return;
    } else if (key === "F2") {
      take();
      setEdited(id);
    } else if (key === "Delete") {
      take();
      const ids = selection.isOn ? chosen(selection, all) : [id];
      if (ids.length) act.remove(ids);
    }
  };

  const leaveArchive = () => {
    archiveShown.set(false);
    const first = rowsOf(known)[0];
    if (first) focus(first.id);
    else box.current.focus();
  };

  const current = [stop, open, order[0]].find((id) => id && (isListed.has(id) || id === farRow?.id));
  const rowFor = (row, top) => (
    <ThreadRow
      key={row.id}
      row={row}
      top={top}
      isOpen={row.id === open}
      isStop={row.id === current}
      isEdited={row.id === edited}
      isSelecting={selection.isOn}
      isSelected={selection.ids.has(row.id)}
      words={words}
      act={stable}
    />
  );
  const count = selection.isOn ? chosen(selection, all).length : 0;
  return (
    <div className="thread-pane" onKeyDown={onKeyDown}>
      {isArchive && !selection.isOn && (
        <div className="archive-head">
          <h2>{words.archived}</h2>
          <button type="button" className="quiet-button" onClick={leaveArchive}>{words.back}</button>
        </div>
      )}
      {selection.isOn && (
        <SelectionBar
          count={count}
          isArchive={isArchive}
          words={words}
          onArchive={() => count && act.archive(chosen(selection, all), !isArchive)}
          onDelete={() => count && act.remove(chosen(selection, all))}
          onEnd={() => {
            setSelection(NONE);
            focus(current);
          }}
        />
      )}
      <div
        className="threads"
        role="group"
        tabIndex={-1}
        aria-label={label}
        aria-description={selection.isOn ? words.selecting : keys}
        data-selecting={selection.isOn || undefined}
        ref={box}
        onFocus={(event) => {
          const id = event.target.closest("[data-row]")?.dataset.row;
          if (id) setStop(id);
        }}
        onBlur={({ currentTarget, relatedTarget }) => {
          if (!currentTarget.contains(relatedTarget)) setStop("");
        }}
      >
        {farRow && !farRow.is_archived && (
          <div className="thread-far">
            <h3 className="thread-group">{words.openNow}</h3>
            {rowFor(farRow)}
          </div>
        )}
        <div className="thread-rows" style={height === undefined ? undefined : { height, position: "relative" }}>
          {shown.map(({ key, row, heading, top }) =>
            row ? (
              rowFor(row, top)
            ) : (
              <h3 key={key} className="thread-group" style={top === undefined ? undefined : { position: "absolute", top }}>
                {heading}
              </h3>
            ),
          )}
        </div>
        {isRead && !rows.length && !hasMore && <p className="none">{isArchive ? words.noneArchived : words.none}</p>}
        {hasMore && isRead && (
          <p className="none" aria-busy={!problem} data-testid="more-threads">
            {problem === "failed" ? words.notLoaded : !problem && words.loading}
            {problem && (
              <button type="button" className="quiet-button" onClick={ask}>
                {problem === "failed" ? words.tryAgain : words.loadMore}
              </button>
            )}
          </p>
        )}
      </div>
    </div>
  );
}

export function ArchiveButton({ label }) {
  const isArchive = archiveShown.use();
  useCommand("archived", {
    run: () => {
      archiveShown.set(!isArchive);
      showSidebar();
    },
    isOn: () => isArchive,
  });
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={isArchive}
      onClick={() => archiveShown.set(!isArchive)}
    >
      <Archive size="1.0625rem" strokeWidth={1.7} aria-hidden="true" />
    </button>
  );
}
