/* Whether a key that was pressed is one of the table. Letters are compared as they are typed, so that they stay
   where the person's layout has them (Dvorak, AZERTY); where the layout has no Latin letter on the key (Cyrillic,
   Greek, Arabic, Hangul), by its place. */

const ALIKE = { "?": ["?", "？", "؟"], "/": ["/", "／"] };
const PLACES = { "/": ["Slash", false], "?": ["Slash", true] };
const isPlain = (key) => /^[\x20-\x7e]$/.test(key);

export function parsed(key) {
  const parts = key.length > 1 ? key.split("+") : [key];
  const name = parts.pop();
  return { name, mod: parts.includes("Mod"), shift: parts.includes("Shift"), alt: parts.includes("Alt") };
}

function isLetter(event, letter, shift) {
  const isTyped = event.key.toUpperCase() === letter;
  const isThere = event.key.length === 1 && !isPlain(event.key) && event.code === `Key${letter}`;
  return (isTyped || isThere) && event.shiftKey === shift;
}

/* A sign may need Shift, or not, by the layout. */
function isSign(event, sign) {
  const [code, shift] = PLACES[sign] ?? [];
  const isThere = event.key.length === 1 && !isPlain(event.key) && event.code === code && event.shiftKey === shift;
  return isThere || (ALIKE[sign] ?? [sign]).includes(event.key);
}

/** `event` needs `key`, `code` and the modifiers. AltGr and input methods type; they are no shortcut. */
export function matches(event, key, { isApple = false } = {}) {
  if (event.isComposing || event.keyCode === 229 || event.getModifierState?.("AltGraph")) return false;
  const { name, mod, shift, alt } = parsed(key);
  const { ctrlKey, metaKey, altKey } = event;
  const hasMod = isApple ? metaKey && !ctrlKey : ctrlKey !== metaKey;
  if (mod ? !hasMod : ctrlKey || metaKey) return false;
  if (altKey !== alt || !event.key) return false;
  if (name.length > 1) return event.key === name && event.shiftKey === shift;
  return /^[A-Z]$/.test(name) ? isLetter(event, name, shift) : isSign(event, name);
}

/** Whether it works while a person types: without a modifier it is a letter of the text. */
export function hasModifier(key) {
  const { name, mod, alt } = parsed(key);
  return mod || alt || /^(F\d+|Escape)$/.test(name);
}

/** Whether it is a character that a person types, or might say to a program that listens. */
export const isCharacter = (key) => key.length === 1 && key !== " ";
