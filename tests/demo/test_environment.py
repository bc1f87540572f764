from __future__ import annotations

import os
from typing import TYPE_CHECKING

from chat_app.demo.serving.environment import ROOT, child_environment

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_apps_own_secrets_stay_in_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "LANGSMITH_API_KEY",
        "LANGGRAPH_API_KEY",
        "LANGCHAIN_API_KEY",
        "LANGGRAPH_API_HEADERS",
    ):
        monkeypatch.setenv(name, "secret")
    assert "secret" not in child_environment(model="", revision="r", secret="s").values()


def test_the_model_providers_key_reaches_the_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "provider-key")
    given = child_environment(model="openai:gpt-5", revision="r", secret="s")
    assert given["OPENAI_API_KEY"] == "provider-key"
    assert given["CHAT_DEMO_MODEL"] == "openai:gpt-5"


def test_a_key_in_the_dotenv_file_counts_unless_the_environment_has_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "A_PROVIDER_KEY=file\nB_PROVIDER_KEY=file\nLANGSMITH_API_KEY=x\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("B_PROVIDER_KEY", "environment")
    given = child_environment(model="", revision="r", secret="s")
    assert given["A_PROVIDER_KEY"] == "file"
    assert given["B_PROVIDER_KEY"] == "environment"
    assert "LANGSMITH_API_KEY" not in given


def test_tracing_and_analytics_are_off_whatever_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    given = child_environment(model="", revision="r", secret="s")
    assert given["LANGSMITH_TRACING"] == given["LANGCHAIN_TRACING_V2"] == "false"
    assert given["LANGGRAPH_CLI_NO_ANALYTICS"] == "1"


def test_the_package_is_importable_without_being_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    paths = child_environment(model="", revision="r", secret="s")["PYTHONPATH"].split(os.pathsep)
    assert paths == [str(ROOT), "/elsewhere"]
    assert (ROOT / "chat_app" / "demo" / "agent.py").is_file()
