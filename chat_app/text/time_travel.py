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
