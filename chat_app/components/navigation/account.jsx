/* Who is signed in, and the way out. A plain form, which works without the socket; nothing in the modes in which
   a browser is a person. The page's own script says who it is (see middleware/authentication.py).

   What the name opens is shown above it, so that the name stays under the pointer, but follows it in the order of
   the Tab key. */

import { useEffect, useId, useRef, useState } from "react";
import ChevronDown from "lucide-react/dist/esm/icons/chevron-down.mjs";
import User from "lucide-react/dist/esm/icons/user.mjs";
import { signsOut } from "../connection/login.js";
import { at } from "../shared/base.js";

const ADDRESS = at("/sign-out"); // routes/sign_in.py

function More({ id, login, words }) {
  const means = useId();
  return (
    <div id={id} className="account-more">
      {login.admin && <p>{words.admin}</p>}
      {login.everywhere && (
        <>
          <button type="submit" name="everywhere" value="1" className="button" aria-describedby={means}>
            {words.everywhere}
          </button>
          <p id={means}>{words.means}</p>
        </>
      )}
    </div>
  );
}

export function Account({ words }) {
  const [login, setLogin] = useState(null);
  const [isOpen, setOpen] = useState(false);
  const name = useRef(null);
  const more = useId();
  useEffect(() => setLogin(window.chatLogin ?? null), []);
  if (!login?.name) return null;
  const closes = (event) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault(); // on a phone, the sheet stays
    event.stopPropagation();
    setOpen(false);
    name.current.focus();
  };
  const shown = (
    <>
      <User aria-hidden="true" />
      <span dir="auto">{login.name}</span>
    </>
  );
  return (
    <form
      method="post"
      action={ADDRESS}
      onSubmit={signsOut}
      onKeyDown={closes}
      className="account"
      data-testid="account"
    >
      {login.admin || login.everywhere ? (
        <button
          ref={name}
          type="button"
          className="account-name"
          title={words.account}
          aria-expanded={isOpen}
          aria-controls={isOpen ? more : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          {shown}
          <ChevronDown aria-hidden="true" className="account-turn" />
        </button>
      ) : (
        <p className="account-name" title={login.name}>{shown}</p>
      )}
      {isOpen && <More id={more} login={login} words={words} />}
      {login.signOut && (
        <button type="submit" className="quiet-button">
          {words.signOut}
        </button>
      )}
    </form>
  );
}
