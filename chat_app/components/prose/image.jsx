/* Images on other hosts. A request tells the host who reads what and when, so images are only fetched from
   hosts that the reader has allowed (once or always), or the settings of the app. */

import { useEffect, useState } from "react";
import ImageIcon from "lucide-react/dist/esm/icons/image.mjs";
import ImageOff from "lucide-react/dist/esm/icons/image-off.mjs";
import { filled, useWords } from "../shared/words.jsx";
import { addressOf, Outside } from "./links.jsx";
import { remembered, shared } from "./store.js";

const DATA = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]+)$/;

const configured = shared([]);
const always = remembered("chat_image_hosts", []);
const once = shared([]); // addresses
const sizes = new Map(); // sizes of images by address: reserves the space when an image is rendered again

/* Sets the hosts that the settings allow. Renders nothing. */
export function ImageHosts({ hosts }) {
  useEffect(() => configured.set(hosts ?? []), [hosts]);
  return null;
}

function useAllowed(address) {
  const hosts = [configured.use(), always.use()].filter(Array.isArray).flat();
  return once.use().includes(address?.href) || hosts.includes(address?.hostname);
}

/* One image. `inline`: the address is a data: URL from the app; never set for images in Markdown. */
export function Image({ src = "", alt = "", inline = false }) {
  const address = addressOf(src);
  const allowed = useAllowed(address);
  const words = useWords();
  if (inline && DATA.test(src)) return <Shown src={src} alt={alt} />;
  if (!address) return <Card icon={ImageOff} said={words.imageUnavailable} alt={alt} />;
  return allowed ? <Shown src={address.href} alt={alt} /> : <Held address={address} alt={alt} />;
}

function Held({ address, alt }) {
  const { href, hostname } = address;
  const words = useWords();
  return (
    <Card icon={ImageIcon} said={filled(words.imageFrom, { host: hostname })} alt={alt} href={href}>
      <button type="button" onClick={() => once.set([...once.get(), href])}>
        {words.showImage}
      </button>
      <button type="button" onClick={() => always.set([...always.get(), hostname])}>
        {words.alwaysFromHost}
      </button>
    </Card>
  );
}

function Card({ icon: Icon, said, alt, href, children }) {
  return (
    <span className="image-card" title={href}>
      <span>
        <Icon size="1rem" strokeWidth={1.7} aria-hidden="true" />
        {said}
        {alt && (
          <>
            {" · "}
            <bdi>{alt}</bdi>
          </>
        )}
      </span>
      {children && <span className="choices">{children}</span>}
    </span>
  );
}

/** An image whose space is reserved when it is rendered again. */
export function Sized({ src, alt, onError }) {
  const [width, height] = sizes.get(src) ?? [];
  return (
    <img
      src={src}
      alt={alt}
      width={width}
      height={height}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
        sizes.set(src, [naturalWidth, naturalHeight])
      }
      onError={onError}
    />
  );
}

function Shown({ src, alt }) {
  const words = useWords();
  const [failed, setFailed] = useState(false);
  useEffect(() => setFailed(false), [src]);
  if (failed) {
    return (
      <Card icon={ImageOff} said={words.imageFailed} alt={alt} href={titleOf(src)}>
        <button type="button" onClick={() => setFailed(false)}>
          {words.retry}
        </button>
      </Card>
    );
  }
  const image = <Sized src={src} alt={alt} onError={() => setFailed(true)} />;
  if (DATA.test(src)) {
    return (
      <button type="button" className="image" title={words.openImage} onClick={() => openData(src)}>
        {image}
      </button>
    );
  }
  return (
    <Outside className="image" href={src}>
      {image}
    </Outside>
  );
}

const titleOf = (src) => (src.startsWith("data:") ? undefined : src);

/* Browsers do not open data: URLs in a tab; a blob of a known image type is safe to open. */
function openData(src) {
  const [, type, data] = DATA.exec(src);
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  window.open(address, "_blank", "noopener");
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
