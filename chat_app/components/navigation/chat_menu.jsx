/* Items of the menu of a chat that do more than to open an address: they fetch a file of it. */

import { announce } from "../shared/announce.js";
import { MenuItem } from "../shared/menu.jsx";
import { useWords } from "../shared/words.jsx";
import { copyText } from "../prose/copying.js";

const fileOf = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The file was answered with ${response.status}`);
  return response.text();
};

/* The whole chat on the clipboard, not only what the page has loaded. A clipboard that takes a promise is given
   one: it must be asked while the press of the button still counts. */
async function copyFile(address) {
  const text = fileOf(address);
  if (window.ClipboardItem && navigator.clipboard?.write) {
    try {
      const blob = text.then((read) => new Blob([read], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
      return true;
    } catch {
      // Some browsers take no promises here, or no clipboard without https.
    }
  }
  return copyText(await text);
}

/** Copies the file at `address` as text. */
export function CopyChat({ address, label }) {
  const words = useWords();
  const copy = () =>
    copyFile(address).then(
      (isCopied) => announce(isCopied ? words.copied : words.notCopied),
      () => announce(words.notCopied),
    );
  return (
    <MenuItem onClick={copy}>{label}</MenuItem>
  );
}

/* Loads the page of a chat into a frame that is not seen, and prints that: it is whole, with all that is folded. */
export function printFrame(address, failed) {
  document.querySelectorAll(".print-frame").forEach((frame) => frame.remove());
  const frame = document.createElement("iframe");
  frame.className = "print-frame";
  frame.title = "";
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  frame.onload = () => {
    try {
      const { contentDocument: page, contentWindow: view } = frame;
      if (page.contentType !== "text/html") throw new Error("This is not the chat");
      view.addEventListener("afterprint", () => setTimeout(() => frame.remove()));
      view.focus();
      view.print();
    } catch {
      frame.remove();
      announce(failed);
    }
  };
  frame.src = address;
  document.body.append(frame);
}

/** Prints the page at `address`. */
export function PrintChat({ address, icon, label, failed }) {
  return (
    <MenuItem icon={icon} onClick={() => printFrame(address, failed)}>
      {label}
    </MenuItem>
  );
}
