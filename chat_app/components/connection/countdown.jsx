/* Seconds until a time by the app's clock. The browser's clock may be minutes off: no pause is longer than
   MOST, and a time in the past counts as now. */

import { useEffect, useState } from "react";

const MOST = 60;

export function Countdown({ at, waiting, due }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [at]);
  const seconds = Math.min(Math.ceil((at - now) / 1000), MOST);
  return (
    <span className="countdown" aria-live="off" data-testid="countdown">
      {seconds > 0 ? waiting.replace("{seconds}", seconds) : due}
    </span>
  );
}
