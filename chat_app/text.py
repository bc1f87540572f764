"""Every sentence the app says, in one place."""

from math import ceil

TAGLINE = "Ask anything. Answers stream in as they are written."
TAGLINE_DEMO = "You are talking to the demo agent. It has real tools and needs no key."
TITLE = "Agent chat"
"""Until the page knows the name that the settings give the app."""
HEADLINE = "What shall we work on?"
DEMO_AGENT = "Demo agent"
PLACEHOLDER = "Message the agent"
CAUTION = "Agents make mistakes. Check what matters."
NEW_CHAT = "New chat"
CONVERSATION = "Conversation"
EARLIER = "Show earlier messages ({count})"
LATEST = "Jump to latest"
STEPS = "Tool calls and thinking"
NO_CHATS = "Your chats appear here."
STARTING = "Starting the agent…"
THOUGHT = "Thoughts"
THOUGHT_FOR = "Thought for"
SUMMARISED = "Earlier messages were summarised for the agent"
FORGOTTEN = "Earlier messages were removed from the agent's memory"
STOPPING = "Stopping"
STOPPED = "Stopped"
STOP_UNCONFIRMED = "The agent server did not confirm the stop. The run may still be running."
STOP_REFUSED = "The agent server did not stop this run: it goes on."
THINKING_HIDDEN = "Some of the thinking is hidden by the model's provider."
REFUSED = "The model declined this request."
SYSTEM_MESSAGE = "System message"
UNANSWERED = "The run ended without an answer."
CUT_OFF = {
    "length": "The answer was cut off: it reached the model's length limit.",
    "window": "The answer was cut off: the model's context window is full. Start a new chat.",
    "filter": "The answer was cut off by a content filter of the model's provider.",
    "refusal": "The model declined to go on with this answer.",
    "pause": "The model paused in the middle of its turn.",
    "fault": "The model ended this answer early, because of an error on its side.",
}
"""By the values of `chat_app.transcript.message.CutOff`."""
GO_ON = "Continue"
GO_ON_MESSAGE = "Continue exactly where you stopped."
"""What the agent is sent for that."""
ENCODED = "{size} of encoded data"
TOO_DEEP = "This is nested too deeply to be shown."
SOURCES = "Sources"
TOKENS = "{read:,} tokens in, {written:,} out"
FIRST_SIGN = "first token after {wait}"
SPEED = "{rate} tokens/s"
RUN_FAILED = "The agent ran into an error while answering."
RUN_LOST = "The connection to this run was lost, and the server no longer knows how it ended."
ASKED_TOO_OFTEN = "The model gets too many requests right now. Wait a little, then try again."
ASKED_TOO_OFTEN_FOR = "The model gets too many requests right now. It asks for a pause of {pause}."
TOO_MANY_STEPS = (
    "The agent took more steps than one answer may have, and was stopped. "
    "Try again, and it goes on from there."
)
KEY_REFUSED = (
    "The agent may not use its model: the key is missing, wrong or not allowed to. "
    "Whoever runs the agent has to look at it."
)
OUT_OF_CREDIT = (
    "The agent's credit or quota with the provider of its model is used up. "
    "Whoever runs the agent has to look at it."
)
OVERLOADED = "The model is overloaded or out of order right now. Try again in a moment."
TOOK_TOO_LONG = "This took too long and was given up. Try again."
TOO_LONG_FOR_MODEL = "This conversation is too long for the model. Start a new chat."
FILTERED = "The model's content filter stopped this answer. Put the question another way."
NOT_ACCEPTED = (
    "The agent or its model did not accept what it was given. "
    "Whoever runs the agent can tell more from the details."
)
OUT_OF_MEMORY = "The agent broke down while answering, most likely for want of memory. Try again."
NO_CONNECTION = "The agent could not reach something it needs. Try again in a moment."
ENDED_BY_SERVER = "The server ended this run before the answer was done. Try again."
REQUEST_FAILED = "The agent server could not do this."
UNREACHABLE = "The agent server cannot be reached."
UNREACHABLE_CAUSES = {
    "unknown_host": "Unknown host: {host}",
    "refused": "Connection refused: {host}",
    "certificate": "Certificate not accepted: {why}",
    "tls": "TLS failed. Is the server's address https?",
    "connect_timeout": "Timeout while connecting",
    "read_timeout": "Timeout while waiting for the response",
    "write_timeout": "Timeout while sending the request",
    "reset": "Connection reset",
    "closed_before": "Connection closed before the response",
    "closed_within": "Connection closed in the middle of the response",
    "head_too_large": "The headers of the response are too large.",
    "not_http": "The response is not HTTP/1.1.",
    "bad_compression": "The compressed response cannot be read.",
    "stream_ended": "The stream ended before the run did.",
    "client_closed": "The app is shutting down.",
}
"""By the values of `chat_app.client.errors.Cause`."""
NOT_LANGGRAPH = "The server at this address is not a LangGraph server."
REDIRECTS_TO = "It redirects to {address}"
RUN_RAISED = "The run failed."
BAD_REQUEST = "The agent server rejected the request."
ACCESS_REFUSED = "The agent server refused access. Check the API key."
NOT_FOUND = "The agent server cannot find this."
UNSUPPORTED = "The agent server does not support this."
THREAD_CONFLICT = "This chat is busy or has changed. Wait for its run to end, or stop it."
REQUEST_TOO_LARGE = "The message is too large for the agent server."
INVALID_REQUEST = "The agent server found an invalid value in the request."
RATE_LIMITED = "The agent server gets too many requests. Try again in a moment."
RATE_LIMITED_FOR = "The agent server gets too many requests. Try again in {pause}."
SERVER_FAILED = "The agent server failed. Try again."
DEMO_FAILED = "The demo agent did not start."
NOT_A_PAGE = "There is nothing at this address."
NOT_A_THREAD = "This address is not a chat. Check the link, or start a new chat."
THREAD_GONE = "This chat does not exist, or was deleted. Check the link, or start a new chat."
NO_ASSISTANT = (
    "The agent server lists no assistant. "
    "Set CHAT_ASSISTANT to the id of one, or to the name of its graph."
)
ASSISTANTS_FORBIDDEN = (
    "The agent server does not allow its assistants to be listed. Check the API key, "
    "or set CHAT_ASSISTANT to the id of an assistant or the name of its graph."
)
UNKNOWN_ASSISTANT = "The assistant “{name}” does not exist on the server. It offers: {known}."
TOO_LONG = "This message is too long to send. Shorten it to {limit} characters or less."
RETRY = "Try again"
DETAILS = "What the server said"

