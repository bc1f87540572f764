/* What the live region says about the open thread: a message was sent, a tool started, the agent needs the
   person, the answer is finished. The log itself is no live region: it changes with every token, and a
   screen reader would interrupt itself all the time. Nothing here runs per token. */

import { useEffect, useRef } from "react";
import { announce } from "../shared/announce.js";
import { filled, useWords } from "../shared/words.jsx";
import { answerRows } from "../navigation/panes.js";

const MOST = 300; // characters of an answer
const SETTLE = 150; // ms: the last block is rendered by a component of its own, a moment later
const GROUP = 400; // ms in which tools that start are announced together
const NAMED = 3; // of these, the others are counted
const STEPS = new Set(["tool", "agent", "handoff"]);
const GOING = new Set(["writing", "running"]);

/* `get_weather` as "Get weather". */
const readable = (name) => {
  const spaced = name.replace(/[_\-.]+/g, " ").trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};
const stepName = (row) => row.sentence || row.title || readable(row.agent || row.name || "");

function listed(names, { more, language }) {
  const shown = names.length > NAMED + 1 ? [...names.slice(0, NAMED), filled(more, { count: names.length - NAMED })] : names;
  return new Intl.ListFormat(language).format(shown);
}

/* A short label as a sentence. */
const asSentence = (label) => (/[.!?…]$/.test(label) ? label : `${label}.`);

const labelOf = (option) => option?.label || option?.name;
const nameOf = ({ agent, options, chosen }, told) =>
  agent || labelOf(options.find(({ id }) => id === chosen)) || told.agent;

/* The rows below the last message of the person. */
function turnOf(rows) {
  const asked = rows.findLastIndex(({ kind, sent }) => kind === "human" || (kind === "media" && sent));
  return rows.slice(asked + 1);
}

const questionOf = ({ card = {} }) => {
  const titles = card.actions?.map(({ title, name }) => title || name) ?? [card.title || card.text || ""];
  return shortened(titles.join(" "), MOST);
};

/* Cut at the end of a word. */
function shortened(text, most) {
  const plain = text.replace(/\s+/g, " ").trim();
  if (plain.length <= most) return plain;
  const end = plain.lastIndexOf(" ", most);
  return plain.slice(0, end > most / 2 ? end : most).replace(/[\ud800-\udbff]$/, "");
}

/* Only as much of the answer as is read out is taken from the page. */
function answerText(told) {
  let text = "";
  for (const row of answerRows()) {
    text += `${row.innerText}\n`;
    if (text.length > 4 * MOST) break;
  }
  const plain = text.replace(/\s+/g, " ").trim();
  const answer = shortened(plain, MOST);
  return answer.length < plain.length ? filled(told.answerCut, { answer, key: told.readKey }) : answer;
}

/* Announce steps that began in a run seen from its start; of a run that was going already, those that go.
   Returns the function that announces those still collected. */
function useSteps({ rows, running, isWatched, told, language }) {
  const seen = useRef(new Set());
  const waiting = useRef([]);
  const timer = useRef();
  const flush = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const names = waiting.current.splice(0);
    if (names.length) announce(filled(told.started, { names: listed(names, { more: told.more, language }) }));
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    for (const row of turnOf(rows)) {
      if (!STEPS.has(row.kind) || seen.current.has(row.key)) continue;
      if (row.status === "writing" && !row.name && !row.agent) continue; // its name is still to come
      seen.current.add(row.key);
      if (!running || !(isWatched || GOING.has(row.status))) continue;
      if (row.sentence) {
        flush();
        announce(row.sentence);
      } else waiting.current.push(stepName(row));
    }
    if (waiting.current.length) timer.current ??= setTimeout(flush, GROUP);
  }, [rows, running]);
  return flush;
}

/* Announce each question once, also those of a thread that is opened. An error is an alert by itself. */
function useQuestions({ rows, told }) {
  const asked = useRef([]);
  useEffect(() => {
    const asks = turnOf(rows).filter(({ kind }) => kind === "ask");
    const fresh = asks.filter(({ key }) => !asked.current.includes(key));
    asked.current = asks.map(({ key }) => key);
    for (const ask of fresh) announce(filled(told.needsYou, { question: questionOf(ask) }));
  }, [rows]);
}

export function Announcer({ thread, sent, queues, running, stopping, cut, rows, ...known }) {
  const { language, announced } = useWords();
  const was = useRef({ thread, sent, running: false, isWatched: false, wasStopped: false });
  const now = useRef({});
  now.current = { rows };

  const sameThread = was.current.thread === thread || (was.current.thread === "" && sent > was.current.sent);
  const isStart = running && !was.current.running && sameThread;
  const isWatched = running && (isStart || (sameThread && was.current.isWatched));
  const flush = useSteps({ rows, running, isWatched, told: announced, language });
  useQuestions({ rows, told: announced });

  useEffect(() => {
    const before = was.current;
    const wasStopped = running && (stopping || (!isStart && sameThread && before.wasStopped));
    was.current = { thread, sent, running, isWatched, wasStopped };
    if (!sameThread) return;
    if (sent > before.sent) announce(before.running && queues ? announced.queued : announced.sent);
    if (isStart) announce(filled(announced.waiting, { agent: nameOf(known, announced) }));
    if (!before.running || running) return;
    const timer = setTimeout(() => {
      flush();
      const turn = turnOf(now.current.rows);
      if (turn.some(({ kind }) => kind === "ask" || kind === "error")) return; // announced as what they are
      const notices = turn.filter(({ kind }) => kind === "notice").map((row) => asSentence(row.sentence));
      announce(notices.join(" ") || announced.finished);
      if (!before.wasStopped) announce(answerText(announced));
    }, SETTLE);
    was.current.timer = timer;
  }, [thread, sent, running, stopping]);
  useEffect(() => () => clearTimeout(was.current.timer), [thread]);
  useEffect(() => {
    if (cut) announce(announced.cut);
  }, [cut]);
  useEffect(() => {
    if (stopping) announce(announced.stopping);
  }, [stopping]);
  return null;
}
