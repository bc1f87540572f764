/* The composer while the agent asks: Enter answers the question that the placeholder names, or leads to the
   card. A text is kept until the app has taken it as the answer. */

import { useEffect, useRef, useState } from "react";
import { lead } from "../cards/focus.js";
import { useTarget } from "../cards/target.js";
import { isJson, problemOf } from "../forms/form_values.js";
import { announce } from "../shared/announce.js";
import { filled } from "../shared/words.jsx";

const LOST_AFTER = 8000; // ms
const FREE = { kind: "free", text: "" };

/** `box` is the text box; `put` and `bring` fill it: instead of its text, and before it. Without a `target`
    nothing is asked. */
export function useAnswering({ box, put, bring, ...props }) {
  const { asks, busy, settled, wrong, thread, answerWords: says, words: all, onAnswer } = props;
  const found = useTarget(asks);
  const target = busy ? undefined : found;
  const [text, setText] = useState("");
  const [isLed, setLed] = useState(false);
  const pending = useRef(null); // the answer on its way
  const refused = useRef("");
  const now = useRef();
  now.current = { asks, busy, bring };

  useEffect(() => setLed(false), [target?.key, text]);
  useEffect(() => setText(target ? box.current.value : ""), [target?.key]);
  /* The question is open after all: the app refused the answer, could not send it, or never got it. */
  const giveBack = (sent = pending.current) => {
    if (!sent || sent !== pending.current || now.current.busy) return;
    if (!now.current.asks.some(({ key }) => key === sent.key)) return;
    pending.current = null;
    refused.current = sent.text;
    now.current.bring(sent.text);
  };
  useEffect(() => {
    pending.current = null;
  }, [thread]);
  useEffect(() => {
    if (!pending.current) return;
    pending.current.isSettled = true;
    giveBack();
  }, [settled]);
  useEffect(() => {
    if (pending.current?.isSettled) giveBack();
  }, [asks, busy]);

  const chosen = target?.options.find(([, label]) => label.trim() === text.trim())?.[0];
  const problem = target?.kind === "free" && !chosen ? problemOf(FREE, text, all) : "";
  const answer = () => {
    const { how } = target;
    if (how === "answer") return problem ? null : { text: chosen ?? text };
    if (how === "choose") return chosen ? { fields: { "": chosen } } : undefined;
    return how ? { decisions: [{ type: how, message: text.trim() }] } : undefined;
  };
  const isRefused = wrong.key === target?.key && wrong.text !== "" && text.trim() === refused.current.trim();
  const isPlain = target?.how === "answer" && target.kind === "words";
  const does = () => {
    if (isLed) return says.first;
    if (isRefused) return wrong.text;
    if (!text.trim() || isPlain) return "";
    if (target.how === "answer") return problem || says.free[chosen || isJson(text) ? "json" : "text"];
    return says.does[target.how] ? filled(says.does[target.how], { name: target.name }) : "";
  };

  return {
    target,
    changed: (news) => target && setText(news),
    isWrong: isLed || isRefused || problem !== "",
    line: target ? does() : "",
    placeholder: target && filled(says.to[target.how], { question: target.label }),
    /** Whether the text is dealt with: it is an answer, or has to wait for a decision. */
    submit(isConnected) {
      const given = answer();
      if (given === null) return true;
      if (given === undefined) {
        setLed(true);
        announce(says.first);
        lead(target.key);
        return true;
      }
      if (!isConnected) return false;
      const sent = (pending.current = { key: target.key, text });
      setTimeout(() => giveBack(sent), LOST_AFTER);
      put("");
      onAnswer(target.key, given);
      return true;
    },
  };
}
