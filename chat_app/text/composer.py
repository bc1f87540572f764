"""Writing and sending: the text box, the queue, attachments, input beside the message."""

PLACEHOLDER = "Message the agent"
CAUTION = "Agents make mistakes. Check what matters."
SEND = "Send"
STOP = "Stop"
TOO_LONG = "This message is too long to send. The limit is {limit} characters."

WHILE_RUNNING = "What sending does while the agent answers"
QUEUE = "Queue"
QUEUE_MEANS = "The message waits until this answer is complete."
QUEUE_SEND = "Add to the queue"
INTERRUPT = "Interrupt"
INTERRUPT_MEANS = "Stops this answer, keeps what was written, and answers the message."
INTERRUPT_SEND = "Stop this answer and send"
START_OVER = "Start over"
START_OVER_MEANS = "Takes back this answer and its question, and answers the message instead."
START_OVER_SEND = "Take back this answer and send"

WAITING = "Queued messages"
NEXT = "Next"
EDIT = "Edit"
MOVE_UP = "Move up"
SEND_NOW = "Stop this answer and send now"
REMOVE = "Remove"
PAUSED = "Paused"
"""Over the messages that waited when a run was stopped."""
SEND_ALL = "Send all"

ATTACH = "Attach files"
ATTACHED = "Attachments"
ATTACH_BY_DROP = "Drop files here to attach them"
UPLOADING = "Uploading {name}"
UPLOAD_FAILED = "Upload failed. Check the connection, then try again."
FILE_TOO_LARGE = "This file is {size}. The limit is {most}."
FILE_EMPTY = "This file is empty."
FILE_NAMED_WRONG = "The name of this file says {named}, but its content is something else."
FILE_UNKNOWN = "Files of this type cannot be attached. Allowed types: {kinds}."
FILES_NONE = "No files can be attached here."
FILES_TOO_MANY = "A message can have at most {most} files."
FILES_LEFT_OUT = (
    "Not sent: {name} is not attached. Send again to leave it out.",
    "Not sent: {count} files are not attached. Send again to leave them out.",
)
FILES_NOTHING_LEFT = (
    "Nothing was sent: {name} is not attached.",
    "Nothing was sent: {count} files are not attached.",
)
"""With refused files and nothing else in the message."""
FILES_IN_OTHER_CHATS = "Too many unsent files in your other chats. Send or remove some there first."
FILES_NOWHERE = "The app has too many unsent files right now. Try again in a moment."
TOO_BUSY = (
    "Many people are here at the moment, and you are next. Your message is in the text box: send "
    "it again in some seconds."
)
QUEUE_FULL = (
    "{most} messages wait in this chat, which is the limit. "
    "Wait until one is answered, or remove one."
)
QUEUES_FULL = "Too many messages wait to be answered. Try again when some of them are."
ATTACHMENT_LOST = "A file of this message is no longer in the app. Attach it again, then send."
FILES_UNREADABLE = "Attached files cannot be read at the moment. Send again in a moment."
FILES_UNKEPT = "This file cannot be kept at the moment. Try again in a moment."
REMOVE_FILE = "Remove {name}"
OPEN_FILE = "Open {name}"
AN_IMAGE, A_SOUND, A_VIDEO, A_FILE = "Image", "Audio", "Video", "File"

MORE_INPUT = "More input"
TEXT_INPUT = "Input for the agent"
NO_INPUT = "This agent takes no input."
FILL_IN_SOMETHING = "Fill in at least one field."
