"""The Streams tab of the inspector: the events of a run as they arrived."""

STREAMS_TABS = "Events by their stream mode"
STREAMS_SEARCH = "Search events"
STREAMS_NODE = "Node or subgraph"
STREAMS_ALL_NODES = "All nodes"
STREAMS_RUN = "Run of these events"
STREAMS_PAUSED = "Paused. New events are recorded, and shown when you go on."
STREAMS_FOLLOW = "Go to the newest event"
STREAMS_DOWNLOAD = "Download as .jsonl"
STREAMS_EVENTS = "Events"
STREAMS_EMPTY = "Send a message, then the events of its run are shown here."
STREAMS_NONE = "No event of this kind yet."
STREAMS_NONE_FOUND = "No event is like that."
STREAMS_NOT_ASKED = "Runs of this chat do not ask for this mode. It can be chosen under Modes."
STREAMS_GONE = "The agent's server no longer has the events of this run."
STREAMS_STORED = (
    "The agent's server no longer has the events of this run. These are made of its checkpoints."
)
STREAMS_CUT = "Some events of this run are missing."
STREAMS_FAILED = "The events cannot be read at the moment. It is tried again."
STREAMS_EARLIER = (
    "{count} earlier event is not kept here.",
    "{count} earlier events are not kept here.",
)
STREAMS_AGAIN = "Read again"
STREAMS_NOT_AGAIN = "The agent's server no longer has them."
STREAMS_EVENT_FAILED = "The data of this event cannot be read any more."
STREAMS_LARGE = (
    "The event is too large to be shown whole. This is its beginning; the download has all."
)
STREAMS_READING = "Reading …"
STREAMS_CLOSE_EVENT = "Close the event"
STREAMS_COPY = "Copy as JSON"
STREAMS_NO_DATA = "Without data"
MODES = "Modes"
MODES_AS_NEEDED = "As the chat needs"
MODES_ALONE = "What runs of this chat ask for, from the next one on"
MODES_HINT = (
    "Each of values, updates and messages alone is enough for the conversation. While the "
    "inspector is open, the chat asks for tasks as well."
)
MODES_NOT_KEPT = "Not kept for other browsers: {why}"
