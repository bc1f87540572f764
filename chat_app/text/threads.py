"""The list of chats, and what a person does with them."""

MORE = "More"
RENAME = "Rename"
PIN, UNPIN = "Pin", "Unpin"
ARCHIVE, RESTORE = "Archive", "Restore"
DELETE = "Delete"
SELECT = "Select"
PINNED = "Pinned"
DRAFT = "Draft"
OPEN_NOW = "Open now"
"""Above a chat that is far down in the list."""
TODAY, YESTERDAY = "Today", "Yesterday"
LAST_WEEK, LAST_MONTH = "Previous 7 days", "Previous 30 days"
NO_DATE = "Earlier"
ARCHIVED = "Archived"
SHOW_ARCHIVED = "Archived chats"
BACK_TO_CHATS = "Back to all chats"
NONE_ARCHIVED = "No chat is archived."
LOADING_CHATS = "Loading more chats…"
CHATS_NOT_LOADED = "More chats could not be loaded."
LOAD_MORE = "Load more"
NAME_OF_CHAT = "Name of the chat"
CHAT_DELETED = ("Chat deleted", "{count} chats deleted")
UNDO = "Undo"
SELECTED = ("1 selected", "{count} selected")
SELECT_CHAT = "Select {title}"
SELECT_ALL = "Select all"
DONE_SELECTING = "Done"
SELECTING_MEANS = (
    "Space selects a chat, Shift with an arrow key several, Ctrl+A all that are loaded;"
    " Delete deletes them, Escape ends the selection"
)
RENAME_TITLE = "Rename this chat"
DISMISS = "Dismiss"

NOT_RENAMED = ("The chat could not be renamed.", "")
NOT_PINNED = ("The chat could not be pinned.", "{count} chats could not be pinned.")
NOT_UNPINNED = ("The chat could not be unpinned.", "{count} chats could not be unpinned.")
NOT_ARCHIVED = ("The chat could not be archived.", "{count} chats could not be archived.")
NOT_RESTORED = ("The chat could not be restored.", "{count} chats could not be restored.")
NOT_DELETED = ("The chat could not be deleted.", "{count} chats could not be deleted.")
NOT_UNDONE = (
    "The chat was deleted before that could be undone.",
    "{count} chats were deleted before that could be undone.",
)
UNDO_FAILED = (
    "The deletion could not be undone, because the server does not answer.",
    "The deletion of {count} chats could not be undone, because the server does not answer.",
)
