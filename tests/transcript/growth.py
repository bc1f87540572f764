"""Does the work for a text grow with its length, or with the square of it?"""

import gc
import time
from collections.abc import Callable

TRIES = 6


def grows_linearly(work: Callable[[str], object], unit: str) -> bool:
    """Compare the processor time for 12 KB and 48 KB of `unit`: 4 times as much is linear.

    A square would be 16 times, at every try. Noise only ever adds, so the least of several tries
    counts, and the first that is near enough ends them. The garbage collector is kept out: what it
    costs depends on all that other tests have left behind. Little time is always good, since there
    the clock is too coarse.
    """

    def cost(length: int) -> float:
        text = unit * (length // len(unit)) + " x"
        started = time.process_time()
        work(text)
        return time.process_time() - started

    collects = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        whole, part = cost(48_000), cost(12_000)
        for _ in range(TRIES):
            if whole < 0.05 or whole < 9 * part:
                return True
            whole, part = min(whole, cost(48_000)), min(part, cost(12_000))
        return False
    finally:
        if collects:
            gc.enable()
