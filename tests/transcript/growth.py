"""Does the work for a text grow with its length, or with the square of it?"""

import time
from collections.abc import Callable


def grows_linearly(work: Callable[[str], object], unit: str) -> bool:
    """Compare the processor time for 12 KB and 48 KB of `unit`: 4 times as much is linear.

    A square would be 16 times. Little time is always good, since there the clock is too coarse.
    """

    def cost(length: int) -> float:
        text = unit * (length // len(unit)) + " x"
        started = time.process_time()
        work(text)
        return time.process_time() - started

    whole = cost(48_000)
    return whole < 0.05 or min(whole, cost(48_000)) < 9 * cost(12_000)
