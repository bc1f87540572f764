"""What a screen reader is told about a conversation, in short sentences."""

SAID_SENT = "Sent."
SAID_QUEUED = "Added to the queue."
SAID_WAITING = "Waiting for {agent}."
SAID_STARTED = "{names} started."
SAID_NEEDS_YOU = "The agent needs you: {question}"
SAID_STOPPING = "Stopping…"
SAID_FINISHED = "Finished."
SAID_CUT = "{answer}… press {key} to read it"

SKIP = "Skip to the conversation"
PANE_KEYS = "F6 moves to the question or the answer of the agent, and back to the text box."
THREADS = "Recent chats"
THREAD_KEYS = (
    "Up and down arrow keys move between the chats, the right one to the menu of a chat."
    " F2 renames it, Delete deletes it."
)
YOUR_AGENT = "the agent"
"""In a sentence, until its name is known."""
