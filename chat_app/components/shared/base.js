/* The path that the app is served under: empty, or such as "/chat" (CHAT_BASE_PATH). One build serves any: the
   document says which one it is (see chat_app/built_page/base_path.py). Links and `navigate` of React Router know it by
   themselves; all other addresses of the app are made with `at`. */

export const BASE = (globalThis.window?.__reactRouterContext?.basename ?? "").replace(/\/+$/, "");

/** What the browser asks for to get `path` of the app, which begins with a slash. */
export const at = (path) => BASE + path;

/** The path in the app that the page shows, as links have it. */
export const here = () => location.pathname.slice(BASE.length) || "/";
