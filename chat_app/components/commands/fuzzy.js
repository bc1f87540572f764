/* Fuzzy search over short names. Each word of the query has to be found, in any order: as it stands, or as letters
   in order of which each run begins a word or has several letters ("nch" in "New chat"); one run may be a stray.
   Case and accents do not count. Returns where the letters are, to mark them. */

const WORD = /[\p{L}\p{N}]/u;
const MARKS = /\p{M}+/gu;
const ASCII = /^[\x00-\x7f]*$/;
const LONGEST = 200; // letters of a name that are searched
const MOST_KEPT = 30_000; // names that are kept folded

const isWord = (code) => {
  if (code < 128) return (code > 96 && code < 123) || (code > 47 && code < 58);
  return WORD.test(String.fromCharCode(code));
};

/* A text without case and accents, in `low`. `from` is where each of its letters is in the text (null: at the same
   place), `begins` whether it begins a word. */
function fold(text) {
  let low = "";
  let from = null;
  if (ASCII.test(text)) low = text.slice(0, LONGEST).toLowerCase();
  else {
    from = [];
    let at = 0;
    for (const character of text) {
      if (low.length >= LONGEST) break;
      const plain = character.normalize("NFKD").replace(MARKS, "").toUpperCase().toLowerCase();
      for (let n = 0; n < plain.length; n += 1) from.push(at);
      low += plain;
      at += character.length;
    }
  }
  const begins = new Uint8Array(low.length);
  let wasWord = false;
  for (let at = 0; at < low.length; at += 1) {
    const is = isWord(low.charCodeAt(at));
    if (is && !wasWord) begins[at] = 1;
    wasWord = is;
  }
  return { text, low, from, begins };
}

const kept = new Map();
function folded(text) {
  const known = kept.get(text);
  if (known) return known;
  if (kept.size >= MOST_KEPT) kept.clear();
  const made = fold(text);
  kept.set(text, made);
  return made;
}

/* Where a word stands as it is: best where a word of the name begins, else the first place. */
function whole({ low, begins }, word) {
  const first = low.indexOf(word);
  for (let at = first; at >= 0; at = low.indexOf(word, at + 1)) if (begins[at]) return at;
  return first;
}

const NEVER = -1e9;
let scores = [new Float64Array(2 * LONGEST), new Float64Array(2 * LONGEST)];
const ways = Array.from({ length: LONGEST }, () => new Int16Array(2 * LONGEST));

/* The best way to find the letters one after the other; null where there is none that is good enough. */
function scattered({ low, begins }, word) {
  const size = low.length;
  const first = low.indexOf(word[0]);
  for (let n = 0, from = 0; n < word.length; n += 1) {
    from = low.indexOf(word[n], from) + 1;
    if (!from) return null;
  }
  let [before, now] = scores;
  for (let n = 0; n < word.length; n += 1) {
    const letter = word.charCodeAt(n);
    const way = ways[n];
    let best = NEVER;
    let bestAt = -1;
    for (let at = first; at < size; at += 1) {
      if (n && at - 2 >= first && before[at - 2] > best) {
        best = before[at - 2];
        bestAt = at - 2;
      }
      now[at] = NEVER;
      if (low.charCodeAt(at) !== letter) continue;
      const alone = (n ? best : 0) + (begins[at] ? 2 : -1);
      const along = n && at > first ? before[at - 1] + 1.5 : NEVER;
      now[at] = Math.max(alone, along);
      way[at] = along >= alone ? at - 1 : bestAt;
    }
    [before, now] = [now, before];
  }
  let at = first;
  for (let place = first; place < size; place += 1) if (before[place] > before[at]) at = place;
  const score = before[at];
  if (score <= NEVER / 2) return null;
  const places = [];
  for (let n = word.length - 1; n >= 0; n -= 1) {
    places.unshift(at);
    at = ways[n][at];
  }
  const inside = places.filter((place, n) => !begins[place] && places[n - 1] !== place - 1);
  const isAlone = inside.some((place) => !places.includes(place + 1));
  return inside.length > 1 || (isAlone && word.length < 3) ? null : { score: score / word.length, places };
}

function found(name, word) {
  const { low, begins } = name;
  const at = whole(name, word);
  if (at < 0) return word.length > 1 ? scattered(name, word) : null;
  const isEnd = at + word.length >= low.length || !isWord(low.charCodeAt(at + word.length));
  const score = 4 + (begins[at] ? 2 : 0) + (at === 0 ? 1 : 0) + (isEnd ? 0.5 : 0) - at / 1000;
  return { score, places: Array.from(word, (_, n) => at + n) };
}

/** The terms of a query, to be searched for in many names. */
export const termsOf = (query) => query.split(/\s+/).map((word) => fold(word).low.trim()).filter(Boolean);

/** How well a name fits, and where its letters are, for `rangesOf`; null where it does not. */
export function match(terms, text) {
  const name = folded(text);
  const shortness = 1 / (1 + name.low.length / 50); // of two names that fit alike, the shorter
  if (!terms.length) return { score: shortness, places: [] };
  let score = 0;
  const places = [];
  for (const word of terms) {
    const one = found(name, word);
    if (!one) return null;
    score += one.score;
    places.push(...one.places);
  }
  return { score: score / terms.length + shortness, places };
}

/** The names are searched faster the first time. */
export const prepare = (names) => names.forEach(folded);

/** What to mark in a text, as `[from, to]`: whole characters, with the accents that follow them. */
export function rangesOf(text, places) {
  const { low, from } = folded(text);
  const begin = (place) => (from ? from[place] : place);
  const end = (place) => {
    let next = place + 1;
    while (next < low.length && begin(next) === begin(place)) next += 1;
    if (next < low.length) return begin(next);
    const rest = [...text.slice(begin(place))];
    const others = rest.slice(1).findIndex((character) => !/^\p{M}$/u.test(character));
    return begin(place) + rest.slice(0, others < 0 ? undefined : others + 1).join("").length;
  };
  const ranges = [];
  for (const place of [...new Set(places)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    const range = [begin(place), end(place)];
    if (last && last[1] >= range[0]) last[1] = Math.max(last[1], range[1]);
    else ranges.push(range);
  }
  return ranges;
}
