/* Controls for the look of the page: text size, presentation, the sidebar, facts of answers. What is visible
   is decided by stylesheets, from the attributes of the root element. */

import { useId, useRef } from "react";
import Gauge from "lucide-react/dist/esm/icons/gauge.mjs";
import Letter from "lucide-react/dist/esm/icons/type.mjs";
import Letters from "lucide-react/dist/esm/icons/a-large-small.mjs";
import PanelLeft from "lucide-react/dist/esm/icons/panel-left.mjs";
import Projector from "lucide-react/dist/esm/icons/presentation.mjs";
import { placeBeside } from "../shared/place.js";
import { useHint } from "../commands/hints.js";
import { useCommand } from "../commands/registry.js";
import { filled, useWords } from "../shared/words.jsx";
import { change, lookNow, useLook } from "./look.js";

const line = { size: "1.0625rem", strokeWidth: 1.7, "aria-hidden": true };

function IconButton({ icon: Icon, label, title = label, className = "", ...rest }) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={title} {...rest}>
      <Icon {...line} />
    </button>
  );
}

/* A native popover: it closes on Escape and on a click outside, and gives the focus back. */
export function TextSize() {
  const words = useWords();
  const id = useId();
  const button = useRef(null);
  const menu = useRef(null);
  const { size: now } = useLook();
  const choose = (size) => {
    change({ size });
    placeBeside(menu.current, button.current);
  };
  const onToggle = ({ newState }) => {
    if (newState !== "open") return;
    placeBeside(menu.current, button.current);
    menu.current.querySelector(":checked")?.focus();
  };
  return (
    <>
      <IconButton icon={Letters} label={words.textSize} className="text-size-button" ref={button} popoverTarget={id} />
      <div id={id} className="text-size" popover="auto" ref={menu} role="radiogroup" aria-label={words.textSizes} onToggle={onToggle}>
        {now && window.chatLook.SIZES.map((size) => (
          <label key={size} title={filled(words.percent, { percent: size })} style={{ "--of": size / 100 }}>
            <input
              type="radio"
              name={id}
              aria-label={filled(words.percent, { percent: size })}
              checked={size === now}
              onChange={() => choose(size)}
            />
            <Letter {...line} />
          </label>
        ))}
      </div>
    </>
  );
}

export function Presentation({ className }) {
  const words = useWords();
  const { presentation } = useLook();
  const end = useHint("end-presentation", words.endPresentation);
  const toggle = () => change({ presentation: !lookNow().presentation });
  return (
    <IconButton
      icon={Projector}
      label={words.presentation}
      data-command="presentation"
      {...(presentation ? end : {})}
      className={className}
      aria-pressed={Boolean(presentation)}
      onClick={toggle}
    />
  );
}

export function Facts() {
  const words = useWords();
  const { facts } = useLook();
  const toggle = () => change({ facts: !lookNow().facts });
  return <IconButton icon={Gauge} label={words.showFacts} aria-pressed={Boolean(facts)} onClick={toggle} data-command="facts" />;
}

const isShown = (element) => Boolean(element?.checkVisibility({ visibilityProperty: true }));

/* The focus goes to the button that takes this back; it stays where it is if that is still visible. */
function switchSidebar(sidebar) {
  change({ sidebar });
  const focused = document.activeElement;
  if (focused !== document.body && isShown(focused)) return;
  document.querySelector(sidebar ? ".hide-sidebar" : ".show-sidebar")?.focus();
}

/* On narrow screens the sidebar is a popover. */
function toggleSidebar() {
  const sidebar = document.getElementById("sidebar");
  const sheet = document.querySelector(`[popovertarget="${sidebar?.id}"]`);
  if (lookNow().presentation || !sidebar) return;
  if (isShown(sheet) || sidebar.matches(":popover-open")) sidebar.togglePopover({ source: sheet });
  else switchSidebar(!lookNow().sidebar);
}

/** Makes it visible, where it is not. */
export function showSidebar() {
  if (!isShown(document.getElementById("sidebar"))) toggleSidebar();
}

export function HideSidebar() {
  const words = useWords();
  const hint = useHint("sidebar", words.hideSidebar);
  return <IconButton icon={PanelLeft} label={words.hideSidebar} className="hide-sidebar" {...hint} onClick={() => switchSidebar(false)} />;
}

/** What the keys of the look do, too: this one is always on the page. */
export function ShowSidebar() {
  const words = useWords();
  const hint = useHint("sidebar", words.showSidebar);
  useCommand("sidebar", { run: toggleSidebar, isPossible: () => !lookNow().presentation });
  useCommand("end-presentation", {
    run: () => change({ presentation: false }),
    isPossible: () => lookNow().presentation && !document.querySelector(".composer[data-busy]"),
  });
  return <IconButton icon={PanelLeft} label={words.showSidebar} className="show-sidebar" {...hint} onClick={() => switchSidebar(true)} />;
}
