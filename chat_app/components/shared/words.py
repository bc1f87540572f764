"""The labels and sentences that the JavaScript of many components needs, given to the page once."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import shortcuts, text
from chat_app.components.shared import JS
from chat_app.state.draft import MESSAGE_LIMIT

COMMAND_WORDS: dict[str, Any] = {
    "table": shortcuts.table(),
    "palette": text.PALETTE,
    "field": text.PALETTE_FIELD,
    "results": text.PALETTE_RESULTS,
    "empty": text.PALETTE_EMPTY,
    "openNow": text.PALETTE_OPEN,
    "chosen": text.PALETTE_CHOSEN,
    "choice": text.CHOICE_OF,
    "groups": {
        "recent": text.RECENT,
        "chats": text.CHATS,
        "actions": text.ACTIONS,
        "assistants": text.ASSISTANTS,
        "preferences": text.PREFERENCES,
    },
    "themes": {"light": text.LIGHT, "dark": text.DARK, "system": text.SYSTEM_THEME},
    "exports": {"md": text.AS_MARKDOWN, "json": text.AS_JSON_FILE, "html": text.AS_HTML},
    "exportFailed": text.EXPORT_FAILED,
    "shortcuts": text.SHORTCUTS,
    "singleKeys": text.SINGLE_KEYS,
    "singleKeysMean": text.SINGLE_KEYS_MEAN,
    "slashMeans": text.SLASH_MEANS,
    "slashCommands": text.SLASH_COMMANDS,
    "impossible": text.IMPOSSIBLE_NOW,
    "slashCount": text.SLASH_COUNT,
    "or": text.KEY_OR,
    "hint": text.KEY_HINT,
}
"""For the components of the commands, as `words.commands`."""

WORDS: dict[str, Any] = {
    "language": text.LANGUAGE,
    "seconds": text.SECONDS,
    "minutes": text.MINUTES,
    "counts": text.COUNTS,
    "showAllOf": text.SHOW_ALL_OF,
    "retry": text.RETRY,
    "copy": text.COPY,
    "copied": text.COPIED,
    "notCopied": text.NOT_COPIED,
    "copyCode": text.COPY_CODE,
    "copyMarkdown": text.COPY_MARKDOWN,
    "copyPlain": text.COPY_PLAIN,
    "download": text.DOWNLOAD,
    "close": text.CLOSE,
    "openPanel": text.OPEN_PANEL,
    "panelWidth": text.PANEL_WIDTH,
    "panelTabs": text.PANEL_TABS,
    "tabs": {"preview": text.PREVIEW, "code": text.CODE, "changes": text.CHANGES},
    "preview": {
        "run": text.RUN_PREVIEW,
        "stop": text.STOP_PREVIEW,
        "idle": text.PREVIEW_IDLE,
        "running": text.PREVIEW_RUNNING,
        "left": text.PREVIEW_LEFT,
        "blocked": text.PREVIEW_BLOCKED,
        "failed": text.PREVIEW_FAILED,
        "stuck": text.PREVIEW_STUCK,
        "shared": text.PREVIEW_SHARED,
    },
    "lines": {"added": text.LINES_ADDED, "removed": text.LINES_REMOVED, "gap": text.LINES_SAME},
    "edit": text.EDIT,
    "send": text.SEND,
    "cancel": text.CANCEL,
    "feedback": {
        "good": text.GOOD_ANSWER,
        "bad": text.BAD_ANSWER,
        "note": text.FEEDBACK_NOTE,
        "hint": text.FEEDBACK_NOTE_HINT,
        "save": text.FEEDBACK_SAVE,
        "saved": text.FEEDBACK_SAVED,
        "remove": text.FEEDBACK_REMOVE,
        "removed": text.FEEDBACK_REMOVED,
        "thanks": text.FEEDBACK_THANKS,
    },
    "versions": {
        "regenerate": text.REGENERATE,
        "regenerateWith": text.REGENERATE_WITH,
        "previous": text.PREVIOUS_VERSION,
        "next": text.NEXT_VERSION,
        "version": text.VERSION,
        "said": text.SAID_VERSION,
        "fork": text.FORK,
        "other": text.OTHER_ACTIONS,
        "afterAnswer": text.AFTER_ANSWER,
        "compare": text.COMPARE,
    },
    "comparison": {
        "title": text.COMPARE_VERSIONS,
        "left": text.COMPARED_LEFT,
        "right": text.COMPARED_RIGHT,
        "reading": text.COMPARE_READING,
        "same": text.COMPARE_SAME,
        "marked": text.COMPARE_MARKED,
        "show": text.SHOW_VERSION,
        "shown": text.VERSION_SHOWN,
    },
    "edits": {
        "label": text.EDIT_MESSAGE,
        "keeps": text.EDIT_KEEPS,
        "waits": text.EDIT_WAITS,
        "tooLong": text.TOO_LONG.format(limit=f"{MESSAGE_LIMIT:,}"),
    },
    "keys": {"submit": text.CTRL_ENTER, "escape": shortcuts.written("Escape")},
    "appleKeys": {"submit": text.COMMAND_ENTER},
    "tooLargeToDraw": text.TOO_LARGE_TO_DRAW,
    "notDrawn": text.NOT_DRAWN,
    "table": text.TABLE,
    "wrapLines": text.WRAP_LINES,
    "backToText": text.BACK_TO_TEXT,
    "diagram": text.DIAGRAM,
    "diagramFailed": {
        "large": text.DIAGRAM_TOO_LARGE,
        "late": text.DIAGRAM_TIMEOUT,
        "wrong": text.DIAGRAM_INVALID,
    },
    "showSource": text.SHOW_SOURCE,
    "showDiagram": text.SHOW_DIAGRAM,
    "downloadSvg": text.DOWNLOAD_SVG,
    "imageUnavailable": text.IMAGE_UNAVAILABLE,
    "imageFrom": text.IMAGE_FROM,
    "imageFailed": text.IMAGE_FAILED,
    "showImage": text.SHOW_IMAGE,
    "alwaysFromHost": text.ALWAYS_FROM_HOST,
    "openImage": text.OPEN_IMAGE,
    "announced": {
        "sent": text.SAID_SENT,
        "queued": text.SAID_QUEUED,
        "waiting": text.SAID_WAITING,
        "started": text.SAID_STARTED,
        "more": text.AND_MORE,
        "needsYou": text.SAID_NEEDS_YOU,
        "stopping": text.SAID_STOPPING,
        "finished": text.SAID_FINISHED,
        "answerCut": text.SAID_CUT,
        "cut": text.AGENT_LOST,
        "agent": text.YOUR_AGENT,
        "readKey": shortcuts.written(shortcuts.command("next-pane").keys[0]),
    },
    "textSize": text.TEXT_SIZE,
    "textSizes": text.TEXT_SIZES,
    "percent": text.PERCENT,
    "presentation": text.PRESENTATION,
    "endPresentation": text.END_PRESENTATION,
    "showFacts": text.SHOW_FACTS,
    "hideSidebar": text.HIDE_SIDEBAR,
    "showSidebar": text.SHOW_SIDEBAR,
    "commands": COMMAND_WORDS,
}


class WordsProvider(rx.Component):
    """Gives `words` to all components inside it, which call `useWords`."""

    library = JS["words.jsx"]
    tag = "WordsProvider"

    words: rx.Var[dict[str, Any]]
