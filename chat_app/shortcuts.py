"""Everything that can be done by a key, from the command palette or by a `/` command: one table.

It feeds all four: the shortcuts themselves (`components/commands/keyboard.js`), their help, the
tooltips of buttons (`hint`), the palette, and the list over the composer. A new row adds all of it.

What a command does is not here. Either a button of the page has its name (`**does("stop")` gives
it one), and is pressed; or a component calls `useCommand("stop", ...)`; or Python says so with
`Action.create(command="stop", on_run=...)`. Where none of these is on the page, the command is not
offered. Of rows with the same key, the first that can be done now is done.

Keys are named as browsers name them (`KeyboardEvent.key`). `Mod` is Command on keyboards of Apple,
else Control. Not used are keys that browsers keep for themselves (`BROWSER_KEYS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chat_app import text


class Place(StrEnum):
    """Where the keys of a command work."""

    PAGE = "page"
    """Everywhere on the page; without a modifier not while a person types."""
    COMPOSER = "composer"
    """In the message that is being written."""
    PANEL = "panel"
    INSPECTOR = "inspector"
    PRESENTATION = "presentation"
    CHATS = "chats"
    """In the list of chats."""
    INBOX = "inbox"
    REPLAY = "replay"
    CARD = "card"
    """On a question of the agent."""


@dataclass(frozen=True)
class Command:
    """One row.

    `takes` is what follows the name: "choice" of what its component offers, "text", or nothing.
    `local`: the part of the page that the keys belong to handles them itself, as fields and lists
    do; the row is for the help. `everywhere`: the keys work in a dialog, too. `listed`: the palette
    offers it. `search`: further words by which it is found.
    """

    id: str
    label: str
    group: str
    keys: tuple[str, ...] = ()
    place: Place = Place.PAGE
    slash: str = ""
    takes: str = ""
    search: str = ""
    listed: bool = True
    local: bool = False
    everywhere: bool = False


def _key(id: str, label: str, group: str, *keys: str, place: Place) -> Command:
    """A row for the help alone."""
    return Command(id, label, group, keys, place, listed=False, local=True)


def _in_list(id: str, label: str, *keys: str) -> Command:
    return _key(id, label, text.CHATS, *keys, place=Place.CHATS)


def _of_replay(id: str, label: str, key: str) -> Command:
    return Command(id, label, text.REPLAY, (key,), Place.REPLAY, listed=False)


def _of_inbox(id: str, label: str, *keys: str) -> Command:
    return Command(id, label, text.INBOX, keys, Place.INBOX, listed=False)


def _choice(id: str, label: str, group: str, *, search: str) -> Command:
    """A row whose component offers what there is to choose from; its name is its id."""
    return Command(id, label, group, slash=id, takes="choice", search=search)


COMMANDS = (
    Command("new-chat", text.NEW_CHAT, text.CHATS, ("Mod+Shift+O",), slash="new"),
    Command("temporary", text.TEMPORARY_CHAT, text.CHATS, slash="temporary", search="private"),
    Command("search", text.SEARCH_CHATS, text.CHATS, ("Mod+Shift+F",), slash="search"),
    Command("inbox", text.INBOX, text.CHATS, slash="inbox", search="waiting questions approvals"),
    Command("next-chat", text.NEXT_CHAT, text.CHATS, ("Alt+ArrowDown",), listed=False),
    Command("previous-chat", text.PREVIOUS_CHAT, text.CHATS, ("Alt+ArrowUp",), listed=False),
    _in_list("list", text.MOVE_IN_LIST, "ArrowUp", "ArrowDown"),
    Command("rename", text.RENAME, text.CHATS, slash="rename", takes="text", search="title name"),
    Command("pin", text.PIN, text.CHATS, slash="pin", search="unpin top"),
    Command("archive", text.ARCHIVE, text.CHATS, slash="archive", search="restore"),
    Command("delete", text.DELETE, text.CHATS, slash="delete", search="remove"),
    Command("archived", text.SHOW_ARCHIVED, text.CHATS),
    Command("export", text.EXPORT, text.CHATS, slash="export", takes="choice", search="download"),
    Command("print", text.PRINT, text.CHATS, slash="print", search="pdf paper"),
    Command("replay", text.REPLAY, text.CHATS, slash="replay", search="demo play again"),
    Command("import", text.IMPORT_CHAT, text.CHATS, slash="import", search="file upload"),
    Command("share", text.SHARE, text.CHATS, slash="share", search="link public"),
    Command("shared-links", text.SHARED_LINKS, text.CHATS, search="revoke"),
    _in_list("list-select", text.SELECT_IN_LIST, "Shift+ArrowUp", "Shift+ArrowDown"),
    _in_list("list-rename", text.RENAME_IN_LIST, "F2"),
    _in_list("list-delete", text.DELETE_IN_LIST, "Delete"),
    _in_list("list-undo", text.UNDO_IN_LIST, "Mod+Z"),
    _of_inbox("inbox-next", text.INBOX_NEXT, "J", "N"),
    _of_inbox("inbox-previous", text.INBOX_PREVIOUS_ONE, "K"),
    _key("send", text.SEND, text.MESSAGES, "Enter", place=Place.COMPOSER),
    _key("line-break", text.LINE_BREAK, text.MESSAGES, "Shift+Enter", place=Place.COMPOSER),
    Command("edit-last", text.EDIT_LAST, text.MESSAGES, ("ArrowUp",), Place.COMPOSER, "edit"),
    Command("regenerate", text.REGENERATE, text.MESSAGES, slash="regenerate", search="again retry"),
    Command("copy", text.COPY_ANSWER, text.MESSAGES, slash="copy"),
    Command("fork", text.FORK, text.MESSAGES, slash="fork", search="branch"),
    Command("attach", text.ATTACH, text.MESSAGES, slash="attach", search="upload picture document"),
    Command(
        *("close-inspector", text.CLOSE_INSPECTOR, text.MOVING, ("Escape",)),
        place=Place.INSPECTOR,
        listed=False,
    ),
    Command("close-panel", text.CLOSE_PANEL, text.MOVING, ("Escape",), Place.PANEL, listed=False),
    Command("stop", text.STOP, text.MESSAGES, ("Escape",), slash="stop", search="cancel abort"),
    Command("focus-message", text.FOCUS_MESSAGE, text.MOVING, search="composer text box focus"),
    Command("palette", text.PALETTE, text.MOVING, ("Mod+K",), listed=False, everywhere=True),
    Command("help", text.SHORTCUTS, text.MOVING, ("Mod+/", "?"), slash="help", everywhere=True),
    Command("next-pane", text.NEXT_PANE, text.MOVING, ("F6",), listed=False),
    Command("previous-pane", text.PREVIOUS_PANE, text.MOVING, ("Shift+F6",), listed=False),
    _key("pages", text.SCROLL_PAGES, text.MOVING, "PageUp", "PageDown", place=Place.COMPOSER),
    _choice("assistant", text.ASSISTANT, text.ASSISTANTS, search="agent model graph"),
    _choice("theme", text.THEME, text.PREFERENCES, search="colours colors mode night day"),
    _choice("size", text.TEXT_SIZE, text.PREFERENCES, search="font zoom larger smaller"),
    Command(
        *("inspector", text.INSPECTOR, text.PREFERENCES, ("Mod+Shift+L",)),
        slash="inspector",
        search="runs timeline events state graph debug trace",
    ),
    Command("sidebar", text.TOGGLE_SIDEBAR, text.PREFERENCES, ("Mod+B",)),
    Command("presentation", text.PRESENTATION, text.PREFERENCES, search="projector large demo"),
    Command(
        *("end-presentation", text.END_PRESENTATION, text.PREFERENCES, ("Escape",)),
        place=Place.PRESENTATION,
        listed=False,
    ),
    Command("steps", text.STEPS, text.PREFERENCES, search="hide show reasoning"),
    Command("facts", text.SHOW_FACTS, text.PREFERENCES, search="usage speed seconds"),
    Command("notify", text.NOTIFY, text.PREFERENCES, search="notifications bell alert"),
    _of_replay("replay-play", text.REPLAY_TOGGLE, " "),
    _of_replay("replay-back", text.REPLAY_BACK, "ArrowLeft"),
    _of_replay("replay-on", text.REPLAY_ON, "ArrowRight"),
    _key("decide", text.DECIDE, text.CARDS, "A", "E", "R", "T", "I", place=Place.CARD),
    _key("send-form", text.SEND_FORM, text.CARDS, "Mod+Enter", place=Place.CARD),
)

_BY_ID = {command.id: command for command in COMMANDS}

_LETTERS = "ACDEFGHIJLMNOPQRSTUVWZ"
BROWSER_KEYS = frozenset(
    {
        *(f"Mod+{letter}" for letter in _LETTERS),
        *(f"Mod+{digit}" for digit in range(10)),
        *(f"Mod+Shift+{letter}" for letter in "ABCDEGHIJKMNPQRSTVWYZ"),
        *(f"Mod+{sign}" for sign in ("+", "-", ",", "Tab", "PageUp", "PageDown", "Enter")),
        *(f"Alt+{key}" for key in ("ArrowLeft", "ArrowRight", "Home", "F4", "D", "E", "F")),
        *("F1", "F3", "F5", "F7", "F10", "F11", "F12", "Tab", "Shift+Escape"),
    }
)
"""What browsers, or people in their browser, need for something else, and no page should take."""


def command(id: str) -> Command:
    """A row by its id.

    Raises:
        KeyError: there is none.
    """
    return _BY_ID[id]


def shown(key: str, *, apple: bool = False) -> list[str]:
    """The names of the keys of one shortcut, as they are printed on a keyboard: `["Ctrl", "K"]`."""
    named = [text.KEY_NAMES.get(part, part) for part in _parts(key)]
    return [one if isinstance(one, str) else one[apple] for one in named]


def _parts(key: str) -> list[str]:
    return key.split("+") if len(key) > 1 else [key]


def written(key: str, *, apple: bool = False) -> str:
    """The same in one word: `Ctrl+K`, and `⌘K`."""
    return ("" if apple else "+").join(shown(key, apple=apple))


def spoken(keys: tuple[str, ...]) -> str:
    """The keys as `aria-keyshortcuts` has them, those of Apple's keyboards as alternatives."""
    named = (
        key.replace("Mod", mod).replace(" ", "Space") for key in keys for mod in ("Control", "Meta")
    )
    return " ".join(dict.fromkeys(named))


