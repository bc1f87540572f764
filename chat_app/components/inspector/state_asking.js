/* What the State tab asks the routes of its thread: see chat_app/routes/inspect/states.py. */

import { useCallback, useEffect, useRef, useState } from "react";

const RUNNING = 700; // ms between two looks at the state
const AT_REST = 2000;
const SHARE = 6; // a look that takes long is taken less often

/** The JSON that a route answers with; throws what it says where it does not. */
export async function ask(address, route, query, signal) {
  const answer = await fetch(`${address}/${route}?${new URLSearchParams(query)}`, { signal });
  if (!answer.ok) throw new Error(answer.headers.get("content-type")?.startsWith("text/plain") ? await answer.text() : "");
  return answer.json();
}

/** The state that is looked at: the one that is `selected`, or what the chat shows, with its first rows; and which
    checkpoint is the newest. `of` is what was selected when it was asked for: another one than now until the answer
    is there. Live while the page is visible, one request at a time. */
export function useShownState(address, isRunning, selected, base) {
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState("");
  const [asked, setAsked] = useState(0);
  const known = useRef(null);
  useEffect(() => {
    const ending = new AbortController();
    let timer = null;
    let isAsking = false;
    const wanted = `${address} ${selected} ${base}`;
    async function look() {
      clearTimeout(timer);
      if (isAsking || document.hidden || ending.signal.aborted) return;
      isAsking = true;
      const begun = performance.now();
      const has = known.current?.wanted === wanted ? known.current.id : "";
      try {
        const query = { checkpoint: selected, base, known: has };
        const told = await ask(address, "state", query, ending.signal);
        if (ending.signal.aborted) return;
        setProblem(told.problem ?? "");
        if (told.same) setFound((was) => withHead(was, told));
        else if (!told.problem) {
          known.current = { wanted, id: told.checkpoint?.id ?? "" };
          setFound({ ...told, of: selected });
        }
      } catch (error) {
        if (ending.signal.aborted) return;
        setProblem(error.message || " ");
      }
      isAsking = false;
      const took = performance.now() - begun;
      timer = setTimeout(look, Math.max(isRunning ? RUNNING : AT_REST, took * SHARE));
    }
    document.addEventListener("visibilitychange", look);
    look();
    return () => {
      ending.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [address, isRunning, selected, base, asked]);
  return [found, problem, useCallback(() => setAsked((count) => count + 1), [])];
}

const withHead = (was, { newest, shown }) =>
  !was || (was.newest === newest && was.shown === shown) ? was : { ...was, newest, shown };

/** The checkpoints that were read so far, newest first, and a function that reads older ones; null at the end. */
export function useHistory(address, newest, isWanted) {
  const [rows, setRows] = useState([]);
  const [before, setBefore] = useState("");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!isWanted || !newest) return undefined;
    const ending = new AbortController();
    ask(address, "history", {}, ending.signal)
      .then((page) => {
        setProblem(page.problem ?? "");
        setRows((known) => joined(page.rows, known));
        setBefore((was) => was || page.before);
      })
      .catch((error) => ending.signal.aborted || setProblem(error.message || " "));
    return () => ending.abort();
  }, [address, newest, isWanted]);
  const more = async () => {
    try {
      const page = await ask(address, "history", { before });
      setRows((known) => [...known, ...page.rows.filter(({ id }) => !known.some((row) => row.id === id))]);
      setBefore(page.before);
    } catch (error) {
      setProblem(error.message || " ");
    }
  };
  return { rows, problem, more: before ? more : null };
}

/* The newest page, and after it what was read before and is older: nothing where there may be more between. */
function joined(page, known) {
  const last = known.findIndex(({ id }) => id === page.at(-1)?.id);
  return last < 0 ? page : [...page, ...known.slice(last + 1)];
}
