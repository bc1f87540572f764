/* The menu button of the app: a button that opens a list of actions, as the ARIA pattern "menu button" has it.

     <Menu label="More">
       <MenuItem icon={Pencil} onClick={rename}>Rename</MenuItem>
       <SubMenu icon={Download} label="Export">
         <MenuItem href="…" download>Markdown</MenuItem>
       </SubMenu>
       <MenuSeparator />
       <MenuItem icon={Trash} danger disabled={isBusy} onClick={remove}>Delete</MenuItem>
     </Menu>

   A native popover: it is drawn above everything, and a click outside closes it. Its items are rendered while it
   is open. They are in the order of the Tab key, as something in all that scrolls has to be; the key itself closes
   the menu. The focus is back at the button before an item's `onClick` is called, which may move it elsewhere. */

import { createContext, useContext, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import Ellipsis from "lucide-react/dist/esm/icons/ellipsis.mjs";
import { placeBeside } from "./place.js";

const ITEMS = '[role^="menuitem"]';
const TYPED_FOR = 600; // ms; letters typed faster are one beginning of a name
const line = { size: "1rem", strokeWidth: 1.7, "aria-hidden": true };

const CloseMenu = createContext(() => {});

/* The items between which the arrow keys move: all that are shown, also those of an open submenu. */
const itemsOf = (menu) => [...menu.querySelectorAll(ITEMS)];

const PLACES = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at < 0 ? count - 1 : (at - 1 + count) % count),
  Home: () => 0,
  End: (at, count) => count - 1,
};

/* Finds an item by the letters that its name begins with; one letter again and again goes round. */
function useTypeahead() {
  const typed = useRef({ text: "", at: 0 });
  return (key, items, at) => {
    const now = performance.now();
    const isFresh = now - typed.current.at > TYPED_FOR;
    const text = (isFresh ? "" : typed.current.text) + key.toLocaleLowerCase();
    typed.current = { text, at: now };
    const isRepeated = [...text].every((letter) => letter === text[0]);
    const sought = isRepeated ? text[0] : text;
    const from = isRepeated ? at + 1 : Math.max(at, 0);
    const inOrder = [...items.slice(from), ...items.slice(0, from)];
    return inOrder.find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(sought));
  };
}

