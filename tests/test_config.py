"""Settings: where they are read from, and what is said of a wrong one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from chat_app.config import Settings, SettingsError, settings, variable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "lsv2_a-secret"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """An empty folder and an environment without a setting."""
    for name in list(os.environ):
        if name.upper().startswith(("CHAT_", "LANGGRAPH_", "LANGSMITH_", "REDIS_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


def refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    """What is said of a setting."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        settings()
    return str(raised.value)


def test_without_any_setting_the_app_runs_on_its_own_agent() -> None:
    assert settings().embedded
    assert settings().api_url == ""
    assert settings().headers() == {}
    assert (settings().host, settings().port) == ("127.0.0.1", 3000)
    assert settings().stream_mode == "auto"
    assert settings().starters == []


@pytest.mark.parametrize(
    ("name", "value", "field", "read"),
    [
        ("LANGGRAPH_API_URL", "https://agent.test/api//", "api_url", "https://agent.test/api"),
        ("LANGGRAPH_API_URL", "", "api_url", ""),
        ("CHAT_ASSISTANT", "writer", "assistant", "writer"),
        ("CHAT_STREAM_MODE", "messages", "stream_mode", "messages"),
        ("CHAT_TITLE", "Ask us", "title", "Ask us"),
        ("CHAT_TITLE", "", "title", "Agent chat"),
        ("CHAT_STARTERS", '["Hello|a greeting", "Bye"]', "starters", ["Hello|a greeting", "Bye"]),
        ("CHAT_PORT", "8080", "port", 8080),
        ("CHAT_HOST", "0.0.0.0", "host", "0.0.0.0"),  # noqa: S104 - a setting, not a socket
        ("CHAT_DEMO_MODEL", "openai:gpt-5", "demo_model", "openai:gpt-5"),
        ("CHAT_DATA_DIR", "elsewhere", "data_dir", "elsewhere"),
        ("CHAT_WORKERS", "4", "workers", 4),
        ("CHAT_BASE_PATH", "/chat/", "base_path", "/chat"),
        ("CHAT_BASE_PATH", "/", "base_path", ""),
        ("chat_title", "Lower case", "title", "Lower case"),
    ],
)
def test_a_setting_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, read: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(settings(), field) == read


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("LANGGRAPH_API_URL", "localhost:2024", "must start with http:// or https://"),
        ("LANGGRAPH_API_URL", "ftp://agent.test", "must start with http:// or https://"),
        ("LANGGRAPH_API_URL", "http://", "must name a host"),
        ("LANGSMITH_API_KEY", "schlüssel", "holds characters that a header cannot carry"),
        ("LANGGRAPH_API_HEADERS", '{"x": "a\\nb"}', "holds characters that a header cannot carry"),
        ("LANGGRAPH_API_HEADERS", "x-team: red", "must be JSON"),
        ("LANGGRAPH_API_HEADERS", '["x-team"]', "dictionary"),
        ("LANGGRAPH_API_HEADERS", '{"x-team": 7}', "string"),
        ("CHAT_STREAM_MODE", "values", "'auto', 'messages-tuple' or 'messages'"),
        ("CHAT_TITLE", "x" * 61, "at most 60 characters"),
        ("CHAT_STARTERS", "Hello", "must be JSON"),
        ("CHAT_STARTERS", '{"a": "b"}', "list"),
        ("CHAT_STARTERS", '["1","2","3","4","5","6","7","8","9"]', "at most 8 items"),
        ("CHAT_FILES", "-1", "greater than or equal to 0"),
        ("CHAT_FILE_TYPES", '["png"]', "must be MIME types"),
        ("CHAT_FILE_TYPES", '["image/png", "application/zip"]', "entry 2 is no type"),
        ("CHAT_PORT", "0", "greater than or equal to 1"),
        ("CHAT_PORT", "70000", "less than or equal to 65535"),
        ("CHAT_PORT", "http", "integer"),
        ("CHAT_WORKERS", "0", "greater than or equal to 1"),
        ("CHAT_WORKERS", "65", "less than or equal to 64"),
        ("CHAT_DRAIN_SECONDS", "inf", "finite number"),
        ("CHAT_BASE_PATH", "chat", "must be a path such as /chat"),
        ("CHAT_BASE_PATH", "//chat.test", "must be a path such as /chat"),
        ("CHAT_BASE_PATH", "/chat/..", "must be a path such as /chat"),
        ("REDIS_URL", "http://redis.test", "must start with redis://"),
        ("CHAT_DEMO_MODEL", "gpt-5", "must look like provider:model"),
    ],
)
def test_a_wrong_setting_is_named_and_explained_and_its_value_is_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    said = refused(monkeypatch, name, value)
    assert said.startswith(f"{name}: ")
    assert "\n" not in said
    assert problem in said
    assert value not in said.removeprefix(f"{name}: ").replace(problem, "")


