/* Media of a message. Items with an `address` are served by the app; those with a `link` are on other
   hosts, and are fetched only when the reader asks for it. */

import { useEffect, useRef, useState } from "react";
import ArrowLeft from "lucide-react/dist/esm/icons/chevron-left.mjs";
import ArrowRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import Download from "lucide-react/dist/esm/icons/download.mjs";
import FileIcon from "lucide-react/dist/esm/icons/file.mjs";
import FileText from "lucide-react/dist/esm/icons/file-text.mjs";
import Film from "lucide-react/dist/esm/icons/film.mjs";
import ImageIcon from "lucide-react/dist/esm/icons/image.mjs";
import Music from "lucide-react/dist/esm/icons/music.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { Image, Sized } from "../prose/image.jsx";
import { Outside } from "../prose/links.jsx";

const OPENED = new Set(["application/pdf", "text/plain"]);
const SHAPES = { image: ImageIcon, audio: Music, video: Film };

const line = { strokeWidth: 1.7, "aria-hidden": true };
const downloadOf = (address) => `${address}?download`;

/** The icon of a kind of file. */
export function Shape({ kind, type, size = "1.125rem" }) {
  const Icon = SHAPES[kind] ?? (OPENED.has(type) ? FileText : FileIcon);
  return <Icon size={size} {...line} />;
}

/** Kind and size in a few words: "PDF, 214 KB". */
export function describe({ kind, type, name, size }, words) {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? (type === "application/pdf" ? "pdf" : "");
  /* Without a name the kind is shown in its place. */
  return [ending ? ending.toUpperCase() : name && words[kind], size].filter(Boolean).join(", ");
}

export function MediaItems({ items = [], words }) {
  const [shown, setShown] = useState(-1);
  const [broken, setBroken] = useState([]);
  const isPicture = ({ kind, address }) => kind === "image" && address && !broken.includes(address);
  const pictures = items.filter(isPicture);
  const others = items.filter((item) => !isPicture(item));
  return (
    <div className="media" data-testid="media">
      {pictures.length > 0 && (
        <div className="pictures" data-several={pictures.length > 1 || undefined}>
          {pictures.map((item, place) => (
            <Picture
              key={place}
              item={item}
              words={words}
              onOpen={() => setShown(place)}
              onBroken={() => setBroken((known) => [...known, item.address])}
            />
          ))}
        </div>
      )}
      {others.map((item, place) => (
        <Other key={place} item={item} words={words} />
      ))}
      {pictures[shown] && (
        <Lightbox pictures={pictures} shown={shown} setShown={setShown} words={words} />
      )}
    </div>
  );
}

const nameOf = (item, words) => item.name || words[item.kind];

function Picture({ item, words, onOpen, onBroken }) {
  const { address } = item;
  const name = nameOf(item, words);
  return (
    <button type="button" className="picture" aria-label={words.open.replace("{name}", name)} title={name} onClick={onOpen}>
      <Sized src={address} alt={name} onError={onBroken} />
    </button>
  );
}

function Other({ item, words }) {
  const { kind, address, link } = item;
  if (kind === "image" && link) return <Image src={link} alt={item.name ?? ""} />;
  if (address && (kind === "audio" || kind === "video")) {
    const Player = kind;
    return (
      <figure className={`player ${kind}`}>
        <Player controls preload="metadata" src={address} aria-label={nameOf(item, words)} />
        <figcaption>
          <span className="name">{nameOf(item, words)}</span>
          <Fetch item={item} words={words} />
        </figcaption>
      </figure>
    );
  }
  return <Chip item={item} words={words} />;
}

function Chip({ item, words }) {
  const { kind, type, address, link } = item;
  const inside = (
    <>
      <Shape kind={kind} type={type} />
      <span className="words">
        <span className="name">{nameOf(item, words)}</span>
        <span className="about">{link ? hostOf(link) : describe(item, words)}</span>
      </span>
    </>
  );
  if (link) {
    return (
      <Outside className="file-chip" href={link}>
        {inside}
      </Outside>
    );
  }
  if (!address) return <span className="file-chip">{inside}</span>;
  const opening = OPENED.has(type)
    ? { href: address, target: "_blank", rel: "noopener" }
    : { href: downloadOf(address), download: item.name || true };
  return (
    <span className="file-chip">
      <a className="opening" {...opening}>
        {inside}
      </a>
      {OPENED.has(type) && <Fetch item={item} words={words} />}
    </span>
  );
}

function hostOf(link) {
  try {
    return new URL(link).host;
  } catch {
    return "";
  }
}

function Fetch({ item, words }) {
  const label = `${words.download}: ${nameOf(item, words)}`;
  return (
    <a className="icon-button" href={downloadOf(item.address)} download={item.name || true} aria-label={label} title={label}>
      <Download size="1rem" {...line} />
    </a>
  );
}

function Lightbox({ pictures, shown, setShown, words }) {
  const dialog = useRef(null);
  const item = pictures[shown];
  useEffect(() => {
    dialog.current.showModal();
  }, []);
  const step = (by) => setShown((shown + by + pictures.length) % pictures.length);
  const onKeyDown = ({ key }) => {
    if (pictures.length < 2) return;
    if (key === "ArrowLeft") step(-1);
    if (key === "ArrowRight") step(1);
  };
  const close = () => dialog.current.close();
  return (
    <dialog
      ref={dialog}
      className="lightbox"
      aria-label={nameOf(item, words)}
      onClose={() => setShown(-1)}
      onClick={({ target }) => target.matches(".lightbox, .stage") && close()}
      onKeyDown={onKeyDown}
      data-testid="lightbox"
    >
      <header>
        <span className="name">{nameOf(item, words)}</span>
        <span className="about">{describe(item, words)}</span>
        <Fetch item={item} words={words} />
        <button type="button" className="icon-button" aria-label={words.close} title={words.close} onClick={close}>
          <X size="1.125rem" {...line} />
        </button>
      </header>
      <div className="stage">
        <img key={item.address} src={item.address} alt={nameOf(item, words)} />
      </div>
      {pictures.length > 1 && (
        <>
          <button type="button" className="icon-button turn before" aria-label={words.before} onClick={() => step(-1)}>
            <ArrowLeft size="1.375rem" {...line} />
          </button>
          <button type="button" className="icon-button turn after" aria-label={words.after} onClick={() => step(1)}>
            <ArrowRight size="1.375rem" {...line} />
          </button>
        </>
      )}
    </dialog>
  );
}