SEND = "Send"
STOP = "Stop"
STOP_KEY = "Stop (Esc)"
WHILE_RUNNING = "What sending does while the agent answers"
QUEUE = "Queue"
QUEUE_MEANS = "The message waits until this answer is done."
QUEUE_SEND = "Add to the queue"
INTERRUPT = "Interrupt"
INTERRUPT_MEANS = "Stops this answer, keeps what was written, and answers the message."
INTERRUPT_SEND = "Stop this answer and send"
START_OVER = "Start over"
START_OVER_MEANS = "Takes back this answer and its question, and answers the message instead."
START_OVER_SEND = "Take back this answer and send"
WAITING = "Messages that wait for their turn"
NEXT = "Next"
EDIT = "Edit"
MOVE_UP = "Move up"
SEND_NOW = "Stop this answer and send now"
REMOVE = "Remove"
PAUSED = "Paused"
"""Over the messages that waited when a run was stopped."""
SEND_ALL = "Send all"

OFFLINE = "You are offline. What you write stays here; the agent goes on."
APP_LOST = "Connection lost. Trying again…"
RETRY_NOW = "Retry now"
APP_FAILED = "Something went wrong in the app. If it stays wrong, reload the page."
RELOAD = "Reload"
AGENT_LOST = "Connection to the agent lost."
AGAIN_IN = "Trying again in {seconds} s"
AGAIN = "Trying again…"
CAUSE = "What happened"

