/* Allowed targets of links: http, https and mailto, opened in a new tab without opener or referrer, and
   from a footnote mark to its note and back. Any other link is text. */

import { useWords } from "../shared/words.jsx";
import { fileTarget, nameIn } from "./file_names.js";
import { FileName } from "./files.jsx";
import { holds, NOTE, textOf } from "./tree.js";

const LINKED = new Set(["http:", "https:", "mailto:"]);
const FETCHED = new Set(["http:", "https:"]);

/* The absolute URL, or undefined if it is none or has another scheme. */
export function addressOf(text, schemes = FETCHED) {
  try {
    const address = new URL(text); // throws for relative ones, which would lead into the app
    return schemes.has(address.protocol) ? address : null;
  } catch {
    return null;
  }
}

/* `urlTransform` of react-markdown, called for every `href` and `src`. */
export function allowedUrl(url, attribute) {
  if (attribute === "href" && NOTE.test(url)) return url;
  const address = addressOf(url, attribute === "src" ? FETCHED : LINKED)?.href;
  return address ?? (attribute === "href" ? fileTarget(url) : "");
}

const INVISIBLE = /[\p{Cf}\p{Cc}]/gu;
const FILE = /\.(?:jsx?|tsx?|json|ya?ml|toml|txt|html|css|csv|pdf|png|jpg|xml|sql|ini|lock)$/i;
const SCHEME = /^(?:https?:[/\\]*|[a-z][a-z0-9+.-]*:\/\/)/i;
const AUTHORITY = /^[^/?#\\]*/;
const NAME = /^(?:[\p{L}\p{N}_-]+\.)+(?:\p{L}{2,}|xn--[a-z0-9-]+)\.?$/iu;
const ADDRESS = /^(?:\d{1,10}|0x[\da-f]{1,8}|0[0-7]{1,11})(?:\.(?:\d{1,10}|0x[\da-f]{1,8}|0[0-7]{1,11})){3}$/i;
const NUMBER = /^(?:\d{8,10}|0x[\da-f]{1,8})$/i; // the URL parser reads a number as an IP address
const withoutWww = (host) => host.replace(/^www\./, "").replace(/\.$/, "");
const hostOf = (address) =>
  address.protocol === "mailto:" ? address.pathname.split("@").at(-1) : address.hostname;

/* Full stops that the URL parser treats as dots; between letters of other scripts they end a sentence. */
const STOP = /(?<=[\w-])。(?=[\w-])/gu;

const isNamed = (name) =>
  NAME.test(name) || ADDRESS.test(name) || /^(?:localhost|\[[\da-f:.]+\])$/i.test(name);

/* The hosts that a person may read in a word: both of `https://bank.example@thief.example`. */
function named(word) {
  const rest = word.replace(SCHEME, "");
  const hasScheme = rest !== word;
  const [authority] = AUTHORITY.exec(rest);
  if (!hasScheme && authority === word && FILE.test(word)) return [];
  return authority.split("@").flatMap((part) => {
    const name = part.replace(/:\d*$/, "");
    const isNumber = NUMBER.test(name) && name !== word;
    if (!name || !(hasScheme || isNumber || isNamed(name))) return [];
    const host = addressOf(`https://${name}`)?.hostname;
    return host ? [withoutWww(host)] : [];
  });
}

/* Link spoofing: the host of a link if its text looks like the address of another host. Hosts are compared
   as normalised by the URL parser: IP addresses in full, names in lower case and Punycode. */
export function disguised(text, address) {
  const real = withoutWww(hostOf(address).toLowerCase());
  const isMail = address.protocol === "mailto:";
  const seen = text.slice(0, 500).normalize("NFKC").replace(INVISIBLE, "").replace(STOP, ".");
  const differs = seen.split(/\s+/).some((written) => {
    const word = written.replace(/^[^\p{L}\p{N}[]+|[^\p{L}\p{N}\]/]+$/gu, "");
    const hosts = named(isMail ? word.replace(/^.*@/, "") : word);
    return hosts.some((host) => host !== real && !real.endsWith(`.${host}`));
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
  const { backToText } = useWords();
  const [, kind, key] = NOTE.exec(href);
  if (kind === "fnref") {
    return (
      <a className="note-back" href={href} onClick={goTo} aria-label={backToText}>
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
  const file = nameIn(href);
  if (file) return <FileName name={file}><span>{children}</span></FileName>;
  if (NOTE.test(href)) return <NoteLink href={href}>{children}</NoteLink>;
  const address = addressOf(href, LINKED);
  if (holds(node, "img")) {
    // An image is a link to its own address already, so the link is placed after it.
    return (
      <>
        {children} <Outside href={href}>{hostOf(address)}</Outside>
      </>
    );
  }
  const host = disguised(textOf(node), address);
  return (
    <>
      <Outside href={href}>
        <bdi>{children}</bdi>
      </Outside>
      {host && <bdi className="host"> ({host})</bdi>}
    </>
  );
}
