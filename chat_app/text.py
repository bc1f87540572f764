"""Every sentence the app says, in one place."""

TAGLINE = "Ask anything. Answers stream in as they are written."
TAGLINE_DEMO = "You are talking to the demo agent. It has real tools and needs no key."
HEADLINE = "What shall we work on?"
DEMO_AGENT = "Demo agent"
PLACEHOLDER = "Message the agent"
CAUTION = "Agents make mistakes. Check what matters."
NEW_CHAT = "New chat"
NO_CHATS = "Your chats appear here."
STARTING = "Starting the agent…"
THOUGHT = "Thoughts"
STOPPED = "Stopped."
AGENT_WAITS = "The agent paused here and waits for a person."
RUN_FAILED = "The agent ran into an error while answering."
RUN_LOST = "The connection to this run was lost, and the server no longer knows how it ended."
DEMO_FAILED = "The demo agent did not start."
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
    ("What is 17% of 2,340?", "a calculator, not a guess"),
    ("Show me what you can render", "headings, code, tables, maths"),
)
