/* Which `/` commands a text of the composer asks for: pure. */

import { match, termsOf } from "../commands/fuzzy.js";

const NAME = /^\/([^\s/]*)$/u;
const WITH = /^\/(\S+)[ \t]+(.*)$/u;
const TYPED = new Set([undefined, "insertText", "insertCompositionText", "insertFromComposition"]);

/** Whether this is the beginning of a command: typed into an empty box. What is pasted is a text. */
export const begins = (before, text, inputType) => !before && text.startsWith("/") && TYPED.has(inputType);

const beginsWith = (text, start) => text.toLowerCase().startsWith(start.toLowerCase());
const hasWord = ({ label }, start) => start.length > 2 && label.split(/\s+/).some((word) => beginsWith(word, start));

/* The best fit of a choice first; all of them without a text. */
function fitting(choices, text) {
  const terms = termsOf(text);
  return choices
    .map((choice) => ({ choice, fit: match(terms, choice.label) }))
    .filter(({ fit }) => fit)
    .sort((a, b) => (terms.length ? b.fit.score - a.fit.score : 0))
    .map(({ choice }) => choice);
}

const optionOf = (row, canDo) => ({
  id: row.id,
  name: `/${row.slash}`,
  label: row.label,
  isPossible: canDo(row.id),
  completed: row.takes ? `/${row.slash} ` : `/${row.slash}`,
  command: row.takes === "choice" ? "" : row.id, // with choices, the name is only the beginning
});

/** The options for a text, the first one being the best. A text that is none of the commands has no options: it is
    a message. */
export function offered(text, table, { canDo, choicesOf }) {
  const rows = table.filter(({ slash }) => slash);
  const name = NAME.exec(text);
  if (name) {
    const isNamed = (row) => beginsWith(row.slash, name[1]);
    const fits = [...rows.filter(isNamed), ...rows.filter((row) => !isNamed(row) && hasWord(row, name[1]))];
    const options = fits.map((row) => optionOf(row, canDo)).filter(({ isPossible }) => isPossible || name[1]);
    return [...options.filter(({ isPossible }) => isPossible), ...options.filter(({ isPossible }) => !isPossible)];
  }
  const [, sought, rest = ""] = WITH.exec(text) ?? [];
  const row = rows.find(({ slash, takes }) => takes && slash === sought?.toLowerCase());
  if (!row) return [];
  const option = optionOf(row, canDo);
  if (row.takes === "text" || !option.isPossible) return [{ ...option, argument: rest.trim(), command: row.id, completed: text }];
  return fitting(choicesOf(row.id), rest).map(({ value, label, chosen }) => ({
    ...option,
    id: `${row.id}:${value}`,
    label,
    chosen,
    argument: value,
    command: row.id,
    completed: `/${row.slash} ${label}`,
  }));
}
