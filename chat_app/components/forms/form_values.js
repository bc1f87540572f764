/* The values of a form: an object with a text for each field that was edited, by name; for a list or choices
   a list of texts; for a group an object of the same shape, or its JSON. The app parses and validates them
   (see chat_app/transcript/filling.py); here only simple errors are found, to be shown at once. */

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

/** The validation error of a field, or an empty string. */
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

/* An optional group without an edited field is not validated. */
const isWanted = (field, given) => field.required || field.text !== "" || isChanged(field, given);

export const problemIn = (fields, given, words) =>
  fields.map((field) => problemOf(field, given[field.name] ?? startOf(field), words)).find(Boolean) ?? "";

/** The values that differ from the initial ones. */
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

/** The error that the app found at a path. */
export const faultAt = (faults, path) => faults.find((fault) => isSame(fault.path, path))?.text ?? "";
