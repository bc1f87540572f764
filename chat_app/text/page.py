"""The page around a conversation: its start, its sidebar, its connection to the app."""

TITLE = "Agent chat"
"""Until the page knows the name that the settings give the app."""
HEADLINE = "What shall we work on?"
TAGLINE = "Ask anything. Answers stream in as they are written."
TAGLINE_DEMO = "You are talking to the demo agent. It has real tools and needs no key."
DEMO_AGENT = "Demo agent"
STARTERS = (
    ("Compare the weather in Paris and Tokyo", "two tools at once, then a table"),
    ("Email Ada about lunch on Thursday", "you approve, change or refuse it"),
    ("Plan a weekend away", "the agent asks you something back"),
    ("Research Lisbon and Tokyo", "two sub-agents, a plan, a report"),
    ("Rank the ten warmest cities", "live progress, then a chart"),
    ("Describe a picture", "attach one, or let the agent draw"),
)
STARTING = "Starting the agent…"

CHATS = "Chats"
NEW_CHAT = "New chat"
NO_CHATS = "Your chats appear here."
STEPS = "Tool calls and thinking"
DONE_UNREAD = "done, unread"
FAILED_UNREAD = "failed, unread"
NOTIFY = "Notify me"
NOTIFY_MEANS = "Notify me when a chat needs me or is done while this page is hidden"
NOTIFY_DENIED = (
    "Notifications are blocked for this page. Allow them in the settings of the browser."
)
NOTIFY_IMPOSSIBLE = "This browser shows notifications only for pages with https."
SHOW_FACTS = "Tokens and model"
TEXT_SIZE = "Text size"
TEXT_SIZES = "Percent of the usual size"
PRESENTATION = "Presentation"
HIDE_SIDEBAR, SHOW_SIDEBAR = "Hide sidebar", "Show sidebar"
DARK, LIGHT = "Dark", "Light"
ASSISTANT = "Assistant"

OFFLINE = "You are offline. Your draft is kept here, and the agent continues."
APP_LOST = "Connection lost. Trying again…"
DATA_FAILED = "The app cannot use its data folder. Tell its operator: the app's log says why."
STORE_DOWN = (
    "The app cannot reach a part of itself at the moment (Redis). Nothing is lost: wait a little, "
    "then try again."
)
APP_LIMITED = (
    "A part of the app is away at the moment (Redis). This chat goes on, and nothing is lost; new "
    "sign-ins and files may have to wait."
)
APP_CROWDED = (
    "Too many tabs are open, or they were opened too fast. Close some: this one then connects."
)
APP_FAILED = "Something went wrong in the app. If it happens again, reload the page."
HELD = "Will be sent when the connection is back"
TAKE_BACK = "Take back into the message box"
RETRY_NOW = "Retry now"
RELOAD = "Reload"

SIGNED_OUT = "You are signed out. Reload the page."
NOT_A_PAGE = "There is nothing at this address."
NOT_A_THREAD = "There is no chat at this address."
THREAD_GONE = "This chat does not exist, or was deleted."
PAGE_NOT_FOUND = "Page not found"
CHAT_NOT_FOUND = "Chat not found"
