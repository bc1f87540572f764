"""Temporary chats."""

TEMPORARY_CHAT = "Temporary chat"
TEMPORARY_WILL = (
    "This chat will not be listed or found by the search. It is deleted from the agent server when "
    "you open another chat or close this page. What the agent itself stores elsewhere stays."
)
TEMPORARY_IS = (
    "Not listed, and not found by the search. Deleted from the agent server when you open another "
    "chat or close this page. What the agent itself stores elsewhere stays."
)
