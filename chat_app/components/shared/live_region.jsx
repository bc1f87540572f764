/* The live region with what `announce` was given. A modal dialog has one of its own: the page behind it is
   inert, and a screen reader passes it over. */

import { memo } from "react";
import { useMessages } from "./announce.js";

export const LiveRegion = memo(function LiveRegion({ name = "announcer" }) {
  const messages = useMessages();
  return (
    <div
      className="unseen"
      role="status"
      aria-live="polite"
      aria-atomic="false"
      aria-relevant="additions"
      data-testid={name}
    >
      {messages.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
});
