/* The keys of a command as they are printed on the person's keyboard. */

import { Fragment } from "react";
import { keysOf } from "./platform.js";

/** `most`: of so many shortcuts. Only for what is rendered in the browser: the server does not know the keyboard. */
export function Keys({ command, or = "", most = Infinity, ...rest }) {
  return keysOf(command).slice(0, most).map((keys, number) => (
    <Fragment key={keys.join()}>
      {number > 0 && <span className="keys-or">{or}</span>}
      <span className="keys" {...rest}>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </span>
    </Fragment>
  ));
}
