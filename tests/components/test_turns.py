"""Rows are grouped into turns, and what did not change is the same object as before."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

TURNS = Path(__file__).resolve().parents[2] / "chat_app/components/conversation/turns.js"
RUN = """
    import { readFileSync } from "node:fs";
    const { turned } = await import(process.argv[1]);
    const { views } = JSON.parse(readFileSync(0, "utf8"));
    const known = new Map(); // rows of several views with the same content are the same object
    const row = (given) => {
        const text = JSON.stringify(given);
        if (!known.has(text)) known.set(text, given);
        return known.get(text);
    };
    const shown = views.map((view) => turned(view.rows.map(row), view.askedAt, view.running));
    const all = shown.flat();
    process.stdout.write(JSON.stringify(shown.map((turns) => turns.map((turn) => ({
        key: turn.key,
        isAsked: turn.isAsked,
        isLast: turn.isLast,
        rows: turn.rows.map((one) => one.key),
        names: turn.names,
        level: turn.level,
        object: all.indexOf(turn),
    })))));
"""


def turned(*views: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """What becomes of successive views of the same page."""
    node = which("node")
    assert node, "Reflex needs Node, too"
    ran = subprocess.run(
        [node, "--input-type=module", "-e", RUN, str(TURNS)],
        input=json.dumps({"views": list(views)}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


def view(*rows: dict[str, Any], asked_at: int = -1, running: bool = False) -> dict[str, Any]:
    return {"rows": list(rows), "askedAt": asked_at, "running": running}


def row(key: str, kind: str = "text", **fields: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, **fields}


ASKED, THOUGHT, CALL = row("0", "human"), row("1.0", "reasoning"), row("1.1", "tool")
SAID, MORE, END = row("1.2", md="Yes."), row("2.0", md="Well."), row("2.end", "end")
STEPS = row("2.steps", "steps", sentence="2 steps")


def test_a_message_and_its_answer_are_two_turns() -> None:
    sent = row("3.media", "media", sent=True)
    drawn = row("4.0", "media")
    (turns,) = turned(view(ASKED, SAID, END, sent, row("3", "human"), drawn))
    assert [(turn["key"], turn["rows"]) for turn in turns] == [
        ("asked 0", ["0"]),
        ("answer 0", ["1.2", "2.end"]),
        ("asked 3", ["3.media", "3"]),
        ("answer 3", ["4.0"]),
    ]
    assert [turn["isAsked"] for turn in turns] == [True, False] * 2
    assert [turn["isLast"] for turn in turns] == [False, False, False, True]


def test_messages_that_follow_each_other_are_turns_of_their_own() -> None:
    (turns,) = turned(view(ASKED, row("1", "human"), row("1.2", "raw"), row("1.w0", "widget")))
    assert [turn["rows"] for turn in turns] == [["0"], ["1", "1.2"], ["1.w0"]]


def test_the_line_of_the_steps_stands_above_the_first_one() -> None:
    stays = row("1.5", "tool", stays=True)
    (turns,) = turned(view(ASKED, SAID, stays, CALL, MORE, STEPS, END))
    assert turns[1]["rows"] == ["1.2", "1.5", "2.steps", "1.1", "2.0", "2.end"]
    (cut,) = turned(view(MORE, STEPS, END, asked_at=0))
    assert cut[0]["rows"] == ["2.steps", "2.0", "2.end"], "the steps are not loaded yet"


def test_an_answer_keeps_its_key_when_rows_come_and_go_before_it() -> None:
    late, early = turned(view(MORE, END, asked_at=0), view(ASKED, SAID, MORE, END, asked_at=0))
    assert late[0]["key"] == early[1]["key"] == "answer 0"


def test_an_answer_has_a_place_before_it_has_a_row() -> None:
    nothing, asked, at_rest = turned(view(running=True), view(ASKED, running=True), view(ASKED))
    assert [turn["key"] for turn in nothing] == ["answer -1"]
    assert [(turn["key"], turn["isLast"]) for turn in asked] == [
        ("asked 0", False),
        ("answer 0", True),
    ]
    assert len(at_rest) == 1


def test_only_a_turn_whose_rows_changed_is_another_object() -> None:
    first = view(ASKED, SAID, row("3", "human"), row("4.0", md="a"), running=True)
    second = view(ASKED, SAID, row("3", "human"), row("4.0", md="ab"), running=True)
    one, two = turned(first, second)
    assert [turn["object"] for turn in two[:3]] == [turn["object"] for turn in one[:3]]
    assert two[3]["object"] != one[3]["object"]
    folded, unchanged = turned(*[view(ASKED, CALL, THOUGHT, STEPS)] * 2)
    assert [turn["object"] for turn in folded] == [turn["object"] for turn in unchanged]


def test_the_agents_that_speak_name_the_turn() -> None:
    names = [row(f"{n}.name", "speaker", name=name) for n, name in enumerate(("ann", "bo", "ann"))]
    (turns,) = turned(view(ASKED, *names))
    assert turns[1]["names"] == ["ann", "bo"]


def test_the_highest_heading_of_an_answer_is_found_and_comments_of_code_are_none() -> None:
    code = row("1.0", md="```py\n# a comment\n```\n")
    heads = row("1.1", md="### Three\n\ntext #1\n\n## Two\n")
    (turns,) = turned(view(code, heads))
    assert turns[0]["level"] == 2
    (turns,) = turned(view(code))
    assert turns[0]["level"] == 1
