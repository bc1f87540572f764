"""The index of a person's threads: what is found is what reading all texts would find."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat_app.runs.search.folding import clean, fold
from chat_app.runs.search.index import Limits, ListedThread, SearchIndex, ThreadText
from chat_app.runs.search.query import terms_of
from chat_app.runs.search.tables import DamagedError, Message
from tests.helpers.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = [
    "sun",
    "Sunday",
    "café",
    "Cafe",
    "ÄRGER",
    "x",
    "C++",
    "don't",
    "東京",
    "京都の天気",
    "กิน",
    "한국날씨",
    "🎉",
    "_a_",
    "3.5",
    "it",
    "straße",
    "\u0131I",
]
texts = st.lists(
    st.sampled_from(WORDS) | st.text(st.characters(codec="utf-8"), max_size=4),
    min_size=1,
    max_size=8,
).map(" ".join)
threads = st.lists(st.tuples(texts, st.lists(texts, max_size=4)), max_size=6)
queries = (
    st.sampled_from(
        [*WORDS, "su", "unda", "fe", "天気", "京", "rger", "날씨", "c+", '"sun"', '"it x"', "n't"]
    )
    | texts
)


def when(number: int) -> str:
    return f"2026-01-01T00:00:{number:02}.000000+00:00"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    index = SearchIndex(tmp_path / "index.sqlite3")
    yield index
    index.close()


def add(index: SearchIndex, thread_id: str, title: str, *said: str, at: int = 0) -> None:
    index.list([ListedThread(thread_id, title, when(at))])
    messages = [Message(f"{thread_id}.{n}", text) for n, text in enumerate(said)]
    index.put([ThreadText(thread_id, when(at), messages)])


def found(index: SearchIndex, query: str) -> dict[str, set[str]]:
    """The messages that are found, by thread."""
    threads = index.search(terms_of(query), most=1000, hits=1000)
    return {one.id: {hit.message_id for hit in one.hits} for one in threads}


@examples(300)
@given(threads, queries)
@example([("", ["a東"])], "東")
@example([("", ["İstanbul"])], "istanbul")
@example([("", ["x\ud800y"])], "y")
@example([("", ["\U000400000"])], "0")
def test_all_is_found_that_reading_every_text_finds(
    threads: list[tuple[str, list[str]]], query: str
) -> None:
    terms, expected = terms_of(query), dict[str, set[str]]()
    with TemporaryDirectory() as folder:
        index = SearchIndex(Path(folder) / "index", Limits(seconds=60))
        for number, (title, said) in enumerate(threads):
            add(index, f"t{number}", title, *said, at=number)

            def matches(text: str) -> bool:
                folded = fold(clean(text))
                return terms.matches(folded) or terms.matches(folded, within_words=True)

            hits = {f"t{number}.{n}" for n, text in enumerate(said) if matches(text)}
            if hits or matches(title):
                expected[f"t{number}"] = hits
        assert found(index, query) == expected
        index.close()


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("The Weather in PARIS", "weath"),
        ("The weather in Paris", "paris weather"),
        ("Überraschung", "uber"),
        ("naïve café", "naive CAFÉ"),
        ("東京の天気は晴れです", "天気"),
        ("東京の天気は晴れです", "東"),
        ("한국날씨가 좋아요", "날씨"),
        ("ไปกินข้าว", "กิน"),
        ("kitchen sink", "itche"),
        ("see C++ and C#", "c++"),
        ("that\u2019s fine", "that's"),
        ("\uff46\uff55\uff4c\uff4c width", "full"),
        ("the party 🎉!", "🎉"),
        ("an exact   phrase\nhere", '"exact phrase here"'),
        ("an exact phrase", "“exact phrase”"),
        ("file_name.py", "name.py"),
        ("Привет, МИР", "мир"),
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("Żółć, Ørsted, Đà Nẵng", "zolc orsted da nang"),
        ("Ærø and œuvre", "aero oeuvre"),
    ],
)
def test_a_message_is_found(index: SearchIndex, said: str, query: str) -> None:
    add(index, "t", "", said)
    [thread] = index.search(terms_of(query), most=10)
    [hit] = thread.hits
    assert any(piece.is_hit for piece in hit.snippet)


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("the weather", "weather paris"),
        ("start", '"art"'),
        ("start", "ar"),
        ("か", "が"),
        ("phrase exact", '"exact phrase"'),
        ("c and more", "c++"),
        ("anything", '""'),
        ("anything", "  "),
    ],
)
def test_a_message_is_not_found(index: SearchIndex, said: str, query: str) -> None:
    add(index, "t", "", said)
    assert found(index, query) == {}


HOSTILE = [
    *('"', '""""', "*", "a*", "NEAR(a b)", "a AND", "OR", "NOT a", "text:a", "(((", "^a", "-"),
    *("a\x00b", "{a b}: c", "'; DROP TABLE messages; --", "%", "_", "\ud800"),
    *("a" * 100_000, '"a ' * 50_000, "\u0301" * 1000, "(" * 100_000, "a " * 50_000),
]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_does_harm(index: SearchIndex, query: str) -> None:
    add(index, "t", "title", "some text", query)
    found(index, query)
    assert found(index, "some") == {"t": {"t.0"}}


def test_words_that_begin_so_come_before_words_that_contain_it(index: SearchIndex) -> None:
    add(index, "within", "", "a party", at=3)
    add(index, "older", "", "an art", at=1)
    add(index, "newer", "", "artists", at=2)
    add(index, "titled", "Art", at=0)
    assert list(found(index, "art")) == ["titled", "newer", "older", "within"]


def test_at_most_so_many_threads_and_messages_are_found(index: SearchIndex) -> None:
    for number in range(9):
        add(index, f"t{number}", "", *["word"] * 9, at=number)
    threads = index.search(terms_of("word"), most=4, hits=2)
    assert [one.id for one in threads] == ["t8", "t7", "t6", "t5"]
    assert [hit.message_id for hit in threads[0].hits] == ["t8.8", "t8.7"]


def test_what_changed_is_read_again_and_its_old_text_not_found(index: SearchIndex) -> None:
    add(index, "t", "", "before")
    index.list([ListedThread("t", "", when(1))])
    assert [one.id for one in index.stale(9)] == ["t"]
    index.put([ThreadText("t", when(1), [Message("m", "after")])])
    assert not index.stale(9)
    assert found(index, "before") == {}
    assert found(index, "after") == {"t": {"m"}}


def test_a_busy_thread_waits(index: SearchIndex) -> None:
    index.list([ListedThread("t", "", when(1), is_busy=True)])
    assert not index.stale(9)
    index.list([ListedThread("t", "", when(1))])
    assert index.stale(9)


def test_a_forgotten_thread_leaves_nothing(index: SearchIndex, tmp_path: Path) -> None:
    add(index, "t", "mysecrettitle", "mysecretword")
    index.forget(["t"])
    assert found(index, "mysecretword") == found(index, "mysecrettitle") == {}
    index.put([ThreadText("t", when(0), [Message("m", "mysecretword")])])
    assert found(index, "mysecretword") == {}


def test_threads_that_a_sweep_did_not_see_are_forgotten(index: SearchIndex) -> None:
    index.list([ListedThread("a", "x", when(0)), ListedThread("b", "x", when(1))], sweep=1)
    index.list([ListedThread("b", "x", when(1))], sweep=2)
    index.forget_before(2)
    assert list(found(index, "x")) == ["b"]


def test_the_oldest_threads_go_first(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index", Limits(threads=3))
    for number in range(5):
        add(index, f"t{number}", "title", "word", at=number)
    index.trim()
    assert sorted(found(index, "word")) == ["t2", "t3", "t4"]
    index.close()


def test_the_file_stays_within_its_limit_and_titles_stay(tmp_path: Path) -> None:
    limit = 1_000_000
    index = SearchIndex(tmp_path / "index", Limits(bytes=limit))
    for number in range(60):
        said = [" ".join(f"w{number}x{n}y{word}" for word in range(200)) for n in range(10)]
        add(index, f"t{number}", f"title {number}", *said, at=number)
        index.trim()
    assert index.used() <= limit
    assert len(index.search(terms_of("title"), most=100)) == 60
    assert found(index, "w59x0y0")
    assert not found(index, "w0x0y0")
    assert index.counts() == (60, 60)
    index.close()


def test_long_texts_are_cut_and_the_newest_messages_kept(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index", Limits(thread_characters=100, message_characters=20))
    add(index, "t", "", *[f"word{n} {'x' * 50} end" for n in range(20)])
    assert found(index, "word19")
    assert not found(index, '"word1"')
    assert not found(index, "end")
    index.close()


def test_only_the_owner_may_read_the_file(index: SearchIndex, tmp_path: Path) -> None:
    add(index, "t", "", "word")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_an_index_is_there_again_after_a_restart(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index")
    add(index, "t", "", "word")
    index.close()
    index = SearchIndex(tmp_path / "index")
    assert found(index, "word")
    index.close()


@pytest.mark.parametrize(
    "damage", [b"no database at all" * 1000, b"SQLite format 3\x00" + os.urandom(5000)]
)
def test_a_file_that_is_no_index_is_told(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "index").write_bytes(damage)
    with pytest.raises(DamagedError):
        SearchIndex(tmp_path / "index")


def test_an_index_of_another_version_is_told(tmp_path: Path) -> None:
    SearchIndex(tmp_path / "index").close()
    other = sqlite3.connect(tmp_path / "index")
    other.execute("UPDATE about SET version = 'older'")
    other.commit()
    other.close()
    with pytest.raises(DamagedError):
        SearchIndex(tmp_path / "index")


def test_a_table_that_is_missing_is_told(index: SearchIndex, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "index.sqlite3")
    other.execute("DROP TABLE messages")
    other.commit()
    other.close()
    with pytest.raises(DamagedError):
        add(index, "t", "", "word")


def test_without_a_file_titles_are_found() -> None:
    index = SearchIndex(None)
    index.list([ListedThread("t", "Trip to Paris", when(0))])
    assert not index.has_text
    assert list(found(index, "paris")) == ["t"]
    index.close()


@examples(200)
@given(texts, queries)
def test_a_snippet_has_the_words_of_the_text(text: str, query: str) -> None:
    pieces = terms_of(query).snippet(clean(text), whole=True)
    assert "".join(piece.text for piece in pieces).split() == clean(text).split()


def test_a_snippet_is_short_and_around_the_first_hit(index: SearchIndex) -> None:
    add(index, "t", "", "word " * 5000 + "needle " + "word " * 5000)
    [thread] = index.search(terms_of("needle"), most=1)
    shown = "".join(piece.text for piece in thread.hits[0].snippet)
    assert "needle" in shown
    assert len(shown) < 200
