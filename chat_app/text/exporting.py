"""Export, import, print and replay of a conversation."""

EXPORTED_FROM = "Exported from {app} on {date}"
EXPORTED_WITH = "with {assistant}"
NOT_INCLUDED = "{size}, not included in this file"
TRANSCRIPT_OF = "What {name} did"
WAITED_FOR = "The agent waits for an answer"
STILL_RUNNING = "The answer was not finished when this was exported."

IMPORT_TOO_LARGE = "This file is too large to be imported."
IMPORT_NO_DATA = "This page carries no chat. Export it with this app to import it again."
IMPORT_INVALID = "This file is not an exported chat."
IMPORT_NEWER = "This file was exported by a newer version of the app."
IMPORT_EMPTY = "There are no messages in this file."

EXPORT_FAILED = "The agent server cannot be reached, so this chat cannot be exported now."