STARTERS = (
    ("Compare the weather in Paris and Tokyo", "two tools at once, then a table"),
    ("Email Ada about lunch on Thursday", "you approve, change or refuse it"),
    ("Plan a weekend away", "the agent asks you something back"),
    ("Research Lisbon and Tokyo", "two sub-agents, a plan, a report"),
    ("Rank the ten warmest cities", "live progress, then a chart"),
    ("Describe a picture", "attach one, or let the agent draw"),
)

ARGUMENTS = "Arguments"
ARGUMENTS_EDITED = "Arguments, as a person changed them"
RESULT = "Result"
CALL_DONE = "done"
CALL_RUNNING = "running"
NEEDS_YOU = "needs you"
CALL_FAILED = "failed"
CALL_REJECTED = "rejected"
CALL_UNANSWERED = "no result"
NO_ARGUMENTS = "none"
NO_OUTPUT = "The tool returned nothing."
KEPT = "The model's provider does not say what came back."
ARTIFACT = "Artifact"
COPY_ARTIFACT = "Copy artifact"
ENDED_WITHOUT_RESULT = "The run was stopped or ended before this call had a result."
SHOW_ALL = "Show all"
COPY_ARGUMENTS = "Copy arguments"
COPY_RESULT = "Copy result"

ATTACH = "Attach files"
ATTACHED = "Attachments"
ATTACH_BY_DROP = "Drop files here to attach them"
UPLOADING = "Uploading {name}"
UPLOAD_FAILED = "This did not arrive. Check the connection, then try again."
FILE_TOO_LARGE = "This file has {size}. {most} is the most that can be attached."
FILE_EMPTY = "This file is empty."
FILE_NAMED_WRONG = "The name says {named}, but that is not what is in this file."
FILE_UNKNOWN = "Files of this kind cannot be attached. These can: {kinds}."
FILES_TOO_MANY = "One message carries at most {most} files."
FILES_IN_OTHER_CHATS = "Too many files wait in your other chats. Send or remove some there first."
FILES_NOWHERE = "The app holds too many files right now. Try again in a moment."
ATTACHMENT_LOST = "A file of this message is gone from the app. Attach it again, then send."
REMOVE_FILE = "Remove {name}"
OPEN_FILE = "Open {name}"
DOWNLOAD = "Download"
CLOSE = "Close"
BEFORE = "Previous image"
AFTER = "Next image"
AN_IMAGE, A_SOUND, A_VIDEO, A_FILE = "Image", "Audio", "Video", "File"

AGENT = "Agent"
AGENT_NOT_KEPT = "The server keeps nothing of what this agent did."
AGENT_READING = "Reading what it did…"
AGENT_CALL = "Arguments and result"
HANDED_OVER, HANDED_BACK = "Handed over to {agent}", "Handed back to {agent}"
PLAN = "Plan"
PROGRESS = "{done} of {of}"
ALL_DONE = "all done"
FILES = "Files of the agent"
FILE_CHANGED = "changed"
FILE_NEW = "new"
FILE_CUT = "This file has {size}. Here is its beginning."
OPEN_PANEL = "Open beside"
PANEL = "Beside the conversation"
TODO_PENDING = "to do"
TODO_UNDERWAY = "under way"
TODO_DONE = "done"

