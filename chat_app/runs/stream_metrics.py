"""What is counted of the stream of one run, a batch of events at a time."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from chat_app.client.events import MessageDelta, MessagesPartial, Outcome, Reconnecting
from chat_app.observability import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from chat_app.client import Event

_RECONNECTED = metrics.RECONNECTS.labels("stream")
_RETRIED = metrics.RETRIES.labels("stream")
_WORDS = (MessageDelta, MessagesPartial)


class StreamMetrics:
    """Of one run; `asked` is when a person sent what it answers, None where it is joined."""

    def __init__(self, asked: float | None) -> None:
        self.tokens = 0
        self.first_token: float | None = None
        """Seconds from `asked` to the first one."""
        self._asked = asked

    @contextmanager
    def reading(self, outcome: Callable[[], Outcome | None]) -> Generator[None]:
        """Within the block the stream is read; then `outcome` tells how the run ended."""
        metrics.STREAMS.inc()
        try:
            yield
        finally:
            metrics.STREAMS.dec()
            ended = outcome()
            metrics.RUNS.labels(ended.value if ended else "left").inc()
            if ended is Outcome.FAILED:
                metrics.failed("run")
            if ended and self._asked is not None:
                metrics.RUN_SECONDS.observe(monotonic() - self._asked)

    def hear(self, batch: Sequence[Event], arrived: float) -> None:
        """Count a batch, whose first event arrived at this moment of `time.monotonic`."""
        tokens = 0
        for event in batch:
            if isinstance(event, _WORDS):
                tokens += 1
            elif isinstance(event, Reconnecting):
                _RETRIED.inc()
            elif event.event == "reconnected":
                _RECONNECTED.inc()
        if not tokens:
            return
        if not self.tokens and self._asked is not None:
            self.first_token = arrived - self._asked
            metrics.FIRST_TOKEN.observe(self.first_token)
        self.tokens += tokens
        metrics.TOKENS.inc(tokens)
