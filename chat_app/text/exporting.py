"""Export, import, print and replay of a conversation."""

UNTITLED = "Untitled chat"
EXPORTED_FROM = "Exported from {app} on {date}"
EXPORTED_WITH = "with {assistant}"
NOT_INCLUDED = "{size}, not included in this file"
TRANSCRIPT_OF = "What {name} did"
WAITED_FOR = "The agent waits for an answer"
STILL_RUNNING = "The answer was not finished when this was exported."