def tooltip(id: str, label: str | None = None) -> str:
    """The label of a command with its first shortcut."""
    row = command(id)
    label = row.label if label is None else label
    if not row.keys:
        return label
    return text.KEY_HINT.format(label=label, keys=written(row.keys[0]))


def hint(id: str, label: str | None = None) -> dict[str, Any]:
    """The props of a button or link that does the same as a command: its tooltip and its keys.

    `label` is what the tooltip says, if not the command's own. On keyboards of Apple the page
    replaces the keys in it (`components/commands/hints.js`).
    """
    row = command(id)
    props: dict[str, Any] = {"data_hint": id, "title": tooltip(id, label)}
    return props | ({"aria_keyshortcuts": spoken(row.keys)} if row.keys else {})


def does(id: str, label: str | None = None) -> dict[str, Any]:
    """The same for the button that is what the command does: it is pressed for it."""
    return hint(id, label) | {"data_command": id}


def table() -> list[dict[str, Any]]:
    """The rows as the page has them; `pc` and `mac` are the keys as they are shown there."""
    return [
        {
            "id": row.id,
            "label": row.label,
            "group": row.group,
            "keys": list(row.keys),
            "pc": [shown(key) for key in row.keys],
            "mac": [shown(key, apple=True) for key in row.keys],
            "spoken": spoken(row.keys),
            "hint": [written(row.keys[0]), written(row.keys[0], apple=True)] if row.keys else [],
            "place": str(row.place),
            "slash": row.slash,
            "takes": row.takes,
            "search": row.search,
            "listed": row.listed,
            "local": row.local,
            "everywhere": row.everywhere,
        }
        for row in COMMANDS
    ]
