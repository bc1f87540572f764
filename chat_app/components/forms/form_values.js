/* What a form holds: by name, for each field that was touched, a text; for a list or choices a list of
   texts; for a group what its parts hold, or the JSON of all. What that is worth is decided where the
   answer is checked (see chat_app/transcript/filling.py). Here only the obvious is told at once. */

const NUMBERS = new Set(["number", "integer"]);
const WORDS = new Set(["text", "long"]);
const looksLikeJson = (text) => /^\s*[{["]/.test(text);
const isSame = (some, others) => some.length === others.length && some.every((text, at) => text === others[at]);

export const isNumber = ({ kind }) => NUMBERS.has(kind);
/** Whether an empty text is a value of the field. */
export const mayBeEmpty = ({ kind, format }) => WORDS.has(kind) && !format;
export const startOf = ({ kind, text, items }) =>
  kind === "group" ? {} : kind === "list" || kind === "choices" ? items : text;

export function isChanged(field, given) {
  if (given === undefined) return false;
  if (typeof given === "string") return given !== field.text;
  if (Array.isArray(given)) return !isSame(countedIn(field, given), field.items);
  return field.parts.some((part) => isChanged(part, given[part.name]));
}

/** The items without the empty ones, unless one was empty before. */
export const countedIn = ({ items }, texts) => texts.filter((text) => text || items.includes(""));

export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Why what a field holds cannot be meant, or nothing. */
export function problemOf(field, given, words) {
  if (Array.isArray(given)) return given.map((text) => itemProblemOf(field, text, words)).find(Boolean) ?? "";
  if (typeof given !== "string") return isWanted(field, given) ? problemIn(field.parts, given, words) : "";
  const { kind, required, nullable, text: before } = field;
  if (given === before && !(required && !given)) return "";
  if (!given.trim()) return required && !nullable && !mayBeEmpty(field) ? words.needed : "";
  if (isNumber(field) && !Number.isFinite(Number(given))) return words.notANumber;
  const isJsonNow = ["json", "group", "rest"].includes(kind) || (kind === "free" && looksLikeJson(given));
  if (!isJsonNow) return "";
  try {
    JSON.parse(given);
    return "";
  } catch (error) {
    return error.message;
  }
}

/** The same of one item of a list. */
export const itemProblemOf = ({ items, parts: [item] }, text, words) =>
  !item || !text || items.includes(text) ? "" : problemOf({ ...item, required: false }, text, words);

/* What is optional and not begun lacks nothing. */
const isWanted = (field, given) => field.required || field.text !== "" || isChanged(field, given);

export const problemIn = (fields, given, words) =>
  fields.map((field) => problemOf(field, given[field.name] ?? startOf(field), words)).find(Boolean) ?? "";

/** Of all that a form holds what is other than at first. */
export const changedIn = (fields, given) =>
  Object.fromEntries(
    fields
      .filter((field) => isChanged(field, given[field.name]))
      .map((field) => [field.name, newIn(field, given[field.name])]),
  );

const newIn = (field, given) => {
  if (Array.isArray(given)) return countedIn(field, given);
  return typeof given === "string" ? given : changedIn(field.parts, given);
};

/** What is wrong at a path, as the app has said it. */
export const faultAt = (faults, path) => faults.find((fault) => isSame(fault.path, path))?.text ?? "";