def test_all_wrong_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_TITLE", "x" * 61)
    said = refused(monkeypatch, "CHAT_PORT", "none")
    assert {line.split(":")[0] for line in said.splitlines()} == {"CHAT_PORT", "CHAT_TITLE"}


@pytest.mark.parametrize("name", ["LANGSMITH_API_KEY", "LANGGRAPH_API_KEY"])
def test_the_key_goes_to_the_server_as_a_header(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, SECRET)
    assert settings().headers() == {"x-api-key": SECRET}


def test_langsmiths_name_of_the_key_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_KEY", "the other")
    monkeypatch.setenv("LANGSMITH_API_KEY", SECRET)
    assert settings().headers() == {"x-api-key": SECRET}


def test_more_headers_go_along_and_the_key_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_API_KEY", SECRET)
    monkeypatch.setenv("LANGGRAPH_API_HEADERS", '{"x-team": "red"}')
    assert settings().headers() == {"x-api-key": SECRET, "x-team": "red"}


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_API_KEY", SECRET)
    monkeypatch.setenv("LANGGRAPH_API_HEADERS", f'{{"authorization": "{SECRET}"}}')
    assert SECRET not in f"{settings()!r} {settings()} {settings().model_dump_json()}"


def test_a_wrong_header_does_not_give_its_secret_away(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in f'{{"authorization": ["{SECRET}"]}}', f'{{"authorization": {SECRET}':
        settings.cache_clear()
        assert SECRET not in refused(monkeypatch, "LANGGRAPH_API_HEADERS", value)


def test_no_secret_is_in_the_chain_of_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_HEADERS", f'{{"authorization": ["{SECRET}"]}}')
    with pytest.raises(SettingsError) as raised:
        settings()
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_settings_are_read_from_a_file_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "CHAT_TITLE=From the file\nCHAT_PORT=4000\nLANGSMITH_API_KEY=k\nUNRELATED=1\n"
    )
    monkeypatch.setenv("CHAT_PORT", "5000")
    assert (settings().title, settings().port) == ("From the file", 5000)
    assert settings().headers() == {"x-api-key": "k"}


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = settings()
    monkeypatch.setenv("CHAT_TITLE", "Too late")
    assert settings() is first


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CHAT_ORIGINS", "https://chat.example.com", "must be JSON"),
        ("CHAT_ORIGINS", '["chat.example.com"]', "must be scheme, host and port"),
        ("CHAT_ORIGINS", '["*"]', "must be scheme, host and port"),
        ("CHAT_ORIGINS", '["null"]', "must be scheme, host and port"),
        ("CHAT_ORIGINS", '["https://*.example.com"]', "must be scheme, host and port"),
        ("CHAT_ORIGINS", '["https://chat.example.com/chat"]', "must be scheme, host and port"),
        ("CHAT_ORIGINS", '["https://chat.example.com."]', "must be scheme, host and port"),
        ("CHAT_ORIGINS", '["https://me@chat.example.com"]', "must be scheme, host and port"),
        ("CHAT_TRUSTED_PROXIES", '["proxy"]', "must be addresses or networks"),
        ("CHAT_TRUSTED_PROXIES", '["*"]', "must be addresses or networks"),
    ],
)
def test_an_origin_or_a_proxy_that_cannot_be_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    assert said in refused(monkeypatch, name, value)


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_has_a_variable_that_sets_it(
    monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    values = {
        "api_url": "http://agent.test",
        "api_headers": '{"a": "b"}',
        "stream_mode": "messages",
        "workers": "4",
        "drain_seconds": "5",
        "metrics_token": "a" * 16,
        "redis_url": "redis://redis.test:6379/0",
        "base_path": "/chat",
        "log": "json",
        "metrics": "off",
        "starters": '["a"]',
        "steps": "never",
        "queue": "app",
        "image_hosts": '["images.example.com"]',
        "hide_nodes": '["classify"]',
        "files": "5",
        "schedules": "5",
        "file_mb": "20",
        "file_types": '["image/png"]',
        "origins": '["https://chat.example.com"]',
        "trusted_proxies": '["10.0.0.0/8"]',
        "sockets_per_address": "7",
        "secret": "a" * 32,
        "auth": "password",
        "admins": '["anna"]',
        "admins_see_all": "true",
        "daily_messages": "7",
        "daily_tokens": "7",
        "runs_per_person": "7",
        "unowned_threads": "everyone",
        "share_links": "false",
        "feedback": "never",
        "langsmith_hosts": '["smith.example.com"]',
        "session_hours": "1",
        "idle_minutes": "1",
        "oidc_issuer": "https://login.example.com",
        "oidc_scopes": '["openid"]',
        "oidc_groups": '["staff"]',
        "oidc_admin_groups": '["staff"]',
        "proxy_admin_groups": '["staff"]',
        "proxy_sign_out_url": "/oauth2/sign_out",
        "forward_identity": "identity",
        "forward_secret": "a" * 32,
        "port": "81",
        "search_mb": "7",
        "inspector": "off",
        "prices": '{"gpt-5*": {"input": 1.25, "output": 10}}',
        "trace_url": "https://smith.example.com/r/{run_id}",
        "demo_model": "a:b",
    }
    unset = getattr(Settings(), field)
    monkeypatch.setenv(variable(field), values.get(field, "changed"))
    assert getattr(Settings(), field) != unset


def test_an_address_names_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", "http://agent.test/")
    assert settings().api_url == "http://agent.test"
    assert not settings().embedded


@pytest.mark.parametrize(
    "other",
    [
        {"LANGGRAPH_API_HEADERS": '{"Authorization": "Bearer a-secret-token"}'},
        {"LANGGRAPH_API_URL": "https://user:a-secret-token@agent.test"},
        {"CHAT_FORWARD_SECRET": ""},
        {"CHAT_FORWARD_IDENTITY": "token"},
    ],
    ids=["a header", "a user in the address", "no secret", "no tokens"],
)
def test_what_contradicts_the_forwarding_of_identities_is_told(
    monkeypatch: pytest.MonkeyPatch, other: dict[str, str]
) -> None:
    given = {"CHAT_FORWARD_IDENTITY": "identity", "CHAT_FORWARD_SECRET": "s" * 32, **other}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=r"^CHAT_FORWARD_") as raised:
        settings()
    assert "a-secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"CHAT_AUTH": "oidc"}, "CHAT_OIDC_ISSUER: needed"),
        (
            {"CHAT_AUTH": "oidc", "CHAT_OIDC_ISSUER": "https://a.test"},
            "CHAT_OIDC_CLIENT_ID: needed",
        ),
        ({"CHAT_AUTH": "proxy"}, "CHAT_TRUSTED_PROXIES: needed"),
        ({"CHAT_OIDC_ISSUER": "http://login.example.com"}, "must be an address with https://"),
        ({"CHAT_OIDC_ISSUER": "http://127.0.0.1.evil.test"}, "must be an address with https://"),
        ({"CHAT_OIDC_ISSUER": "http://localhost@evil.test"}, "must be an address with https://"),
        ({"CHAT_OIDC_ISSUER": "https://login.example.com/?a"}, "without a query"),
        ({"CHAT_OIDC_SCOPES": "openid profile"}, "must be JSON"),
        ({"CHAT_OIDC_SCOPES": '["a b"]'}, "without spaces"),
        ({"CHAT_PROXY_HEADER": "X User"}, "must be the name of a header"),
        ({"CHAT_PROXY_SIGN_OUT_URL": "javascript:alert(1)"}, "must be an address"),
        ({"CHAT_PROXY_SIGN_OUT_URL": "//evil.test"}, "must be an address"),
    ],
)
def test_a_sign_in_that_cannot_work_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        settings()
    assert said in str(raised.value)
