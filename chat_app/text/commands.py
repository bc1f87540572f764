"""Commands: the palette, the keyboard shortcuts and their help, the list of `/` commands."""

PALETTE = "Command palette"
PALETTE_FIELD = "Find a chat or a command"
PALETTE_RESULTS = ("{count} result", "{count} results")
PALETTE_EMPTY = "Nothing has this name."
PALETTE_OPEN = "open now"
PALETTE_CHOSEN = "chosen"
CHOICE_OF = "{command}: {choice}"
RECENT = "Recently used"
ACTIONS = "Actions"
ASSISTANTS = "Assistants"
PREFERENCES = "Preferences"

SHORTCUTS = "Keyboard shortcuts"
MESSAGES = "Messages"
MOVING = "Moving around"
CARDS = "What the agent asks"
SINGLE_KEYS = "Shortcuts of one key"
SINGLE_KEYS_MEAN = "Turn this off if you control the page by voice: {keys} then does nothing."
SLASH_MEANS = "In an empty message, / lists the commands that have a name."
KEY_HINT = "{label} ({keys})"
KEY_OR = "or"
KEY_NAMES = {
    "Mod": ("Ctrl", "⌘"),
    "Shift": ("Shift", "⇧"),
    "Alt": ("Alt", "⌥"),
    "Escape": "Esc",
    "Enter": ("Enter", "Return"),
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "PageUp": "Page Up",
    "PageDown": "Page Down",
    " ": "Space",
    "Delete": "Del",
}
"""What is printed on a key; where those of Apple differ, theirs is the second."""

SLASH_COMMANDS = "Commands"
IMPOSSIBLE_NOW = "not possible now"
SLASH_COUNT = ("{count} command", "{count} commands")

NEXT_CHAT, PREVIOUS_CHAT = "Next chat", "Previous chat"
INBOX_NEXT, INBOX_PREVIOUS_ONE = "Next question", "Previous question"
LINE_BREAK = "Begin a new line"
COPY_ANSWER = "Copy the last answer"
EDIT_LAST = "Edit your last message"
CLOSE_PANEL = "Close the panel"
END_PRESENTATION = "End the presentation"
NEXT_PANE = "Go to the question or answer, and back"
PREVIOUS_PANE = "The same, the other way round"
SCROLL_PAGES = "Scroll the conversation"
MOVE_IN_LIST = "Move in the list of chats"
SELECT_IN_LIST = "Select several in the list"
RENAME_IN_LIST = "Rename in the list"
DELETE_IN_LIST = "Delete in the list"
UNDO_IN_LIST = "Undo a deletion in the list"
REPLAY_TOGGLE = "Play, pause, or show the next step"
REPLAY_BACK, REPLAY_ON = "Go back one turn", "Go on one turn"
DECIDE = "Press the button that shows this letter"
SEND_FORM = "Send a form or a decision"
TOGGLE_SIDEBAR = "Hide or show the sidebar"
THEME = "Theme"
SYSTEM_THEME = "As the system"
FOCUS_MESSAGE = "Write a message"
