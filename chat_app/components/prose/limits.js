/* How much Markdown one block may hold before it is shown as plain text instead of being parsed: the
   rule of `chat_app/transcript/markdown/limits.py`, whose comments give the reasons. A test compares
   the two, so change both. */

const MAX_LENGTH = 64_000;
const MAX_CODE_LENGTH = 100_000;
const MAX_CONTAINERS = 32;
const MAX_OPEN = 100;
const MAX_WEIGHT = 3_000;
const MAX_CELLS = 4_000;
const MAX_UNMATCHED = 100;
const MAX_INTRAWORD = 300;
const MAX_SCANS = 50;
const MAX_RUN_LENGTHS = 40;
const MAX_WORD_WORK = 1_000_000;

const CONTAINER = /[ \t]*(>|[-+*](?=[ \t]|$)|[0-9]{1,9}[.)](?=[ \t]|$))/y;
const RULE = /^[ \t>]*([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const FENCE = /^(?:(`{3,})[^`]*$|(~{3,}))/;
const MARK =
  /\\[^A-Za-z0-9 \t]|\*+|_+|~+|`+|\$+|\]:|\]\([^ \t()<>]*[ \t]+\(|[[\]|&\x00@]|<[!?]|<|https?:|www\./gu;
const WORD = /[-.+A-Za-z0-9_]+/g;
const PUNCTUATION = /[-.+_]/g;
const LONG_WORD = 1_000;
const WEIGHTS = { $: 12, "|": 4, "&": 2, "<": 2, "@": 2, w: 5, h: 8 };
const LINE = 2;
const ITEM = 5;
const DEFINITION = 12;

const isLetter = (character) => /^[A-Za-z0-9]$/.test(character);
const isGap = (character) => character === "" || character === " " || character === "\t";
const isSlow = (word) =>
  word.length > LONG_WORD && word.length * (word.match(PUNCTUATION) ?? []).length > MAX_WORD_WORK;

class Measure {
  weight = 0;
  items = [];

  constructor() {
    this.newParagraph();
  }

  newParagraph() {
    this.open = { "*": 0, _: 0, "~": 0, "[": 0 };
    this.unmatched = this.intraword = this.scans = this.rows = this.columns = 0;
    this.runLengths = new Set();
  }

  /* Counts one line; returns whether it exceeds a limit. */
  line(line) {
    const at = this.containers(line);
    if (at < 0) return true;
    this.weight += LINE;
    if (/^[ \t]*$/.test(line.slice(at))) this.newParagraph();
    this.rows += 1;
    let bars = 0;
    MARK.lastIndex = at;
    for (let found = MARK.exec(line); found; found = MARK.exec(line)) {
      if (found[0] === "|") bars += 1;
      this.mark(line, found[0], found.index);
      if (this.isOver()) return true;
    }
    this.columns = Math.max(this.columns, bars);
    if (line.length > LONG_WORD && (line.match(WORD) ?? []).some(isSlow)) return true;
    return this.weight > MAX_WEIGHT || this.rows * this.columns > MAX_CELLS;
  }

  isOver() {
    return (
      this.weight > MAX_WEIGHT ||
      this.unmatched > MAX_UNMATCHED ||
      this.intraword > MAX_INTRAWORD ||
      this.scans > MAX_SCANS ||
      this.runLengths.size > MAX_RUN_LENGTHS ||
      Math.max(...Object.values(this.open)) > MAX_OPEN
    );
  }

  /* The index at which the content of the line begins, or -1 if it is nested too deeply. */
  containers(line) {
    let at = 0;
    let quotes = 0;
    let items = 0;
    for (;;) {
      CONTAINER.lastIndex = at;
      const found = CONTAINER.exec(line);
      if (!found) break;
      at = CONTAINER.lastIndex;
      if (found[1] === ">") quotes += 1;
      else {
        const column = at - found[1].length;
        items += 1;
        while (this.items.length && this.items.at(-1) >= column) this.items.pop();
        this.items.push(column);
      }
      if (quotes + this.items.length > MAX_CONTAINERS) {
        if (!RULE.test(line)) return -1;
        this.items = [];
        return line.length;
      }
    }
    this.weight += items * ITEM;
    return at;
  }

  mark(line, mark, start) {
    const sign = mark[0];
    if (sign === "*" || sign === "_" || sign === "~") {
      this.delimiters(line, mark, start);
      return;
    }
    if (sign === "[") this.open["["] += 1;
    else if (sign === "]") {
      if (!this.open["["]) this.unmatched += 1;
      this.open["["] = Math.max(0, this.open["["] - 1);
      if (mark.endsWith("(")) this.scans += 1;
    } else if (sign === "`" || sign === "$") this.runLengths.add(mark);
    else if (mark === "<!" || mark === "<?") this.scans += 1;
    this.weight += mark === "]:" ? DEFINITION : (WEIGHTS[sign] ?? 1);
  }

  delimiters(line, run, start) {
    const sign = run[0];
    const before = line.charAt(start - 1);
    const after = line.charAt(start + run.length);
    const opens = !isGap(after);
    const closes = !isGap(before);
    if (opens && closes) {
      if (sign === "_" && isLetter(before) && isLetter(after)) return;
      this.intraword += 1;
    }
    this.weight += 1;
    if (closes && this.open[sign]) this.open[sign] = Math.max(0, this.open[sign] - run.length);
    else if (opens) this.open[sign] += run.length;
    else if (closes) this.unmatched += 1;
  }
}

/* The part of a text that is parsed as Markdown: without the code block that it may begin with. */
function afterFence(text) {
  const first = text.split("\n", 1)[0].replace(/[\r\n]+$/, "");
  const [found, backticks, tildes] = FENCE.exec(first) ?? [];
  if (found === undefined) return text;
  const run = backticks ?? tildes;
  const closing = new RegExp(`\\n {0,3}${run[0]}{${run.length},}[ \\t]*\\r*(?:\\n|$)`).exec(text);
  return closing ? text.slice(closing.index + closing[0].length) : "";
}

/* Whether a block has to be shown as plain text. Takes linear time. */
export function exceedsLimits(text) {
  if (text.length > MAX_CODE_LENGTH) return true;
  const parsed = afterFence(text);
  if (parsed.length > MAX_LENGTH) return true;
  const lines = parsed.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const measure = new Measure();
  return lines.some((raw) => raw.replace(/\r+$/, "").split("\r").some((line) => measure.line(line)));
}
