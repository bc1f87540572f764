/* Where a link may lead: to the web and to a mailbox, in a tab of its own that learns nothing of this
   one, and from a footnote to its note and back. Everything else is text. */

import { holds, NOTE, textOf } from "./tree.js";

const LINKED = new Set(["http:", "https:", "mailto:"]);
const FETCHED = new Set(["http:", "https:"]);

/* The address in full, or nothing where it is no address or not one of these schemes. */
export function addressOf(text, schemes = FETCHED) {
  try {
    const address = new URL(text); // throws at relative ones: they would lead into the app
    return schemes.has(address.protocol) ? address : null;
  } catch {
    return null;
  }
}

/* For react-markdown, which asks it about every `href` and `src`. */
export function allowedUrl(url, attribute) {
  if (attribute === "href" && NOTE.test(url)) return url;
  return addressOf(url, attribute === "src" ? FETCHED : LINKED)?.href ?? "";
}

const INVISIBLE = /[\p{Cf}\p{Cc}]/gu;
const HOST = /^\W*(?:[a-z]+:\/*)?(?:[^\s/@]*@)?((?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)+\p{L}{2,})/iu;
const FILE = /\.(?:jsx?|tsx?|json|ya?ml|toml|txt|html|css|csv|pdf|png|jpg|xml|sql|ini|lock)$/i;
const withoutWww = (host) => host.replace(/^www\./, "");
const hostOf = (address) =>
  address.protocol === "mailto:" ? address.pathname.split("@").at(-1) : address.host;

/* The host that a link leads to, where its text reads like the address of another one. */
export function disguised(text, address) {
  const real = withoutWww(hostOf(address).toLowerCase());
  const seen = text.slice(0, 500).normalize("NFKC").replace(INVISIBLE, "");
  const differs = seen.split(/\s+/).some((word) => {
    const [, host] = HOST.exec(word) ?? [];
    if (!host || FILE.test(word)) return false;
    const said = withoutWww(addressOf(`https://${host}`)?.host ?? host);
    return said !== real && !real.endsWith(`.${said}`);
  });
  return differs ? real : "";
}

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function goTo(event) {
  event.preventDefault();
  const target = document.getElementById(event.currentTarget.getAttribute("href").slice(1));
  target?.scrollIntoView({ block: "center", behavior: calm() ? "instant" : "smooth" });
  target?.focus({ preventScroll: true });
}

function NoteLink({ href, children }) {
  const [, kind, key] = NOTE.exec(href);
  if (kind === "fnref") {
    return (
      <a className="note-back" href={href} onClick={goTo} aria-label="Back to text">
        ↩
      </a>
    );
  }
  return (
    <sup className="note-mark">
      <a id={`fnref-${key}`} href={href} onClick={goTo} role="doc-noteref">
        {children}
      </a>
    </sup>
  );
}

export function Outside({ href, children, ...rest }) {
  return (
    <a {...rest} href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

export function Link({ node, href, children }) {
  if (!href) return <span>{children}</span>;
  if (NOTE.test(href)) return <NoteLink href={href}>{children}</NoteLink>;
  const address = addressOf(href, LINKED);
  if (holds(node, "img")) {
    // A picture is a link to itself, so this one stands behind it.
    return (
      <>
        {children} <Outside href={href}>{hostOf(address)}</Outside>
      </>
    );
  }
  const host = disguised(textOf(node), address);
  return (
    <>
      <Outside href={href}>{children}</Outside>
      {host && <span className="host"> ({host})</span>}
    </>
  );
}
