"""What is hidden in the words of errors, and what stays readable."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app import masking
from chat_app.client.errors import NotFoundError
from chat_app.config import settings
from chat_app.masking import HIDDEN, in_environment, masked, without_known
from tests.helpers.scripted import Script, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = 'a "quoted" secret/of é letters'

KEYS = (
    "sk-abcdefghij0123456789",
    "sk-proj-Ab_3dEf6-hIj9lMnOpQrSt",
    "sk-ant-api03-Ab3dEf6hIj9_lMn-OpQrSt",
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "pk-lf-1234abcd-12ab-34cd-56ef-1234567890ab",
    "lsv2_pt_0123456789abcdef0123456789abcdef_0123456789",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "github_pat_11ABCDEFG0123456789_abcdefghij",
    "glpat-0123456789abcdefghij",
    "xoxb-17653672481-19874698323-pdFZKVeTuE",
    "xapp-1-A0123456789-1234567890-abcdef",
    "AKIAIOSFODNN7EXAMPLE",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "ya29.a0AfH6SMBx0123456789",
    "hf_abcdefghijklmnopqrstuvwxyz012345",
    "gsk_abcdefghij0123456789abcdefghij",
    "xai-abcdefghij0123456789abcdefghij",
    "SG.abcdefghij0123456789ab.abcdefghij0123456789abcdefghij",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl",
)
SAID = (
    ("Authorization: Bearer {}", "abcdefgh"),
    ("{{'authorization': 'Basic {}'}}", "dXNlcjpwYXNz"),
    ("got Bearer {} instead", "abc123def456"),
    ('{{"x-api-key": "{}"}}', "abcdefgh1"),
    ("OPENAI_API_KEY={} is wrong", "abcdefgh1"),
    ("?access_token={}&x=1", "abcdefgh1"),
    ("client_secret='{}'", "abcdefgh1"),
    ("Cookie: session={}; theme=dark", "abcdefgh"),
    ("set-cookie: session={}", "abcdefgh"),
    ("postgresql://me:{}@db.example/x", "pass"),
    ("redis://:{}@cache:6379/0", "pass"),
)
WORDS = (
    "api_key: Field required",
    "The api_key client option must be set by OPENAI_API_KEY",
    "token: unexpected end of input",
    "max_tokens: 128000000 is too large: 16384",
    "This key is of another kind; the basic idea is the bearer of bad news",
    "risk-averse desk-lamps and task-based co-operation-with-everybody-everywhere",
    "No module named 'key_value_store_for_everything_here'",
    "see https://docs.example/errors?id=12345678 or http://localhost:2024/threads",
    "mail me@example.com, or ssh git@host.example:22",
    "asiaticlionsandtigers AKIA",
    "2026-11-30T03:52:47 5f4d1f0a-6f0c-4b0e-8f35-0d5f8f6d9f11",
)


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    masking.only_know([SECRET])
    yield
    masking.only_know([])
    settings.cache_clear()


@pytest.mark.parametrize("key", KEYS)
def test_what_looks_like_a_key_is_hidden_wherever_it_stands(key: str) -> None:
    for around in ("{}", "key {}.", "('{}',)", '"{}"', "({})", "a={}&b", "{}\n{}", "<{}>", "`{}`"):
        assert key not in masked(around.replace("{}", key))


@pytest.mark.parametrize(("said", "secret"), SAID)
def test_what_is_said_to_be_secret_is_hidden_and_the_rest_is_not(said: str, secret: str) -> None:
    assert masked(said.format(secret)) == said.format(HIDDEN)


def test_a_private_key_is_hidden_whole() -> None:
    lines = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----"
    assert masked(f"bad key: {lines} in file") == f"bad key: {HIDDEN} in file"
    assert "IBAAKC" not in masked(lines[:60])


@pytest.mark.parametrize("words", WORDS)
def test_the_words_of_an_error_stay(words: str) -> None:
    assert masked(words) == words


def test_a_known_secret_is_hidden_as_it_is_and_as_it_is_written_elsewhere() -> None:
    forms = (
        SECRET,
        quote(SECRET, safe=""),
        b64encode(SECRET.encode()).decode().rstrip("="),
    )
    for form in forms:
        assert masked(f"x{form}y") == f"x{HIDDEN}y"
    for ascii_only in (True, False):
        sent = json.dumps({"said": f"It is {SECRET}."}, ensure_ascii=ascii_only)
        assert json.loads(without_known(sent)) == {"said": f"It is {HIDDEN}."}
        assert json.loads(without_known(sent.encode())) == {"said": f"It is {HIDDEN}."}


def test_a_secret_of_bytes_that_are_no_text_is_hidden() -> None:
    secret = b"\xff\xfe of an odd variable".decode("utf-8", "surrogateescape")
    masking.only_know([secret])
    assert masked(f"x{secret}y") == f"x{HIDDEN}y"
    assert without_known(secret.encode("utf-8", "surrogateescape")) == HIDDEN.encode()


def test_of_secrets_within_one_another_nothing_is_left() -> None:
    masking.only_know(["abcdefgh", "abcdefghijkl"])
    assert masked("abcdefghijkl abcdefgh") == f"{HIDDEN} {HIDDEN}"


@pytest.mark.parametrize(
    "value", ["", "short", "application/json", "https://a.example/x", "/srv/secret", "12345678"]
)
def test_what_any_text_may_contain_is_no_secret(value: str) -> None:
    masking.only_know([value])
    assert masked(f"take {value} here") == f"take {value} here"


def test_a_scheme_before_a_secret_is_no_part_of_it() -> None:
    masking.only_know(["Bearer a-known-value"])
    assert masked("was a-known-value") == f"was {HIDDEN}"


def test_variables_that_name_a_secret_are_known() -> None:
    environment = {
        "MY_PROVIDER_API_KEY": "abcdef-123456",
        "GITHUB_TOKEN": "abcdef-1234567",
        "DB_PASSWORD": "only letters",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
        "TOKENIZERS_PARALLELISM": "enabled everywhere",
        "SORT_KEY": "created_at_of_it",
        "HOME": "/home/abcdef1234",
    }
    found = in_environment(environment)
    assert set(found) == {
        environment[name]
        for name in ("MY_PROVIDER_API_KEY", "GITHUB_TOKEN", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY")
    }


def test_every_secret_setting_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", "https://me:an-url-password@agents.example")
    monkeypatch.setenv("LANGSMITH_API_KEY", "an-api-key")
    monkeypatch.setenv("LANGGRAPH_API_HEADERS", '{"x-one": "header-one", "x-two": "header-two"}')
    settings.cache_clear()
    settings()
    said = "an-url-password an-api-key header-one header-two"
    assert masked(said) == " ".join([HIDDEN] * 4)


def test_a_user_without_a_password_in_an_address_is_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", "https://a-token-as-user@agents.example")
    settings.cache_clear()
    settings()
    assert masked("sent a-token-as-user along") == f"sent {HIDDEN} along"


def test_the_name_of_a_key_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_MESSAGES_KEY", "conversation_2_of_it")
    settings.cache_clear()
    settings()
    assert masked("conversation_2_of_it") == "conversation_2_of_it"


@given(st.text(), st.text())
def test_a_known_secret_never_survives(before: str, after: str) -> None:
    assert SECRET not in masked(before + SECRET + after)


@given(st.text(st.sampled_from("-_.:/@ =\"'{}[]aB9\n\\skeyJ"), max_size=300))
def test_masking_twice_changes_no_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)


async def test_an_error_of_the_client_holds_no_key_even_one_that_was_cut() -> None:
    script = Script()
    body = {"detail": "x" * 290 + f" {KEYS[0]} " + "y" * 600}
    script.on("GET", "/threads/5f4d1f0a-6f0c-4b0e-8f35-0d5f8f6d9f11", reply(404, json=body))
    async with script.client() as client:
        with pytest.raises(NotFoundError) as raised:
            await client.threads.get("5f4d1f0a-6f0c-4b0e-8f35-0d5f8f6d9f11")
    assert "sk-" not in raised.value.detail
