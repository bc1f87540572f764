"""Numbers, sizes, times and lists, in words."""

import math

LANGUAGE = "en"
"""A BCP 47 tag: how numbers are written."""
SIZES = ("{amount} bytes", "{amount} KB", "{amount} MB")
SECONDS = "{seconds} s"
MINUTES = "{minutes} min {seconds} s"
PAUSES = (
    ("1 second", "{count} seconds"),
    ("1 minute", "{count} minutes"),
    ("1 hour", "{count} hours"),
)
AND, AND_MORE, COMMA = " and ", "{count} more", ", "
PERCENT = "{percent}%"


def size(octets: int) -> str:
    """A number of bytes in words: 812 bytes, 214 KB, 3.4 MB."""
    small, middle, large = SIZES
    if octets < 1000:
        return small.format(amount=octets)
    if octets < 1_000_000:
        return middle.format(amount=f"{octets / 1000:.0f}")
    return large.format(amount=f"{octets / 1_000_000:.1f}")


def duration(seconds: float) -> str:
    """A stretch of time in words: 0.4 s, 8 s, 2 min 5 s."""
    if seconds < 9.95:
        return SECONDS.format(seconds=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    return (MINUTES if minutes else SECONDS).format(minutes=minutes, seconds=rest)


def pause(seconds: float) -> str:
    """A time to wait in words, rounded up: 1 second, 20 seconds, 3 minutes, 2 hours."""
    unit, amount = 0, math.ceil(seconds)
    while amount > 90 and unit < 2:
        unit += 1
        amount = math.ceil(seconds / 60**unit)
    one, many = PAUSES[unit]
    return one if amount == 1 else many.format(count=amount)


def listed(names: list[str]) -> str:
    """Names in a sentence: to; to and subject; to, subject and 3 more."""
    more = AND_MORE.format(count=len(names) - 2)
    shown = names if len(names) <= 3 else [*names[:2], more]
    return AND.join(filter(None, (COMMA.join(shown[:-1]), *shown[-1:])))


def both_ends(words: str, most: int) -> str:
    """The words, of more than `most` characters without their middle."""
    words, half = words.strip(), most // 2 - 2
    return words if len(words) <= most else f"{words[:half]}\n…\n{words[-half:]}"
