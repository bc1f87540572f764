/* The tab's icon, drawn here: it needs no file and no network, and has a dot while there is news. */

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The address of the icon, as data. */
export function icon(hasNews = false) {
  const dot = `<circle cx="24.5" cy="7.5" r="7.5" fill="${colour("--bad")}" stroke="${colour("--paper")}" stroke-width="2"/>`;
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
    <rect width="32" height="32" rx="8" fill="${colour("--accent")}"/>
    <path d="M16 7l9 9-9 9-9-9z" fill="${colour("--accent-ink")}"/>${hasNews ? dot : ""}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawn)}`;
}

/** Show the icon in the tab, and let styles know (`data-news`): on a phone the sidebar is closed. */
export function showIcon(hasNews) {
  let link = document.querySelector('link[rel~="icon"]');
  if (!link) {
    link = document.createElement("link");
    link.rel = "icon";
    document.head.append(link);
  }
  link.type = "image/svg+xml";
  link.href = icon(hasNews);
  link.dataset.news = hasNews;
  document.documentElement.toggleAttribute("data-news", hasNews);
}
