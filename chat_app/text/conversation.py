"""Messages, and the short lines between them."""

CONVERSATION = "Conversation"
EARLIER = "Show earlier messages ({count})"
LATEST = "Jump to latest"
SYSTEM_MESSAGE = "System message"
THOUGHT = "Thoughts"
THOUGHT_FOR = "Thought for"
WORKED = "Worked for {took}, {steps}"
STEP_COUNT = ("1 step", "{count} steps")
STEPS_FAILED = "{steps}, {failed} failed"
YOU = "You"
THINKING_HIDDEN = "Some of the thinking is hidden by the model's provider."
SUMMARISED = "Earlier messages were summarised for the agent"
FORGOTTEN = "Earlier messages were removed from the agent's memory"
SOURCES = "Sources"
ENCODED = "{size} of encoded data"
TOO_DEEP = "This is nested too deeply to be shown."
NOTHING_RETURNED = "The run returned nothing."

TOKENS = "{read:,} tokens in, {written:,} out"
FIRST_SIGN = "first token after {wait}"
SPEED = "{rate} tokens/s"
COPY_MARKDOWN = "Copy as Markdown"
COPY_PLAIN = "Copy as plain text"
COPIED, NOT_COPIED = "Copied", "Could not copy"

STOPPING = "Stopping"
STOPPED = "Stopped"
STOP_UNCONFIRMED = "The agent server did not confirm the stop. The run may still be running."
STOP_REFUSED = "The agent server refused to stop this run. The run continues."
REFUSED = "The model declined this request."
UNANSWERED = "The run ended without an answer."
CUT_OFF = {
    "length": "The answer was cut off: it reached the model's length limit.",
    "window": "The answer was cut off: the model's context window is full. Start a new chat.",
    "filter": "The answer was cut off by a content filter of the model's provider.",
    "refusal": "The model declined to continue this answer.",
    "pause": "The model paused in the middle of its turn.",
    "fault": "The answer was cut off by an error of the model.",
}
"""By the values of `chat_app.transcript.message.CutOff`."""
GO_ON_MESSAGE = "Continue exactly where you stopped."
"""What the agent is sent for that."""
CONTINUED_AFTER = "{reason}. Continued"
"""Between the two parts of such an answer; the reason is why the first one ends early."""
NO_RESULT_STOPPED = "Stopped by the person before there was a result."
NO_RESULT_FAILED = "Failed before there was a result. {error}: {message}"
NO_RESULT_LEFT = "Not run: the person asked something else instead."
"""What a thread is given as the result of a call that has none: also read by the model."""


def steps(count: int, *, failed: int = 0, took: str = "") -> str:
    """The steps of a turn in words: Worked for 17 s, 9 steps, 1 failed."""
    one, many = STEP_COUNT
    said = one if count == 1 else many.format(count=count)
    said = STEPS_FAILED.format(steps=said, failed=failed) if failed else said
    return WORKED.format(took=took, steps=said) if took else said
