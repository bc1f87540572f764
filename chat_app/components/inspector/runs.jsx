/* The Runs tab: the runs of the thread, the newest first, and what can be done with one. */

import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import CircleAlert from "lucide-react/dist/esm/icons/circle-alert.mjs";
import CircleCheck from "lucide-react/dist/esm/icons/circle-check.mjs";
import CircleSlash from "lucide-react/dist/esm/icons/circle-slash.mjs";
import Clock from "lucide-react/dist/esm/icons/clock.mjs";
import Hand from "lucide-react/dist/esm/icons/hand.mjs";
import LoaderCircle from "lucide-react/dist/esm/icons/loader-circle.mjs";
import { announce } from "../shared/announce.js";
import { filled } from "../shared/filled.js";
import { chosenTab, wantedRun } from "./opened.js";

const SOON = 2000; // ms between two lists while a run goes or waits
const AT_REST = 10_000; // the same at rest: another program may start one
const TICK = 1000;
const ICONS = {
  pending: Clock,
  running: LoaderCircle,
  success: CircleCheck,
  asking: Hand,
  interrupted: CircleSlash,
};

function useRefresh(thread, running, isActive, onLoad) {
  const load = useRef(onLoad);
  load.current = onLoad;
  useEffect(() => {
    load.current();
  }, [thread, running]);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || load.current(), isActive ? SOON : AT_REST);
    return () => clearInterval(timer);
  }, [isActive]);
}

function useNow(isActive) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isActive) return undefined;
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, [isActive]);
  return now;
}

function timeOf(at, language) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const day = isToday ? undefined : "medium";
  return date.toLocaleString(language, { dateStyle: day, timeStyle: "medium" });
}

function took(ms, words) {
  const tenths = Math.max(ms, 0) / 1000;
  if (tenths < 9.95) return filled(words.seconds, { seconds: tenths.toFixed(1) });
  const whole = Math.round(tenths);
  if (whole < 60) return filled(words.seconds, { seconds: whole });
  return filled(words.minutes, { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

export function RunsTab({ thread, of, rows, running, words, said, settled, problem, hasMore, onLoad, onMore, ...rest }) {
  const isActive = rows.some((row) => row.active);
  useRefresh(thread, running, isActive, onLoad);
  const list = useRef(null);
  const wasSettled = useRef(settled);
  useEffect(() => {
    if (settled === wasSettled.current) return;
    wasSettled.current = settled;
    announce(said);
    // The button that was pressed may be gone with its row.
    if (!list.current?.contains(document.activeElement)) list.current?.focus({ preventScroll: true });
  }, [settled]);
  const now = useNow(isActive);
  const isLoaded = of === thread;
  if (isLoaded && !rows.length && !problem) return <p className="inspector-note">{words.empty}</p>;
  return (
    <div className="runs">
      <ol className="runs-list" aria-label={words.list} ref={list} tabIndex={-1}>
        {isLoaded && rows.map((row) => <Run key={row.id} {...{ row, now, words, settled }} {...rest} />)}
      </ol>
      {hasMore && <button type="button" className="button runs-more" onClick={onMore}>{words.more}</button>}
    </div>
  );
}

function Run({ row, now, words, options, settled, onCancel, onDelete, onJoin }) {
  const [isSure, setSure] = useState(false);
  const [sent, setSent] = useState(false);
  const asking = useRef(null); // the button that asks whether one is sure
  useEffect(() => setSent(false), [settled]);
  const keep = () => {
    flushSync(() => setSure(false));
    asking.current?.focus({ preventScroll: true });
  };
  const act = (does) => {
    setSent(true);
    does(row.id);
  };
  const Icon = ICONS[row.status] ?? CircleAlert;
  const found = options.find(({ id }) => id === row.assistant);
  const name = found?.label || found?.name || row.assistant;
  const when = row.began ? timeOf(row.began, words.language) : "";
  const open = () => {
    wantedRun.set(row.id);
    chosenTab.set("timeline");
  };
  return (
    <li className="runs-row" data-status={row.status} data-testid="run">
      <Icon className="runs-icon" size="1.0625rem" strokeWidth={1.8} aria-hidden="true" />
      <div className="runs-about">
        <p>
          <strong>{words.statuses[row.status] ?? row.status}</strong>
          {when && <time dateTime={new Date(row.began).toISOString()}>{when}</time>}
          {row.began > 0 && <span className="runs-took">{took((row.ended || now) - row.began, words)}</span>}
        </p>
        <p className="runs-from">
          <span dir="auto">{name}</span> · {words.starters[row.starter]}
          {row.followed && <> · {words.followed}</>}
        </p>
        {row.error && <p className="runs-error" dir="auto" tabIndex={0}>{row.error}</p>}
        <p className="runs-id"><code>{row.id}</code></p>
      </div>
      <div className="runs-ways" role="group" aria-label={filled(words.ways, { time: when })}>
        {isSure ? (
          <>
            <span>{words.sure}</span>
            <button type="button" className="button danger" autoFocus disabled={sent} onClick={() => act(onDelete)}>{words.remove}</button>
            <button type="button" className="button" onClick={keep}>{words.keep}</button>
          </>
        ) : (
          <>
            <button type="button" className="button" onClick={open}>{words.open}</button>
            {row.active && !row.followed && row.status === "running" && (
              <button type="button" className="button" disabled={sent} onClick={() => act(onJoin)}>{words.join}</button>
            )}
            {row.active
              ? <button type="button" className="button" disabled={sent} onClick={() => act(onCancel)}>{words.cancel}</button>
              : <button type="button" className="button" ref={asking} onClick={() => setSure(true)}>{words.remove}</button>}
          </>
        )}
      </div>
    </li>
  );
}
