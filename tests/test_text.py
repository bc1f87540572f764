"""Every sentence a person reads is in `chat_app.text`, once, and reaches the page from there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text
from chat_app.components.composer.attach import attaching
from chat_app.components.composer.composer import HELD_WORDS
from chat_app.components.content import media
from chat_app.components.forms.words import INPUT_WORDS
from chat_app.components.inbox.inbox import INBOX_WORDS
from chat_app.components.inbox.schedules import SCHEDULE_WORDS
from chat_app.components.inspector.graph import GRAPH_WORDS
from chat_app.components.inspector.inspector import INSPECTOR_WORDS
from chat_app.components.inspector.memory import MEMORY_WORDS
from chat_app.components.inspector.request import REQUEST_WORDS
from chat_app.components.inspector.runs import RUNS_WORDS
from chat_app.components.inspector.streams import STREAMS_WORDS
from chat_app.components.inspector.timeline import TIMELINE_WORDS
from chat_app.components.inspector.values import STATE_WORDS
from chat_app.components.navigation.import_chat import IMPORT_WORDS
from chat_app.components.navigation.replay import REPLAY_WORDS
from chat_app.components.navigation.search import SEARCH_WORDS
from chat_app.components.navigation.sidebar import ACCOUNT_WORDS
from chat_app.components.navigation.thread_list import LIST_WORDS, TITLE_WORDS, UNDO_WORDS
from chat_app.components.navigation.thread_watch import NOTIFY_WORDS
from chat_app.components.shared.words import WORDS
from chat_app.components.sharing.share import SHARE_WORDS, SHARED_LINKS_WORDS
from chat_app.renderers import form as agent_form
from tests.helpers.literals import Literal, in_javascript, in_python

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = Path(text.__file__).parent.parent
FOR_OPERATORS = {
    "built_page",
    "cli",
    "config.py",
    "deployment_settings.py",
    "draining.py",
    "provider_settings.py",
    "demo",
    "inspector_settings.py",
    "observability",
    "text",
    "updates.py",
}
"""What writes to a terminal or a log, or is an agent of its own; and the sentences themselves."""
SCREENS = {"components", "pages", "renderers"}
WORD_LISTS = {"hcl.js", "languages.js"}
"""Names of programming languages, and words of one."""
RECOGNISED = {"Tool execution requires approval", "User rejected the tool call for `"}
"""What libraries write, to be compared with."""
SQL = ("BEGIN ", "CREATE ", "DELETE ", "INSERT ", "PRAGMA ", "SELECT ", "UPDATE ")


def javascript() -> list[Path]:
    return sorted(path for ending in ("*.js", "*.jsx") for path in APP.rglob(ending))


def python() -> list[Path]:
    return sorted(
        path for path in APP.rglob("*.py") if path.relative_to(APP).parts[0] not in FOR_OPERATORS
    )


def said(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from said(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from said(one)


def test_no_javascript_has_a_sentence_or_label_of_its_own() -> None:
    files = [path for path in javascript() if path.name not in WORD_LISTS]
    assert len(files) > 20
    found = {path.name: in_javascript(path.read_text()) for path in files}
    assert {name: literals for name, literals in found.items() if literals} == {}


def test_no_python_outside_of_text_has_a_sentence_or_label_of_its_own() -> None:
    files = python()
    assert len(files) > 100
    found = {
        str(path.relative_to(APP)): [
            literal
            for literal in in_python(
                path.read_text(), screens=path.relative_to(APP).parts[0] in SCREENS
            )
            if literal.text not in RECOGNISED and not literal.text.startswith(SQL)
        ]
        for path in files
    }
    assert {name: literals for name, literals in found.items() if literals} == {}


@pytest.mark.parametrize(
    "source",
    [
        '<button aria-label="copy">',
        "<button title='Copy it'>",
        '<input placeholder={"city"} />',
        "<p>Nothing here</p>",
        "<p>\n  wait\n  a moment\n</p>",
        "<p>{count} lines that did not change</p>",
        'label={shown ? "Show source" : "Show diagram"}',
        'const NOTICE = "This could not be drawn.";',
        "const said = `Show all ${count}`;",
        'const said = ok ? "Copied" : "";',
        '<Card said="gone" />',
    ],
)
def test_a_literal_in_javascript_is_found(source: str) -> None:
    assert in_javascript(f"const a = 1;\n{source}")


@pytest.mark.parametrize(
    "source",
    [
        "/* A sentence in a comment. */",
        "// Another one.",
        'import { a } from "../shared/words.jsx";',
        '<div className="notice connection bad" rel="noopener noreferrer nofollow">',
        'if (event.key === "Enter" || event.key === "ArrowLeft") go();',
        'throw new Error("The upload broke off");',
        "const isOld = (a) => a.age > 3 && b < words.length;",
        'box.querySelector(":popover-open, dialog[open]");',
        "const url = `https://${host}/a`; // The address.",
        'const found = /[A-Z][a-z]+ \\w of "it"/.test(text);',
        "<p>{words.nothing}</p>",
        "<kbd>⏎</kbd>",
    ],
)
def test_what_is_no_sentence_in_javascript_is_passed_over(source: str) -> None:
    assert in_javascript(f"const a = 1;\n{source}\n") == []


@pytest.mark.parametrize(
    "source",
    [
        'x = "The run failed."',
        'x = f"The tool {name} failed"',
        "x = 'is over now.'",
        'rx.el.button("send")',
        'icon_button("x", "remove")',
        'rx.el.nav(aria_label="chats")',
        'rx.el.nav(title=f"{count} chats")',
        'raise NotFoundError("No such thread.")',
    ],
)
def test_a_literal_in_python_is_found(source: str) -> None:
    assert (
        in_python(f"import x\n{source}\n", screens=True)
        == [Literal(2, found.text) for found in in_python(f"import x\n{source}\n", screens=True)]
        != []
    )


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """Do it. Then stop."""\n    """A note."""',
        'raise ValueError("This cannot be sent.")',
        '_log.info("The run %s is over.", run)',
        're.compile("The run is (over|gone) now")',
        'rx.el.div(icon("x"), class_name="row waiting", data_testid="waiting-message")',
        'name = "too_many_tokens"',
    ],
)
def test_what_is_no_sentence_in_python_is_passed_over(source: str) -> None:
    assert in_python(source, screens=True) == []


def test_no_sentence_is_written_twice() -> None:
    named = {name: value for name, value in vars(text).items() if name.isupper()}
    assert len(named) > 200
    # One sentence may stand in a table and have a name of its own, but is written once.
    written = Counter(
        found.text
        for path in sorted((APP / "text").glob("*.py"))
        for found in _constants(path.read_text())
    )
    assert [sentence for sentence, times in written.items() if times > 1] == []


def test_no_name_of_a_sentence_is_used_twice() -> None:
    names = Counter(
        target.id
        for path in sorted((APP / "text").glob("*.py"))
        for statement in ast.parse(path.read_text()).body
        if isinstance(statement, ast.Assign)
        for target in ast.walk(statement)
        if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)
    )
    assert [name for name, times in names.items() if times > 1 and name.isupper()] == []


def _constants(source: str) -> Iterator[Literal]:
    """The strings that a module of sentences assigns, but for the keys of its tables."""
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Assign):
            continue
        keys = {
            id(key)
            for table in ast.walk(statement)
            if isinstance(table, ast.Dict)
            for key in table.keys
        }
        for node in ast.walk(statement):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and id(node) not in keys and re.search("[A-Za-z]{2}", value):
                yield Literal(statement.lineno, value)


def test_every_name_in_braces_is_a_plain_name() -> None:
    for sentence in said([value for name, value in vars(text).items() if name.isupper()]):
        for hole in re.findall(r"\{([^}]*)\}", sentence):
            assert re.fullmatch(r"[a-z_]+(:,)?", hole), sentence


@pytest.mark.parametrize("path", javascript(), ids=lambda path: path.name)
def test_every_word_that_javascript_asks_for_is_given_by_python(path: Path) -> None:
    uses = re.search(r"useWords|import \{ Words", path.read_text())
    given = set(WORDS) if uses else _props()
    source = re.sub(r"new WeakMap|words\.(?:jsx|py)\b", "", path.read_text())
    asked = set(re.findall(r"\b(?:words|this\.context)\.(\w+)", source))
    for names in re.findall(r"const \{([^}]+)\} = useWords\(\)", source):
        asked |= {name.strip() for name in names.split(",")}
    assert asked <= given


def _props() -> set[str]:
    """The names of the words that components get as a prop of their own."""
    held = {"held", *HELD_WORDS}
    agents = agent_form._WORDS
    return {
        *attaching(INPUT_WORDS)["words"],
        *media._WORDS,
        *held,
        *NOTIFY_WORDS,
        *ACCOUNT_WORDS,
        *SHARE_WORDS,
        *SHARED_LINKS_WORDS,
        *INBOX_WORDS,
        *GRAPH_WORDS,
        *INSPECTOR_WORDS,
        *STREAMS_WORDS,
        *TIMELINE_WORDS,
        *STATE_WORDS,
        *RUNS_WORDS,
        *MEMORY_WORDS,
        *REQUEST_WORDS,
        *SEARCH_WORDS,
        *LIST_WORDS,
        *UNDO_WORDS,
        *TITLE_WORDS,
        *SCHEDULE_WORDS,
        *agents,
        *IMPORT_WORDS,
        *REPLAY_WORDS,
    }
