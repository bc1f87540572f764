"""Misspelt settings are named when the app starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.config import Settings, variable
from scripts.setting_names import doubts, given_names

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("CHAT_TITEL", "CHAT_TITLE"),
        ("chat_titel", "CHAT_TITLE"),
        ("CHAT_PROT", "CHAT_PORT"),
        ("CHAT_STARTER", "CHAT_STARTERS"),
        ("CHAT_ASSISTENT", "CHAT_ASSISTANT"),
        ("CHAT_FILETYPES", "CHAT_FILE_TYPES"),
        ("CHAT_MODEL", "CHAT_DEMO_MODEL"),
        ("CHAT_API_URL", "LANGGRAPH_API_URL"),
        ("CHATTITLE", "CHAT_TITLE"),
        ("LANGGRAPH_URL", "LANGGRAPH_API_URL"),
        ("LANGSMITH_API_URL", "LANGGRAPH_API_URL"),
        ("LANGSMITH_KEY", "LANGSMITH_API_KEY"),
        ("LANGGRAPH_API_HEADER", "LANGGRAPH_API_HEADERS"),
    ],
)
def test_a_misspelt_name_is_told_with_the_one_that_was_meant(given: str, meant: str) -> None:
    assert doubts([given]) == [f"{given} is not a setting. Did you mean {meant}?"]


@pytest.mark.parametrize("field", Settings.model_fields)
def test_the_name_of_a_setting_is_no_doubt_and_without_a_letter_it_is(field: str) -> None:
    name = variable(field)
    assert doubts([name, name.lower()]) == []
    assert doubts([name[:-1]]) == [f"{name[:-1]} is not a setting. Did you mean {name}?"]


def test_names_of_other_programs_are_no_doubt_unless_they_have_our_prefix() -> None:
    others = ["LANGSMITH_TRACING", "LANGSMITH_PROJECT", "LANGSMITH_ENDPOINT", "CHATGPT_TOKEN"]
    others += ["LANGGRAPH_CLI_NO_ANALYTICS", "LANGGRAPH_AUTH_TYPE", "OPENAI_API_KEY", "REDIS_HOST"]
    assert doubts([*others, "LANGGRAPH_API_KEY", "CHAT_DEMO_SPEED"]) == []
    one_line = ["Ignored, as no setting has that name: CHAT_BAR, CHAT_FOO"]
    assert doubts(["CHAT_BAR", "CHAT_FOO", *others]) == one_line


def test_names_come_from_the_environment_and_from_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHAT_PROT", "1")
    assert "CHAT_PROT" in given_names()
    (tmp_path / ".env").write_text("# a comment\nexport CHAT_TITEL=x\nCHAT_FILES=3\n")
    assert {"CHAT_PROT", "CHAT_TITEL", "CHAT_FILES"} <= set(given_names())
