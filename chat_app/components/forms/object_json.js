/* Converts the values of an object's fields to JSON, and back. Values that were not edited keep their exact
   source text (all digits of a number), and JSON that the fields cannot represent stays JSON. */

import { countedIn, isChanged, isJson, isNumber, mayBeEmpty, startOf } from "./form_values.js";

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const parsed = (text) => (isJson(text) ? JSON.parse(text) : undefined);
const isWords = ({ kind }) => kind === "text" || kind === "long";
const has = (value, name) => isObject(value) && Object.hasOwn(value, name);

/** The JSON of a group whose parts have the values `given`. */
export function jsonOf(group, given) {
  if (!isChanged(group, given)) return group.text || "{}";
  const before = parsed(group.text);
  const lines = group.parts.flatMap((part) => {
    const json = isChanged(part, given[part.name])
      ? newOf(part, given[part.name])
      : has(before, part.name) && oldOf(part, before[part.name]);
    return json ? [`  ${JSON.stringify(part.name)}: ${json.replaceAll("\n", "\n  ")}`] : [];
  });
  return lines.length ? `{\n${lines.join(",\n")}\n}` : "{}";
}

const oldOf = (part, value) => (value === null || isWords(part) ? JSON.stringify(value) : part.text);

function newOf(part, given) {
  const { kind, nullable, parts: [item] } = part;
  if (Array.isArray(given)) {
    const texts = kind === "choices" ? given : countedIn(part, given).map((text) => newOf(item, text));
    return `[${texts.join(", ")}]`;
  }
  if (typeof given !== "string") return jsonOf(part, given);
  if (!given.trim() && !(mayBeEmpty(part) && !nullable)) return nullable ? "null" : "";
  return isWords(part) || (kind === "free" && !isJson(given)) ? JSON.stringify(given) : given.trim();
}

/** The values of a group's parts for that JSON; undefined if the fields cannot represent it. */
export function partsOf(group, json) {
  const [before, now] = [parsed(group.text), parsed(json)];
  const names = group.parts.map(({ name }) => name);
  if (!isObject(now) || !Object.keys(now).every((name) => names.includes(name))) return undefined;
  const others = group.parts.filter(({ name }) => JSON.stringify(now[name]) !== JSON.stringify(before?.[name]));
  const given = others.map((part) => [part.name, givenOf(part, now[part.name])]);
  return given.every(([, each]) => each !== undefined) ? Object.fromEntries(given) : undefined;
}

function givenOf(part, value) {
  const { kind, nullable, required, format, options, parts: [item] } = part;
  const json = JSON.stringify(value);
  if (value === undefined) {
    const mayGo = !required && !nullable && !mayBeEmpty(part) && startOf(part) === part.text;
    return mayGo ? "" : undefined;
  }
  if (value === null) return nullable ? "" : kind === "json" ? json : undefined;
  if (kind === "group") return partsOf(part, json);
  if (kind === "list" || kind === "choices") {
    const any = item ?? { ...part, kind: "choice" };
    const texts = Array.isArray(value) ? value.map((each) => givenOf(any, each)) : [undefined];
    return texts.every((text) => text !== undefined && countedIn(part, [text]).length) ? texts : undefined;
  }
  if (isWords(part)) {
    const isShown = typeof value === "string" && !(nullable && !value) && !format.startsWith("date");
    return isShown ? value : undefined;
  }
  if (kind === "choice") return options.some(([each]) => each === json) ? json : undefined;
  if (isNumber(part)) return typeof value === "number" ? json : undefined;
  if (kind === "boolean") return typeof value === "boolean" ? json : undefined;
  return JSON.stringify(value, null, 2);
}
