"""Export, import, print and replay of a conversation."""

EXPORTED_FROM = "Exported from {app} on {date}"
EXPORTED_WITH = "with {assistant}"
NOT_INCLUDED = "{size}, not included in this file"
TRANSCRIPT_OF = "What {name} did"
WAITED_FOR = "The agent waits for an answer"
STILL_RUNNING = "The answer was not finished when this was exported."

EXPORTED_WITHOUT_DATA = (
    "This chat is too large for this file to be imported again: export it as JSON for that."
)
IMPORT_TOO_LARGE = "This file is too large to be imported."
IMPORT_NO_DATA = "This page carries no chat. Export it with this app to import it again."
IMPORT_INVALID = "This file is not an exported chat."
IMPORT_NEWER = "This file was exported by a newer version of the app."
IMPORT_EMPTY = "There are no messages in this file."

EXPORT_FAILED = "The agent server cannot be reached, so this chat cannot be exported now."

EXPORT = "Export"
AS_MARKDOWN, AS_JSON_FILE, AS_HTML = "Markdown", "JSON", "HTML"
PRINT = "Print"

EXPORT_TOO_MANY = "Your other files are still being made. Try again in a moment."

REPLAY = "Replay"
REPLAY_MEANS = "This chat is played again as it was. Nothing is sent to an agent."
END_REPLAY = "End replay"
REPLAY_PLAY, REPLAY_STEP = "Play", "Next step"
REPLAY_RESTART = "Restart"
REPLAY_PREVIOUS, REPLAY_NEXT = "Previous turn", "Next turn"
REPLAY_PACE = "Pace"
REPLAY_MODES = ("1 \N{MULTIPLICATION SIGN}", "2 \N{MULTIPLICATION SIGN}", "Step by step")
REPLAY_POSITION = "Position"
REPLAY_AT = "{now} of {whole}, turn {turn} of {turns}"
"""Times are minutes and seconds: 0:12 of 1:05, turn 2 of 7."""
REPLAY_KEYS = "Space: play, pause or next step"

IMPORT_CHAT = "Import chat"
IMPORT_MEANS = "Import a chat from a JSON or HTML file"
IMPORT_DROP = "Drop a file here to import the chat in it"
IMPORT_PREVIEW = "Import this chat?"
IMPORT_NOW = "Import"
IMPORTING = "Importing…"
IMPORT_REPLAY = "Replay without importing"
IMPORT_NOT_TAKEN = "The assistant keeps nothing of what is in this file."
IMPORT_FAILED = "The file could not be sent. Try again."
MESSAGE_COUNT = ("1 message", "{count} messages")
IMPORT_MORE = ("1 more message", "{count} more messages")


def messages(count: int) -> str:
    """A number of messages in words."""
    one, many = MESSAGE_COUNT
    return one if count == 1 else many.format(count=count)
