/* The bar of a replay, in place of the composer. Space plays, pauses or shows the next step; the arrow keys go
   from turn to turn. */

import { useEffect, useRef, useState } from "react";
import Pause from "lucide-react/dist/esm/icons/pause.mjs";
import Play from "lucide-react/dist/esm/icons/play.mjs";
import RotateCcw from "lucide-react/dist/esm/icons/rotate-ccw.mjs";
import SkipBack from "lucide-react/dist/esm/icons/skip-back.mjs";
import SkipForward from "lucide-react/dist/esm/icons/skip-forward.mjs";
import StepForward from "lucide-react/dist/esm/icons/step-forward.mjs";
import { useCommand } from "../commands/registry.js";
import { filled } from "../shared/filled.js";

const line = { size: "1.0625rem", strokeWidth: 1.7, "aria-hidden": true };

const clock = (seconds) => {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

function IconButton({ icon: Icon, label, ...rest }) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} {...rest}>
      <Icon {...line} />
    </button>
  );
}

export function ReplayBar({
  playing, mode, modes, seconds, duration, turn, turns, words,
  onToggle, onChoose, onSeek, onMove, onRestart, onEnd,
}) {
  const [held, setHeld] = useState(null); // where the slider is held, until that is shown
  const main = useRef(null);
  const isStep = mode === "step";
  useEffect(() => setHeld(null), [seconds]);
  useEffect(() => main.current?.focus({ preventScroll: true }), []);
  useCommand("replay-play", { run: onToggle });
  useCommand("replay-back", { run: () => onMove(-1) });
  useCommand("replay-on", { run: () => onMove(1) });
  const does = isStep ? words.step : playing ? words.pause : words.play;
  const Icon = isStep ? StepForward : playing ? Pause : Play;
  const now = held ?? seconds;
  const said = filled(words.at, { now: clock(now), whole: clock(duration), turn, turns });
  return (
    <section className="replay" aria-label={words.replay} data-testid="replay">
      <div className="replay-head">
        <strong>{words.replay}</strong>
        <span className="replay-means">{words.means}</span>
        <button type="button" className="button" onClick={onEnd}>{words.end}</button>
      </div>
      <div className="replay-controls">
        <button
          type="button"
          className="send"
          ref={main}
          aria-label={does}
          title={`${does} (${words.keys})`}
          onClick={onToggle}
          data-testid="replay-toggle"
        >
          <Icon {...line} />
        </button>
        <IconButton icon={SkipBack} label={words.previous} onClick={() => onMove(-1)} />
        <IconButton icon={SkipForward} label={words.next} onClick={() => onMove(1)} />
        <IconButton icon={RotateCcw} label={words.restart} onClick={onRestart} />
        <input
          type="range"
          min={0}
          max={duration}
          step={0.1}
          value={now}
          aria-label={words.position}
          aria-valuetext={said}
          onChange={({ target }) => {
            setHeld(Number(target.value));
            onSeek(Number(target.value));
          }}
          data-testid="replay-seek"
        />
        <span className="replay-at" aria-hidden="true">{clock(now)} / {clock(duration)}</span>
        <div className="replay-modes" role="radiogroup" aria-label={words.pace}>
          {modes.map(([key, name]) => (
            <label key={key} data-chosen={key === mode || undefined}>
              <input type="radio" className="unseen" name="replay-mode" checked={key === mode} onChange={() => onChoose(key)} />
              {name}
            </label>
          ))}
        </div>
      </div>
    </section>
  );
}
