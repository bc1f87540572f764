"""The panel beside the conversation, and viewers of files."""

from chat_app.text.composer import STOP

PANEL = "Beside the conversation"
OPEN_PANEL = "Open beside"
PANEL_WIDTH = "Width of the panel"
PANEL_TABS = "View"
PREVIEW, CODE, CHANGES = "Preview", "Code", "Changes"
RUN_PREVIEW, STOP_PREVIEW = "Run", STOP
PREVIEW_IDLE = "The scripts of this page are not running."
PREVIEW_RUNNING = "The scripts of this page are running, without access to the network."
PREVIEW_LEFT = "Stopped, because the page tried to open another address."
LINES_ADDED, LINES_REMOVED = "added", "removed"
LINES_SAME = "{count} lines that did not change"
COPY = "Copy"
DOWNLOAD = "Download"
CLOSE = "Close"
BEFORE = "Previous image"
AFTER = "Next image"

FILES = "Files of the agent"
RESULTS = "Plan and files of this answer"
FILE_CHANGED = "changed"
FILE_NEW = "new"
FILE_CUT = "This file is {size}. Only its beginning is shown."
