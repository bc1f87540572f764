/* The dialogs of share links: those to the open chat, and all of the person's. */

import { useEffect, useId, useRef, useState } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import ExternalLink from "lucide-react/dist/esm/icons/external-link.mjs";
import LinkIcon from "lucide-react/dist/esm/icons/link.mjs";
import { announce } from "../shared/announce.js";
import { at } from "../shared/base.js";
import { Dialog } from "../shared/dialog.jsx";
import { copyText } from "../prose/copying.js";

const line = { size: "1rem", strokeWidth: 1.7, "aria-hidden": true };
const SAID_FOR = 1500; // ms

const addressOf = (path) => new URL(path, window.location.origin).href;

function When({ at }) {
  if (!at) return null;
  const then = new Date(at);
  return (
    <time dateTime={then.toISOString()}>
      {then.toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}
    </time>
  );
}

function CopyLink({ path, words, isFresh }) {
  const [isCopied, setCopied] = useState(false);
  const button = useRef(null);
  const copy = async () => {
    const done = await copyText(addressOf(path));
    setCopied(done);
    announce(done ? words.copied : words.notCopied);
  };
  useEffect(() => {
    if (!isFresh) return;
    button.current.focus();
    copy();
  }, [isFresh]);
  useEffect(() => {
    const timer = isCopied && setTimeout(() => setCopied(false), SAID_FOR);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button type="button" ref={button} className="quiet-button" onClick={copy}>
      {isCopied ? <Check {...line} /> : <LinkIcon {...line} />}
      {isCopied ? words.copied : words.copy}
    </button>
  );
}

/* One link. The name of what is revoked is part of each button's description, as all buttons are alike. */
function SharedLink({ link, words, isFresh, hasTitle, onRevoke }) {
  const name = useId();
  return (
    <li className="shared-link" data-kind={link.kind} data-fresh={isFresh || undefined}>
      <p id={name}>
        {hasTitle && <a href={at(`/t/${link.thread_id}`)} dir="auto" className="shared-title">{link.title}</a>}
        <span className="shared-kind">{words[link.kind]}</span>
        <When at={link.at} />
      </p>
      {link.path && isFresh && (
        <input
          className="shared-address"
          readOnly
          value={addressOf(link.path)}
          aria-label={words.address}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      )}
      {!link.path && <p className="shared-note">{words.notShown}</p>}
      <div className="shared-actions">
        {link.path && <CopyLink path={link.path} words={words} isFresh={isFresh} />}
        {link.path && (
          <a className="quiet-button" href={link.path} target="_blank" rel="noopener noreferrer" aria-describedby={name}>
            <ExternalLink {...line} />
            {words.open}
          </a>
        )}
        <button type="button" className="quiet-button" data-danger aria-describedby={name} onClick={onRevoke}>
          {words.revoke}
        </button>
      </div>
    </li>
  );
}

/* Revoking removes the button that has the focus: it goes to the list, which says what is left. */
function useRevoked(links, words, list) {
  const count = useRef(links.length);
  useEffect(() => {
    const before = count.current;
    count.current = links.length;
    if (links.length < before) {
      announce(words.revoked);
      if (document.activeElement === document.body) list.current?.focus();
    }
  }, [links.length]);
}

function Problem({ problem, detail, words }) {
  if (!problem) return null;
  return (
    <div className="alert" role="alert">
      <p>{problem}</p>
      {detail && (
        <details className="disclosure">
          <summary>{words.details}</summary>
          <pre>{detail}</pre>
        </details>
      )}
    </div>
  );
}

function Links({ title, none, links, words, fresh, hasTitle, isBusy, onRevoke }) {
  const list = useRef(null);
  const heading = useId();
  useRevoked(links, words, list);
  return (
    <section ref={list} tabIndex={-1} className="shared-links" aria-labelledby={heading} aria-busy={isBusy}>
      <h3 id={heading} className={hasTitle ? "unseen" : undefined}>{title}</h3>
      {links.length === 0 && !isBusy && <p className="shared-note">{none}</p>}
      <ul>
        {links.map((link) => (
          <SharedLink
            key={link.id}
            link={link}
            words={words}
            isFresh={link.id === fresh}
            hasTitle={hasTitle}
            onRevoke={() => onRevoke(link)}
          />
        ))}
      </ul>
    </section>
  );
}

export function ShareDialog({ open, busy, links, made, problem, detail, words, onCreate, onRevoke, onClose }) {
  const [kind, setKind] = useState("snapshot");
  const group = useId();
  const choice = (value, name, means) => (
    <label className="shared-choice">
      <input type="radio" name={group} value={value} checked={kind === value} onChange={() => setKind(value)} />
      <span>
        {name}
        <small>{means}</small>
      </span>
    </label>
  );
  return (
    <Dialog open={open} title={words.title} onClose={onClose} className="share-dialog" data-testid="share-dialog">
      <div className="dialog-body">
        <p className="shared-note">{words.means}</p>
        <fieldset className="shared-choices">
          <legend className="unseen">{words.shows}</legend>
          {choice("snapshot", words.snapshot, words.snapshotMeans)}
          {choice("live", words.live, words.liveMeans)}
        </fieldset>
        <button type="button" className="button primary" aria-disabled={busy} onClick={() => !busy && onCreate(kind)}>
          {words.make}
        </button>
        <Problem problem={problem} detail={detail} words={words} />
        <Links
          title={words.links}
          none={words.none}
          links={links}
          words={words}
          fresh={made}
          isBusy={busy}
          onRevoke={(link) => onRevoke(link.id)}
        />
      </div>
    </Dialog>
  );
}

export function SharedLinksDialog({ open, busy, links, more, problem, detail, words, ...handlers }) {
  const { onMore, onRevoke, onRevokeAll, onClose } = handlers;
  const [isAsked, setAsked] = useState(false);
  useEffect(() => setAsked(false), [open, links.length]);
  const revokeAll = () => {
    if (busy) return;
    if (isAsked) onRevokeAll();
    setAsked(!isAsked);
  };
  return (
    <Dialog open={open} title={words.title} onClose={onClose} className="share-dialog" data-testid="shared-links">
      <div className="dialog-body">
        <Problem problem={problem} detail={detail} words={words} />
        <Links
          title={words.title}
          none={words.none}
          links={links}
          words={words}
          hasTitle
          isBusy={busy}
          onRevoke={(link) => onRevoke(link.thread_id, link.id)}
        />
        {more && (
          <button type="button" className="button" aria-disabled={busy} onClick={() => !busy && onMore()}>
            {words.more}
          </button>
        )}
      </div>
      {links.length > 1 && (
        <div className="dialog-foot">
          <button type="button" className="button" data-danger aria-disabled={busy} onClick={revokeAll}>
            {isAsked ? words.reallyAll : words.revokeAll}
          </button>
        </div>
      )}
    </Dialog>
  );
}
