/* What a person chose for the look of the page: text size, presentation, the sidebar, facts of answers. It is
   read from the browser's storage and applied to the root element. This script is written into the head of the
   page, where it runs before anything is painted; `look.js` uses it for changes. */

window.chatLook = (() => {
  const KEY = "chat_look";
  const USUAL = { size: 100, presentation: false, sidebar: true, facts: false };
  const SIZES = [87.5, 100, 112.5, 125, 150]; // percent of the browser's text size

  const parsed = (json) => {
    let kept = null;
    try {
      kept = JSON.parse(json);
    } catch {
      // Not ours: as if nothing had been chosen.
    }
    const look = { ...USUAL };
    for (const name of Object.keys(USUAL))
      if (typeof kept?.[name] === typeof USUAL[name]) look[name] = kept[name];
    if (!SIZES.includes(look.size)) look.size = USUAL.size;
    return look;
  };

  const read = () => {
    try {
      return parsed(localStorage.getItem(KEY));
    } catch {
      return USUAL; // Reading the storage may be forbidden.
    }
  };

  const apply = ({ size, presentation, sidebar, facts }) => {
    const root = document.documentElement;
    root.style.setProperty("--text-size", size / 100);
    root.toggleAttribute("data-presentation", presentation);
    root.toggleAttribute("data-sidebar-hidden", presentation || !sidebar);
    root.toggleAttribute("data-facts", facts);
  };

  apply(read());
  return { KEY, SIZES, USUAL, parsed, read, apply };
})();
