"""Every sentence the app says, in one place."""

from math import ceil

TAGLINE = "Ask anything. Answers stream in as they are written."
TAGLINE_DEMO = "You are talking to the demo agent. It has real tools and needs no key."
HEADLINE = "What shall we work on?"
DEMO_AGENT = "Demo agent"
PLACEHOLDER = "Message the agent"
CAUTION = "Agents make mistakes. Check what matters."
NEW_CHAT = "New chat"
CONVERSATION = "Conversation"
EARLIER = "Show earlier messages ({count})"
LATEST = "Jump to latest"
STEPS = "Tool calls and thinking"
NO_CHATS = "Your chats appear here."
STARTING = "Starting the agent…"
THOUGHT = "Thoughts"
THOUGHT_FOR = "Thought for"
STOPPED = "Stopped."
SOURCES = "Sources"
TOKENS = "{read:,} tokens in, {written:,} out"
FIRST_SIGN = "first token after {wait}"
SPEED = "{rate} tokens/s"
AGENT_WAITS = "The agent paused here and waits for a person."
RUN_FAILED = "The agent ran into an error while answering."
RUN_LOST = "The connection to this run was lost, and the server no longer knows how it ended."
ASKED_TOO_OFTEN = "The model gets too many requests right now. Wait a little, then try again."
ASKED_TOO_OFTEN_FOR = "The model gets too many requests right now. It asks for a pause of {pause}."
TOO_MANY_STEPS = (
    "The agent took more steps than one answer may have, and was stopped. "
    "Try again, and it goes on from there."
)
KEY_REFUSED = (
    "The agent may not use its model: the key is missing, wrong or not allowed to. "
    "Whoever runs the agent has to look at it."
)
OUT_OF_CREDIT = (
    "The agent's credit or quota with the provider of its model is used up. "
    "Whoever runs the agent has to look at it."
)
OVERLOADED = "The model is overloaded or out of order right now. Try again in a moment."
TOOK_TOO_LONG = "This took too long and was given up. Try again."
TOO_LONG_FOR_MODEL = "This conversation is too long for the model. Start a new chat."
FILTERED = "The model's content filter stopped this answer. Put the question another way."
NOT_ACCEPTED = (
    "The agent or its model did not accept what it was given. "
    "Whoever runs the agent can tell more from the details."
)
OUT_OF_MEMORY = "The agent broke down while answering, most likely for want of memory. Try again."
NO_CONNECTION = "The agent could not reach something it needs. Try again in a moment."
ENDED_BY_SERVER = "The server ended this run before the answer was done. Try again."
DEMO_FAILED = "The demo agent did not start."
NOT_A_PAGE = "There is nothing at this address."
NOT_A_THREAD = "This address is not a chat. Check the link, or start a new chat."
THREAD_GONE = "This chat does not exist, or was deleted. Check the link, or start a new chat."
NO_ASSISTANT = "The server offers no assistant to talk to."
UNKNOWN_ASSISTANT = "The assistant “{name}” does not exist on the server. It offers: {known}."
TOO_LONG = "This message is too long to send. Shorten it to {limit} characters or less."
RETRY = "Try again"
DETAILS = "What the server said"

SEND = "Send"
STOP = "Stop"
STOP_KEY = "Stop (Esc)"
WHILE_RUNNING = "What sending does while the agent answers"
QUEUE = "Queue"
QUEUE_MEANS = "The message waits until this answer is done."
QUEUE_SEND = "Add to the queue"
INTERRUPT = "Interrupt"
INTERRUPT_MEANS = "Stops this answer, keeps what was written, and answers the message."
INTERRUPT_SEND = "Stop this answer and send"
START_OVER = "Start over"
START_OVER_MEANS = "Takes back this answer and its question, and answers the message instead."
START_OVER_SEND = "Take back this answer and send"
WAITING = "Messages that wait for their turn"
NEXT = "Next"
EDIT = "Edit in the box below"
MOVE_UP = "Move up"
SEND_NOW = "Stop this answer and send now"
REMOVE = "Remove"

OFFLINE = "You are offline. What you write stays here; the agent goes on."
APP_LOST = "Connection lost. Trying again…"
RETRY_NOW = "Retry now"
APP_FAILED = "Something went wrong in the app. If it stays wrong, reload the page."
RELOAD = "Reload"
AGENT_LOST = "Connection to the agent lost."
AGAIN_IN = "Trying again in {seconds} s"
AGAIN = "Trying again…"
CAUSE = "What happened"

STARTERS = (
    ("whats the weather in la", "one tool, one answer"),
    ("Compare the weather in Paris and Tokyo", "two tools at once, a table"),
    ("Show me your tools", "side by side, one fails, one draws"),
    ("Show me what you can render", "code, tables, maths, a diagram"),
)

ARGUMENTS = "Arguments"
RESULT = "Result"
CALL_DONE = "done"
CALL_RUNNING = "running"
CALL_FAILED = "failed"
CALL_UNANSWERED = "no result"
NO_ARGUMENTS = "none"
NO_OUTPUT = "The tool returned nothing."
ENDED_WITHOUT_RESULT = "The run was stopped or ended before this call had a result."
SHOW_ALL = "Show all"
COPY_ARGUMENTS = "Copy arguments"
COPY_RESULT = "Copy result"
IMAGE_OF_RESULT = "Image returned by the tool"
IMAGE_TOO_LARGE = "An image of {size} is too large to be shown."
IMAGE_OF_ANOTHER_KIND = "An image of a kind that is not shown here (PNG, JPEG, GIF and WebP are)."


def size(octets: int) -> str:
    """A number of bytes in words: 812 bytes, 214 KB, 3.4 MB."""
    if octets < 1000:
        return f"{octets} bytes"
    return f"{octets / 1000:.0f} KB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def duration(seconds: float) -> str:
    """A stretch of time in words: 0.4 s, 8 s, 2 min 5 s."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def pause(seconds: float) -> str:
    """A time to wait in words, rounded up: 1 second, 20 seconds, 3 minutes, 2 hours."""
    amount, unit = ceil(seconds), "second"
    if amount > 90:
        amount, unit = ceil(seconds / 60), "minute"
    if amount > 90:
        amount, unit = ceil(seconds / 3600), "hour"
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def both_ends(words: str, most: int) -> str:
    """The words, of more than `most` characters without their middle."""
    words, half = words.strip(), most // 2 - 2
    return words if len(words) <= most else f"{words[:half]}\n…\n{words[-half:]}"
