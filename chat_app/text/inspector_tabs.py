"""The inspector's tabs Runs, Memory and Request."""

RUN_NOT_OVER = "A run goes on or waits here. Delete this one when nothing goes any more."
RUN_CANCELLED = "The run was cancelled."
RUN_DELETED = "The run was deleted."
RUN_JOINED = "The chat follows the run."
RUN_GONE = "This run does not exist any more."
ITEM_GONE = "This item does not exist any more."
ITEM_CHANGED = "This item has changed since you opened it."
ITEM_DELETED_MEANWHILE = "This item was deleted since you opened it."
FILTER_REFUSED = "The server cannot compare the items with this filter."
NAMESPACE_WRONG = "A namespace is one to ten names without dots."
KEY_WRONG = "Enter a key of at most 500 characters."
VALUE_NOT_JSON = "This is not valid JSON."
VALUE_NOT_OBJECT = "The value has to be a JSON object."
VALUE_TOO_LONG = "This value is too long to be edited here."
NO_STORE = "This server has no store."
ITEM_SAVED, ITEM_CREATED, ITEM_DELETED = "Item saved.", "Item created.", "Item deleted."
ITEM_EXISTS = "This namespace has an item with this key already."
NAMESPACE_NOT_YOURS = "You may not write in this namespace."
YOUR_MESSAGE = "Your message"
REQUEST_IS_NEW = "Without the ids that this app has given, so that it is a new request."
REQUEST_TO_DEMO = (
    "LANGSMITH_API_KEY of the demo agent: the secret in agent.json in the data folder, which is "
    "another one at each start."
)
REQUEST_IS_CUT = "Long texts, such as files, are cut here: put them back before you send it."
RUNS_OF_THREAD = "Runs of this chat, newest first"
SHOW_MORE_RUNS = "Show older runs"
RUN_STATUSES = {
    "pending": "Waits",
    "running": "Is running",
    "success": "Finished",
    "asking": "Waits for an answer",
    "error": "Failed",
    "interrupted": "Cancelled",
    "timeout": "Timed out",
}
RUN_STARTERS = {
    "app": "started by this app",
    "schedule": "started by a schedule",
    "program": "started by another program",
}
RUN_FOLLOWED = "shown in the chat"
RUN_WAYS = "Actions for the run of {time}"
OPEN_RUN, JOIN_RUN = "Open in timeline", "Join"
RUN_DELETE_SURE = "Delete this run and its checkpoints?"
NAMESPACES = "Namespaces"
MORE_NAMESPACES = "There are more namespaces than are shown."
NO_NAMESPACES = "The store has no namespaces."
ALL_ITEMS = "All"
NAMES_BELOW = "Below"
SEARCH_ITEMS = "Search items"
FILTER_ITEMS = "Filter, as a JSON object"
SEARCH_NOW, REFRESH_ITEMS = "Search", "Refresh"
NEW_ITEM, SAVE_ITEM = "New item", "Save"
SEARCHED_BY_MEANING = "Found by meaning, the nearest first."
SEARCHED_BY_TEXT = (
    "This server does not search by meaning: these have the text in their key or value."
)
NO_ITEM_FOUND, NO_ITEMS = "No item found.", "There are no items here."
ITEMS, ITEM_SCORE = "Items", "score"
SHOW_MORE_ITEMS = "Show more items"
BACK_TO_ITEMS = "Back to the items"
ITEM_UPDATED, ITEM_MADE = "changed {time}", "made {time}"
ITEM_NOW = "The item as it is now"
TAKE_ITEM_NOW, OVERWRITE_ITEM = "Show it as it is now", "Overwrite it"
ITEM_VALUE = "Value as JSON"
ITEM_READ_ONLY = "This is kept by the app, and only shown here."
ITEM_DELETE_SURE = "Delete this item?"
ITEM_UNSAVED = "Your changes are not saved."
DISCARD_CHANGES, KEEP_EDITING = "Discard", "Keep editing"
ITEM_NAMESPACE, ITEM_KEY = "Namespace", "Key"
NAMESPACE_HINT = "Names, with dots between them"
REQUEST_OF, REQUEST_FORM = "Which request", "Written as"
LAST_RUN, NEXT_RUN_OF_CHAT = "Last run", "Next run"
REQUEST_SDK = "Python, langgraph_sdk"
REQUEST_CLIENT = "Python, chat_app.client"
REQUEST_CURL = "curl"
REQUEST_RUN = "It started the run"
NO_LAST_REQUEST = "No run has begun in this chat."
NO_NEXT_REQUEST = "Choose an assistant first."
