"""What differs between two texts, block by block and word by word."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from shutil import which

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples

MARKS = Path(__file__).resolve().parents[2] / "chat_app/components/conversation/compare_marks.js"
RUN = """
    import { readFileSync } from "node:fs";
    const { differences } = await import(process.argv[1]);
    const pairs = JSON.parse(readFileSync(0, "utf8"));
    process.stdout.write(JSON.stringify(pairs.map(([left, right]) => differences(left, right))));
"""
Blocks = list[str]
Marks = list[list[list[int]]]


def differences(*pairs: tuple[Blocks, Blocks]) -> list[Marks]:
    node = which("node")
    assert node, "Reflex needs Node, too"
    ran = subprocess.run(
        [node, "--input-type=module", "-e", RUN, str(MARKS)],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


def marked(left: Blocks, right: Blocks) -> tuple[list[str], list[str]]:
    """The words that are marked on each side."""
    [found] = differences((left, right))
    sides = zip((left, right), found, strict=True)
    one, other = ([texts[at][start:end] for at, start, end in parts] for texts, parts in sides)
    return one, other


def test_equal_texts_have_no_marks() -> None:
    assert marked(["One.", "Two."], ["One.", "Two."]) == ([], [])


def test_the_words_that_differ_are_marked() -> None:
    left = ["In Rome it is warm and the sky is clear today.", "Bye."]
    right = ["In Rome it is cold and the sky is clear today.", "Bye."]
    assert marked(left, right) == (["warm"], ["cold"])


def test_a_block_that_only_one_has_is_marked_as_a_whole() -> None:
    assert marked(["One.", "Two."], ["One.", "More words here.", "Two."]) == (
        [],
        ["More words here."],
    )


def test_blocks_that_have_nothing_in_common_are_marked_as_a_whole() -> None:
    assert marked(["Yes, of course."], ["No never ever."]) == (
        ["Yes, of course."],
        ["No never ever."],
    )


BLOCK = st.sampled_from(["One two three.", "One two four.", "Five", "Five six", "Seven eight nine"])


@given(st.lists(st.tuples(st.lists(BLOCK, max_size=6), st.lists(BLOCK, max_size=6)), min_size=20))
@examples(10)
def test_what_is_not_marked_is_the_same_on_both_sides(pairs: list[tuple[Blocks, Blocks]]) -> None:
    for (left, right), found in zip(pairs, differences(*pairs), strict=True):
        rest = []
        for texts, parts in zip((left, right), found, strict=True):
            kept = list(texts)
            for at, start, end in sorted(parts, reverse=True):
                assert 0 <= start < end <= len(texts[at])
                kept[at] = kept[at][:start] + kept[at][end:]
            rest.append("".join("".join(kept).split()))
        assert rest[0] == rest[1]
