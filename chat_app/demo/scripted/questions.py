"""Reading a question: which cities, which sum, how many tokens. Plain rules, no language model."""

from __future__ import annotations

import re

from chat_app.demo.tools.cities import CITIES, known_city

MOST_TOKENS = 10_000
DEFAULT_TOKENS = 2_000

_WEATHER = re.compile(
    r"\b(weather|forecast|temperature|degrees|(warm|cold|hott?|rain|snow|sunn|wind|humid)"
    r"(er|est|y|ier|iest|ing|s|)|hotter|hottest|humidity)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(what(?:['\u2019]?s)?( is)?( the)?( \w+)? (time|date|day)\b(?! of)|time (is it|in|at|now)|"
    r"(current|local) time|clock|time ?zone)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"([,;:?!.\n]+|\b(?:in|at|for|than|with|between|compare|and|or|vs|versus|to|of|is|it)\b)",
    re.IGNORECASE,
)
_INTRODUCES = {"in", "at", "for", "than", "between", "compare"}
_CONTINUES = {",", "and", "or", "vs", "versus", "with", "to"}
_FILLER = set(
    """a about also are be can celsius check clock colder compared cooler current currently date day
    do does fahrenheit forecast get give hotter how hows how's humid like local looking look me
    moment morning much my evening afternoon night now please right see show table tell that's
    the there think thinking time today tomorrow tonight warmer weather week weekend what whats
    what's whether will words you your this say temperature both here outside rain raining snow
    snowing sunny windy same first then step by out reason reasoning know want i'd i should would
    if need city cities them each one degrees which city's so but long minute second
    """.split()  # noqa: SIM905 - a list of ninety quoted words is harder to read
)
_COUNTRIES = {city.country for city in CITIES} - {city.city for city in CITIES}
_SUM = re.compile(
    r"""(?:(?:sqrt|sin|cos|tan|ln|log|abs|round)\s*\(|\b(?:pi|e)\b|\d[\d,]*(?:\.\d+)?|\.\d+
        |%\s*of\b|[-+*/^%()\u00d7÷\u2212]|\s)+""",
    re.VERBOSE,
)
_SPOKEN = [
    (re.compile(pattern, re.IGNORECASE), sign)
    for pattern, sign in [
        (r"\bplus\b", "+"),
        (r"\bminus\b", "-"),
        (r"\b(times|multiplied by)\b|(?<=\d)\s*x\s*(?=\d)", "*"),
        (r"\b(divided by|over)\b", "/"),
        (r"\b(to the power of|to the power)\b", "^"),
        (r"\bsquared\b", "^2"),
        (r"\bcubed\b", "^3"),
        (r"\bper ?cent of\b", "% of"),
        (r"\b(?:the )?square root of (\d[\d.,]*)", r"sqrt(\1)"),
    ]
]
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_OPERATION = re.compile(
    r"[\d)]\s*(?:[-+*/^\u00d7÷\u2212]|%\s*(?:of)?)\s*[-+(\d.a-z]|[a-z]\s*\(", re.IGNORECASE
)
_AMOUNT = re.compile(r"(\d[\d,_]*)\s*(k)?\s*-?\s*(?:tokens?|words?)\b", re.IGNORECASE)
_COUNT = re.compile(r"\bcount the words (?:in|of)\b:?(.+)", re.IGNORECASE | re.DOTALL)
_WAIT = re.compile(r"\b(?:wait|timer)\b\D*(\d+(?:\.\d+)?) ?s(?:ec|econds?)?\b", re.IGNORECASE)
_LONG = re.compile(r"(?<!how )\blong\b|\bessay\b", re.IGNORECASE)


def wants_weather(question: str) -> bool:
    """True where the words ask for weather."""
    return bool(_WEATHER.search(question))


def wants_time(question: str) -> bool:
    """True where the words ask for a time or date."""
    return bool(_TIME.search(question))


def places(question: str) -> list[str]:
    """The places named, in order, without repeats: known ones by their proper name.

    >>> places("whats the weather in la, and is it warmer than tokyo?")
    ['Los Angeles', 'Tokyo']
    """
    named: list[str] = []
    separator, follows_place = "", False
    for piece in _SEPARATOR.split(question):
        if _SEPARATOR.fullmatch(piece):
            separator = piece.strip().lower()
            continue
        if not (name := _without_filler(piece)):
            continue
        listed = follows_place and separator in _CONTINUES and name[0].isupper()
        if name in _COUNTRIES:
            continue
        found = _in_words(name)
        if not found and (separator in _INTRODUCES or listed) and _like_a_name(name):
            found = [name if name != name.lower() else name.title()]
        named += found
        follows_place = bool(found)
    return list(dict.fromkeys(named))


def _without_filler(piece: str) -> str:
    words = piece.split()
    while words and words[0].lower() in _FILLER:
        words.pop(0)
    while words and words[-1].lower() in _FILLER:
        words.pop()
    return " ".join(words)


def _in_words(name: str) -> list[str]:
    if city := known_city(name):
        return [city.city]
    # A nickname such as "la" counts only where it stands alone: "la rochelle" is another place.
    inside = [
        (at.start(), city.city)
        for city in CITIES
        if (at := re.search(rf"\b{re.escape(city.city)}\b", name, re.IGNORECASE))
    ]
    return [city for _, city in sorted(inside)]


def _like_a_name(name: str) -> bool:
    return len(name.split()) <= 3 and len(name) > 2 and not re.search(r"[\d(){}<>=]", name)


def arithmetic(question: str) -> str:
    """The longest sum in the question, as the calculator reads it; empty if there is none.

    >>> arithmetic("what is 12 times 7?")
    '12 * 7'
    """
    text = _DATE.sub(" ", question)
    for spoken, sign in _SPOKEN:
        text = spoken.sub(sign, text)
    sums = [found[0].strip(" +*/^,%\n") for found in _SUM.finditer(text)]
    return max((s for s in sums if _OPERATION.search(s)), key=len, default="")


def text_to_count(question: str) -> str:
    """The text after "count the words in", else nothing.

    >>> text_to_count("count the words in: to be or not")
    'to be or not'
    """
    found = _COUNT.search(question)
    return found[1].strip() if found else ""


def waiting_time(question: str) -> float | None:
    """How many seconds to wait, where the question asks for that.

    >>> waiting_time("wait 5 seconds")
    5.0
    """
    found = _WAIT.search(question)
    return float(found[1]) if found else None


def answer_length(question: str) -> int | None:
    """How many tokens of text are asked for, at most `MOST_TOKENS`; None if length is no matter."""
    if amount := _AMOUNT.search(question):
        tokens = int(re.sub(r"[,_]", "", amount[1])) * (1000 if amount[2] else 1)
        return max(1, min(tokens, MOST_TOKENS))
    return DEFAULT_TOKENS if _LONG.search(question) else None
