"""The search over a person's chats."""

SEARCH_CHATS = "Search chats"
SEARCH_RESULTS = "Search results"
SEARCH_KEYS = "Arrow keys move through the results, Escape clears the search."
NOTHING_FOUND = "No chat was found."
CHATS_FOUND = ("1 chat found.", "{count} chats found.")
CHAT_ARCHIVED = "archived"
INDEXING = "Not all chats are indexed yet: {read} of {total}."
INDEXING_BEGINS = "The chats are being indexed."
ONLY_TITLES = "Only titles are searched here."
