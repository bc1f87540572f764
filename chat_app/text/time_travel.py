"""Sentences about the state of a thread that is looked at and changed by hand."""

CHANGED_MEANWHILE = (
    "The state has changed since you opened it. Nothing was saved: look at what is there now, or "
    "save yours as the newest all the same."
)
NO_SUCH_CHECKPOINT = "The server does not have this checkpoint any more."
STATE_BUSY = "A run is going on. Wait for its end, or stop it."
STATE_UNREADABLE = "The server cannot read this state: a value in it is not what the graph expects."
STATE_NOT_TAKEN = (
    "The server did not take this state: a value is not what the graph expects, or the node cannot "
    "be the one that has written it."
)
STATE_UNCHANGED = "Nothing is other than it was."
STATE_COMBINED = (
    "Saved. But the graph combines what it is sent with what it had: {keys} became something else "
    "than you wrote."
)
STATE_SAVED = "Saved as a new checkpoint."
STATE_KEY_STAYS = "“{key}” cannot be removed: a graph keeps its keys. Set it to null."
STATE_NOT_AN_OBJECT = "This must be a JSON object: the values by their keys."
NOTHING_TO_RUN = "The graph has nothing to do at this checkpoint: give it an input."
STATE_TOO_LARGE = "What is very large is not shown here, and stays as it is."
INPUT_EMPTY = "Write a message, or an input as JSON."
RUN_BEGUN = "A run begins at this checkpoint."
CHECKPOINT_SHOWN = "The chat shows this checkpoint: what you send goes on from it."
BREAKPOINTS_SET = "The next runs of this chat stop there."
BREAKPOINTS_NONE = "The next runs of this chat stop nowhere."
STATE_EMPTY = "Send a message, then the state of the graph is shown here."
STATE_NONE = "This chat has no state yet."
STATE_NO_VALUES = "The state has no values."
STATE_FAILED = "The state cannot be read at the moment."
STATE_NEWEST, STATE_PAST, STATE_IN_CHAT = "newest", "an older one", "on the page"
STATE_UNNAMED = "A state without a checkpoint"
STATE_TO_NEWEST = "Back to the newest"
STATE_ACTIONS = "What to do with this checkpoint"
STATE_STEP, STATE_NEXT = "Step {step}", "Next: {nodes}"
STATE_ASKS = "asks a person"
STATE_BRANCH = "branch {number}"
STATE_SOURCES = {
    "input": "input",
    "loop": "graph",
    "update": "changed by hand",
    "fork": "begun again",
}
CHECKPOINTS, OLDER_CHECKPOINTS = "Checkpoints", "Older checkpoints"
EDIT_STATE, GO_ON_FROM, RUN_FROM = "Edit state", "Go on from here", "Run from here"
GO_ON_RUNS = "Run what is next at this checkpoint"
GO_ON_SHOWS = "Show this checkpoint in the chat, and go on from it with what you send"
ONE_STEP = "Run one step"
ONE_STEP_MEANS = "Run what is next, and stop after it"
BREAKPOINTS = "Breakpoints"
BREAKPOINTS_MEAN = "The next runs of this chat stop before or after these nodes."
BREAKPOINT_BEFORE, BREAKPOINT_AFTER = "before", "after"
EVERY_STEP = "Stop after every step"
NO_NODES = "The server does not tell the nodes of this graph."
COMPARE_WITH, CHOOSE_CHECKPOINT = "Compare with", "Choose a checkpoint"
STATE_CHANGES, MORE_STATE_CHANGES, NO_CHANGES = (
    "What differs",
    "Show more of it",
    "Both have the same values.",
)
WHOLE_STATE = "the whole state"
EDIT_AS, EDIT_AS_FORM, EDIT_AS_JSON = "Edit as", "As a form", "As one JSON object"
STATE_VALUES = "Values as JSON"
AS_NODE, ANY_NODE = "Saved as if written by", "the node that the graph takes"
SAVE_STATE, SAVE_STATE_ANYWAY = "Save as a new checkpoint", "Save mine all the same"
RUN_INPUT_EXAMPLE = "A message, or the input as a JSON object"
RUN_WITH_INPUT = "Run with this input"
VALUE_MARKS = {"added": "added here", "removed": "removed here", "changed": "changed here"}
VALUE_MOVED = "moved from {place}"
VALUE_INSIDE = "Something in it has changed"
VALUE_KINDS = {
    "object": "an object",
    "message": "a message",
    "list": "a list",
    "string": "an empty text",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
NO_KEY_NAME = "no name"
MORE_ROWS = "Show the next ones, {count} are left"
WHOLE_TEXT = "Show all {amount} of it"
REST_IS_COPIED = "The rest of it is in the copy."
COPY_VALUE_OF = "Copy {name} as JSON"
