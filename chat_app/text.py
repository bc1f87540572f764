"""Every sentence the app says, in one place."""

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
DEMO_FAILED = "The demo agent did not start."
NOT_A_PAGE = "There is nothing at this address."
NOT_A_THREAD = "This address is not a chat. Check the link, or start a new chat."
THREAD_GONE = "This chat does not exist, or was deleted. Check the link, or start a new chat."
NO_ASSISTANT = "The server offers no assistant to talk to."
UNKNOWN_ASSISTANT = "The assistant “{name}” does not exist on the server. It offers: {known}."
TOO_LONG = "This message is too long to send. Shorten it to {limit} characters or less."
RETRY = "Try again"
DETAILS = "What the server said"

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
