"""A page that is connected again shows what it has until a process knows it again, all at once."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from shutil import which
from typing import Any

import pytest

from chat_app.built_page.reconnect import HELD, with_held_news

REFLEX_SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text()
_PLAY = """
import { readFileSync } from "node:fs";
const { code, steps } = JSON.parse(readFileSync(0, "utf8"));
let late;
const setTimeout = (call, _, ...given) => (late = () => call(...given)) && 1;
const clearTimeout = () => (late = undefined);
const play = new Function("setTimeout", "clearTimeout", "steps", `${code}
  const page = {}, seen = [];
  const names = new Set(steps.flatMap((step) => Object.keys(step ?? {})));
  const dispatch = Object.fromEntries([...names].map((name) =>
    [name, (vars) => { page[name] = { ...page[name], ...vars }; }]));
  for (const step of steps) {
    if (step) showNews(step, dispatch);
    else globalThis.late();
    seen.push(structuredClone(page));
  }
  return seen;`);
globalThis.late = () => late?.();
process.stdout.write(JSON.stringify(play(setTimeout, clearTimeout, steps)));
"""
ROOT, THREAD = "root", "root.thread____thread_state"
RUN, ROWS, TAIL = (f"root.a____{name}_state" for name in ("run", "transcript", "tail"))


def played(*steps: Any) -> list[Any]:
    """What the page shows after each of these updates; None lets the time run out."""
    node = which("node")
    assert node, "Reflex needs Node, too"
    ran = subprocess.run(
        [node, "--input-type=module", "-e", _PLAY],
        input=json.dumps({"code": HELD, "steps": steps}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


def hydrated(**more: Any) -> Any:
    """The first update of a process: all of its state."""
    states = {THREAD: {"told_rx_state_": 0}, **more}
    return {ROOT: {"is_hydrated_rx_state_": False, "a": 0}, **states}


def told(number: int = 1) -> Any:
    return {THREAD: {"told_rx_state_": number}}


def rows(*texts: str) -> Any:
    return {"new_rx_state_": [{"md": text} for text in texts]}


def test_the_installed_reflex_has_the_lines_that_are_edited_and_editing_twice_is_once() -> None:
    once = with_held_news(REFLEX_SCRIPT)
    assert once.count("showNews(delta, dispatch);") == 1
    assert with_held_news(once) == once
    older = once.replace("const HELD_FOR = 2500;", "const HELD_FOR = 1;")
    assert with_held_news(older) == once
    with pytest.raises(LookupError):
        with_held_news("export const connect = async (")


def test_a_page_that_is_loaded_shows_each_update_at_once() -> None:
    first, second, _ = played(hydrated(**{ROWS: rows()}), {ROWS: rows("a")}, told())
    assert first[ROWS] == rows()
    assert second[ROWS] == rows("a")


def test_what_another_process_says_is_shown_when_it_has_told_all() -> None:
    seen = played(
        hydrated(**{ROWS: rows("a", "b")}),
        told(),
        hydrated(**{ROWS: rows()}),
        {ROOT: {"is_hydrated_rx_state_": True}},
        {ROWS: rows("a", "b", "c")},
        told(),
    )
    assert [page[ROWS] for page in seen[1:]] == [rows("a", "b")] * 4 + [rows("a", "b", "c")]
    ready = [page[ROOT]["is_hydrated_rx_state_"] for page in seen]
    assert ready == [False, False, False, False, False, True], "nothing is sent meanwhile"
    assert seen[-1][THREAD] == {"told_rx_state_": 1}


def test_an_answer_is_not_shown_before_it_is_as_far_as_it_was() -> None:
    going = {RUN: {"running_rx_state_": True}}
    seen = played(
        hydrated(**going, **{ROWS: rows("question"), TAIL: {"text_rx_state_": "one two three"}}),
        told(),
        hydrated(**{RUN: {"running_rx_state_": False}, ROWS: rows(), TAIL: {"text_rx_state_": ""}}),
        {**going, ROWS: rows("question")},
        told(),
        {TAIL: {"text_rx_state_": "one two"}},
        {TAIL: {"text_rx_state_": "one two three four"}},
    )
    texts = [page[TAIL]["text_rx_state_"] for page in seen[1:]]
    assert texts == ["one two three"] * 5 + ["one two three four"]


def test_an_answer_that_has_ended_meanwhile_may_be_shorter() -> None:
    seen = played(
        hydrated(**{RUN: {"running_rx_state_": True}, ROWS: rows("question", "long answer")}),
        told(),
        hydrated(**{RUN: {"running_rx_state_": False}, ROWS: rows()}),
        {ROWS: rows("question")},
        told(),
    )
    assert seen[-1][ROWS] == rows("question")


def test_a_process_that_does_not_tell_all_in_time_is_shown_as_it_is() -> None:
    seen = played(
        hydrated(**{ROWS: rows("a")}), told(), hydrated(**{ROWS: rows()}), None, {ROWS: rows("b")}
    )
    assert [page[ROWS] for page in seen[2:]] == [rows("a"), rows(), rows("b")]


def test_of_two_processes_one_after_the_other_the_second_counts() -> None:
    seen = played(
        hydrated(**{ROWS: rows("a")}),
        told(),
        hydrated(**{ROWS: rows("half")}),
        hydrated(**{ROWS: rows()}),
        told(),
    )
    assert [page[ROWS] for page in seen[2:]] == [rows("a"), rows("a"), rows()]


def test_what_a_process_said_first_is_kept_though_it_says_twice_that_it_is_not_ready() -> None:
    again = {ROOT: {"is_hydrated_rx_state_": False}}
    seen = played(
        hydrated(**{ROWS: rows("a")}), told(), hydrated(**{ROWS: rows("b")}), again, told()
    )
    assert [page[ROWS] for page in seen[1:]] == [rows("a")] * 3 + [rows("b")]


def test_a_script_that_an_earlier_version_of_the_app_edited_is_edited_anew() -> None:
    edited = with_held_news(REFLEX_SCRIPT)
    earlier = edited.replace("chat_app/built_page/reconnect.py", "chat_app/page_reconnect.py")
    assert earlier != edited
    assert with_held_news(earlier) == edited
