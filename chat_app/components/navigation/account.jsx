/* Who is signed in, and the way out. A plain form, which works without the socket; nothing in the modes in which
   a browser is a person. The page's own script says who it is (see middleware/authentication.py). */

import { useEffect, useState } from "react";
import ChevronDown from "lucide-react/dist/esm/icons/chevron-down.mjs";
import User from "lucide-react/dist/esm/icons/user.mjs";
import { signsOut } from "../connection/login.js";

const ADDRESS = "/sign-out"; // routes/sign_in.py

export function Account({ words }) {
  const [login, setLogin] = useState(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setLogin(window.chatLogin ?? null), []);
  if (!login?.name) return null;
  const closes = (event) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
  };
  return (
    <div className="account" data-testid="account" onKeyDown={closes}>
      {isOpen && (
        <form method="post" action={ADDRESS} onSubmit={signsOut} id="account-more" className="account-more">
          {login.admin && <p>{words.admin}</p>}
          <button type="submit" name="everywhere" value="1" className="button">
            {words.everywhere}
          </button>
        </form>
      )}
      <form method="post" action={ADDRESS} onSubmit={signsOut} className="account-row">
        <button
          type="button"
          className="account-name"
          title={words.account}
          aria-expanded={login.signOut ? isOpen : undefined}
          disabled={!login.signOut && !login.admin}
          onClick={() => setOpen(!isOpen)}
        >
          <User aria-hidden="true" />
          <span dir="auto">{login.name}</span>
          {login.signOut && <ChevronDown aria-hidden="true" className="account-turn" />}
        </button>
        {login.signOut && (
          <button type="submit" className="quiet-button">
            {words.signOut}
          </button>
        )}
      </form>
    </div>
  );
}
