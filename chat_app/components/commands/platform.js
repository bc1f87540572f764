/* Whether the keyboard is one of Apple: it has Command where others have Control. */

const APPLE = /mac|iphone|ipad|ipod/i;

export function isApple({ userAgentData, platform, userAgent } = globalThis.navigator ?? {}) {
  return [userAgentData?.platform, platform, userAgent].some((name) => APPLE.test(name ?? ""));
}

/** The keys of a command as they are shown here, a list for each shortcut. */
export const keysOf = (command) => (isApple() ? command.mac : command.pc);

/** What is printed on a key that a button shows; `words` are those of the page. */
export const printed = ({ keys, appleKeys }, by) => (isApple() && appleKeys[by]) || keys[by] || by;