/* `trigger`: what is in the button, if not three dots. `onToggle` is told whether the menu is open. */
export function Menu({ label, title = label, trigger, className = "icon-button", onToggle, children, ...rest }) {
  const id = useId();
  const button = useRef(null);
  const menu = useRef(null);
  const isLastFirst = useRef(false);
  const [isOpen, setOpen] = useState(false);
  const found = useTypeahead();
  const close = () => {
    menu.current?.hidePopover();
    button.current?.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    if (!isOpen || !menu.current?.matches(":popover-open")) return;
    const place = () => menu.current && button.current && placeBeside(menu.current, button.current);
    place();
    itemsOf(menu.current)
      .at(isLastFirst.current ? -1 : 0)
      ?.focus({ preventScroll: true });
    isLastFirst.current = false;
    const sizes = new ResizeObserver(place);
    sizes.observe(menu.current);
    window.addEventListener("resize", place);
    window.addEventListener("scroll", place, true);
    return () => {
      sizes.disconnect();
      window.removeEventListener("resize", place);
      window.removeEventListener("scroll", place, true);
    };
  }, [isOpen]);
  useEffect(() => onToggle?.(isOpen), [isOpen]);

  const onButtonKey = (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    event.stopPropagation();
    isLastFirst.current = event.key === "ArrowUp";
    menu.current.showPopover({ source: button.current });
  };
  const onMenuKey = (event) => {
    const { key, ctrlKey, altKey, metaKey } = event;
    event.stopPropagation(); // the keys of what the menu is in are not meant
    if (ctrlKey || altKey || metaKey) return;
    const items = itemsOf(menu.current);
    const at = items.indexOf(document.activeElement);
    const focus = (item) => {
      event.preventDefault();
      item?.focus();
    };
    if (key === "Escape") {
      event.preventDefault(); // a popover around this one stays open
      close();
    } else if (key === "Tab") {
      close(); // the key then moves on from the button
    } else if (PLACES[key]) {
      focus(items[PLACES[key](at, items.length)]);
    } else if (key === "ArrowRight" && items[at]?.ariaExpanded === "false") {
      event.preventDefault();
      items[at].click();
    } else if (key === "ArrowLeft") {
      const parent = document.activeElement.closest(".menu-more")?.previousElementSibling ?? items[at];
      focus(parent);
      if (parent?.ariaExpanded === "true") parent.click();
    } else if (key === " " && items[at]?.matches("a")) {
      event.preventDefault(); // a button does this by itself
      items[at].click();
    } else if (key.length === 1 && key !== " ") {
      focus(found(key, items, at) ?? items[at]);
    }
  };
  return (
    <>
      <button
        type="button"
        ref={button}
        className={className}
        aria-label={label}
        title={title}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        popoverTarget={id}
        onKeyDown={onButtonKey}
        {...rest}
      >
        {trigger ?? <Ellipsis size="1.0625rem" strokeWidth={1.7} aria-hidden="true" />}
      </button>
      <div
        id={id}
        className="menu"
        popover="auto"
        role="menu"
        aria-label={label}
        data-open={isOpen || undefined}
        ref={menu}
        onKeyDown={onMenuKey}
        onToggle={({ newState }) => setOpen(newState === "open")}
      >
        <CloseMenu value={close}>{isOpen && children}</CloseMenu>
      </div>
    </>
  );
}

/* One action: `onClick`, or a link with `href`. With `checked` (true or false) it is a choice. A disabled one
   can have the focus, so that a screen reader tells that it exists; `detail` is a second line, e.g. the reason. */
export function MenuItem({ icon: Icon, href, disabled, danger, checked, detail, onClick, className, children, ...rest }) {
  const close = useContext(CloseMenu);
  const means = useId();
  const isChoice = typeof checked === "boolean";
  const choose = (event) => {
    event.stopPropagation();
    if (disabled) return event.preventDefault();
    close();
    onClick?.(event);
  };
  const isLink = href && !disabled;
  const Tag = isLink ? "a" : "button";
  return (
    <Tag
      {...(isLink ? { href } : { type: "button" })}
      role={isChoice ? "menuitemcheckbox" : "menuitem"}
      aria-checked={isChoice ? checked : undefined}
      aria-disabled={disabled || undefined}
      aria-describedby={detail ? means : undefined}
      tabIndex={0}
      className={className}
      data-danger={danger || undefined}
      onClick={choose}
      {...rest}
    >
      {Icon && <Icon {...line} />}
      <span>{children}</span>
      {checked && <Check {...line} />}
      {detail && <small id={means} aria-hidden="true">{detail}</small>}
    </Tag>
  );
}

/* An item that opens more items below itself. */
export function SubMenu({ icon: Icon, label, disabled, children, ...rest }) {
  const [isOpen, setOpen] = useState(false);
  const more = useRef(null);
  useLayoutEffect(() => {
    if (isOpen) more.current.querySelector(ITEMS)?.focus();
  }, [isOpen]);
  return (
    <>
      <button
        type="button"
        role="menuitem"
        tabIndex={0}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-disabled={disabled || undefined}
        onClick={(event) => {
          event.stopPropagation();
          if (!disabled) setOpen(!isOpen);
        }}
        {...rest}
      >
        {Icon && <Icon {...line} />}
        <span>{label}</span>
        <ChevronRight {...line} />
      </button>
      {isOpen && (
        <div className="menu-more" role="menu" aria-label={label} ref={more}>
          {children}
        </div>
      )}
    </>
  );
}

export function MenuSeparator() {
  return <div role="separator" />;
}