ASKING = "The agent asks you"
ASK_APPROVAL = "{name}?"
WAITS_FOR_YOU = "The agent waits for you before it runs"
AGENT_PAUSED = "The agent paused"
AGENT_PAUSED_MEANS = "It stopped where it was told to, and goes on when you say so."
APPROVE, APPROVE_CHANGED, APPROVE_ALL = "Approve", "Approve with changes", "Approve all"
REJECT, RESPOND = "Reject", "Reply instead"
IGNORE, CONTINUE, CANCEL = "Ignore", "Continue", "Cancel"
DECIDE_AGAIN = "Change"
MADE_APPROVED, MADE_APPROVED_CHANGED = "Approved", "Approved with changes"
MADE_REJECTED, MADE_RESPONDED, MADE_IGNORED = "Rejected", "Replied instead", "Ignored"
SEND_ANSWER, SEND_DECISIONS = "Send answer", "Send decisions"
ANSWER_HERE = "Your answer"
ANSWER_FREE_HERE = "Your answer: text or JSON"
GOES_AS_TEXT, GOES_AS_JSON = "goes as text", "goes as JSON"
REASON_HERE = "Why not? The agent reads it (optional)"
REPLY_HERE = "What the agent gets in place of a result"
WAS, NOT_SET = "was", "not set"
YES, NO = "yes", "no"
APPROVED = "Approved {name}"
APPROVED_EDITED = "Approved {name}, {names} edited"
REJECTED, REJECTED_BECAUSE = "Rejected {name}", "Rejected {name}: {message}"
RESPONDED = "Replied instead of {name}: {message}"
IGNORED = "Ignored {name}"
ANSWERED = "Answered: {answer}"
CONTINUED = "Continued"
NEEDED = "This needs an answer."
NO_ANSWER = "This is no answer to the question."
NOT_ALLOWED = "This may not be decided here."
NOT_ALL_DECIDED = "Each action needs a decision."
NOT_A_NUMBER = "This is no number."
NOT_WHOLE = "This has to be a whole number."
NOT_A_CHOICE = "This is none of the choices."
NOT_JSON = "This is not valid JSON: {why}."
NOT_AN_OBJECT = "This has to be a JSON object: names and their values in braces."
MORE_FIELDS = "{count} more"
NOT_OF_FORMAT = {
    "date": "This is no date, such as 2026-01-31.",
    "date-time": "This is no date and time, such as 2026-01-31T09:30:00Z.",
    "time": "This is no time, such as 09:30:00.",
    "email": "This is no email address.",
    "uri": "This is no web address, such as https://example.com.",
}
LOOK_AGAIN = "This was not sent yet: look at what is marked."
ADD_ITEM = "Add"
ADD_TO, REMOVE_ITEM = "Add to {name}", "Remove {number} from {name}"
ITEM = "{name}, {number}"
AS_JSON, AS_FIELDS = "Edit as JSON", "Back to fields"
NOTHING_RETURNED = "The run returned nothing."
MORE_INPUT = "More input"
FILL_IN_SOMETHING = "Fill in at least one field."
TEXT_INPUT = "Input for the agent"
NO_INPUT = "This agent takes no input."
ANSWERED_ALREADY = "This was answered already, here or in another window."


def size(octets: int) -> str:
    """A number of bytes in words: 812 bytes, 214 KB, 3.4 MB."""
    if octets < 1000:
        return f"{octets} bytes"
    return f"{octets / 1000:.0f} KB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def duration(seconds: float) -> str:
    """A stretch of time in words: 0.4 s, 8 s, 2 min 5 s."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def pause(seconds: float) -> str:
    """A time to wait in words, rounded up: 1 second, 20 seconds, 3 minutes, 2 hours."""
    amount, unit = ceil(seconds), "second"
    if amount > 90:
        amount, unit = ceil(seconds / 60), "minute"
    if amount > 90:
        amount, unit = ceil(seconds / 3600), "hour"
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def both_ends(words: str, most: int) -> str:
    """The words, of more than `most` characters without their middle."""
    words, half = words.strip(), most // 2 - 2
    return words if len(words) <= most else f"{words[:half]}\n…\n{words[-half:]}"


PERCENT = "{percent}%"
UNDER_WAY = "Progress"
AND_EARLIER = ("and", "earlier")
"""What stands before and behind the number of earlier events."""


def listed(names: list[str]) -> str:
    """Names in a sentence: to; to and subject; to, subject and 3 more."""
    shown = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
