/* The keyboard shortcuts of the page, and the dialogs that list what can be done. */

import { useContext, useEffect } from "react";
import { useNavigate } from "react-router";
import { ColorModeContext } from "$/utils/context";
import { hasKeyboard } from "../cards/focus.js";
import { useHints } from "../commands/hints.js";
import { useKeyboard } from "../commands/keyboard.js";
import { useCommand } from "../commands/registry.js";
import { printFrame } from "../navigation/chat_menu.jsx";
import { change, useLook } from "../navigation/look.js";
import { focusComposer } from "../navigation/panes.js";
import { at } from "../shared/base.js";
import { filled, useWords } from "../shared/words.jsx";
import { Help } from "./help.jsx";
import { opened, toggle } from "./opened.js";
import { Palette } from "./palette.jsx";

/* On a touch screen, focus would open the keyboard over what the person wants to see. */
const toComposer = () => hasKeyboard() && focusComposer();

function useLookCommands() {
  const { commands, percent } = useWords();
  const { rawColorMode, setColorMode } = useContext(ColorModeContext);
  const { size } = useLook();
  useCommand("theme", {
    run: setColorMode,
    choices: () => Object.entries(commands.themes).map(([value, label]) => ({ value, label, chosen: value === rawColorMode })),
  });
  useCommand("size", {
    run: (chosen) => change({ size: chosen }),
    choices: () =>
      window.chatLook.SIZES.map((value) => ({ value, label: filled(percent, { percent: value }), chosen: value === size })),
  });
}

/* A link to a new chat, pressed in a new chat, changes nothing that the composer could notice. */
function useNewChatLinks() {
  useEffect(() => {
    const onClick = ({ target, ctrlKey, metaKey, shiftKey }) => {
      if (target.closest?.('a[data-hint="new-chat"]') && !ctrlKey && !metaKey && !shiftKey) toComposer();
    };
    document.addEventListener("click", onClick);
    return () => document.removeEventListener("click", onClick);
  }, []);
}

/* What the menu of a chat has, whose items are rendered only while it is open. */
function useFileCommands({ thread, exports }) {
  const { commands } = useWords();
  const isPossible = () => exports;
  useCommand("export", {
    isPossible,
    run: (kind) => Object.assign(document.createElement("a"), { href: at(`/export/${thread}.${kind}`), download: "" }).click(),
    choices: () => Object.entries(commands.exports).map(([value, label]) => ({ value, label })),
  });
  useCommand("print", { isPossible, run: () => printFrame(at(`/export/${thread}.html?view`), commands.exportFailed) });
}

const FRAMES = 180; // to wait for the switch of a new chat
const temporarySwitch = () => document.querySelector('[data-hint="temporary"]');

function makeTemporary(left = FRAMES) {
  const found = temporarySwitch();
  if (found?.getAttribute("aria-pressed") === "false") found.click();
  else if (!found && left) requestAnimationFrame(() => makeTemporary(left - 1));
}

/** `options` are the assistants, `thread` is the open one. */
export function Commands({ threads, thread, found = [], options, chosen, exports, onAssistant, onSearch }) {
  const { table } = useWords().commands;
  const navigate = useNavigate();
  const shown = opened.use();
  useKeyboard(table);
  useHints(table);
  useLookCommands();
  useNewChatLinks();
  const goTo = (id) => (id === thread ? toComposer() : navigate(`/t/${id}`)); // another thread's composer takes it
  const step = (by) => {
    const at = threads.findIndex(({ id }) => id === thread);
    return threads[at < 0 && by < 0 ? -1 : at + by];
  };
  useCommand("palette", { run: () => toggle("palette") });
  useCommand("help", { run: () => toggle("help") });
  useCommand("focus-message", { run: focusComposer });
  useCommand("new-chat", {
    run: () => {
      navigate("/");
      toComposer();
    },
  });
  useFileCommands({ thread, exports });
  useCommand("temporary", {
    run: () => {
      if (temporarySwitch()) return temporarySwitch().click();
      navigate("/");
      makeTemporary();
    },
    isOn: () => temporarySwitch()?.getAttribute("aria-pressed") === "true",
  });
  useCommand("next-chat", { isPossible: () => Boolean(step(1)), run: () => goTo(step(1).id) });
  useCommand("previous-chat", { isPossible: () => Boolean(step(-1)), run: () => goTo(step(-1).id) });
  useCommand("assistant", {
    isPossible: () => options.length > 1,
    run: onAssistant,
    choices: () => options.map(({ id, name, label }) => ({ value: id, label: label || name, chosen: id === chosen })),
  });
  return (
    <>
      {shown === "palette" && <Palette {...{ threads, thread, found, onSearch, goTo }} />}
      {shown === "help" && <Help />}
    </>
  );
}
