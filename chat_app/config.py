"""Every setting, in one typed table: from the environment or a `.env` file, checked at start.

The variable of a field is its name in capitals with the prefix ``CHAT_``, unless it is one of
LangGraph's own names. A test keeps the README's table equal to this class.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from ipaddress import ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from chat_app import masking
from chat_app.deployment_settings import DeploymentSettings
from chat_app.file_types import is_known
from chat_app.inspector_settings import InspectorSettings
from chat_app.origin import parse_origin
from chat_app.provider_settings import ProviderSettings, contradictions, from_json


class SettingsError(Exception):
    """A setting that cannot be used; the text names the variable and says what is wrong."""


class Settings(DeploymentSettings, InspectorSettings, ProviderSettings):
    """The app's settings. Field descriptions are what the README shows."""

    model_config = SettingsConfigDict(
        env_prefix="CHAT_",
        env_file=".env",
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    api_url: str = Field(
        default="",
        validation_alias=AliasChoices("LANGGRAPH_API_URL"),
        description="The LangGraph server. Empty: the app starts its own demo agent.",
    )
    api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("LANGSMITH_API_KEY", "LANGGRAPH_API_KEY"),
        description="Sent to the server as `x-api-key`; never reaches the browser.",
    )
    api_headers: Annotated[dict[str, SecretStr], NoDecode] = Field(
        default={},
        validation_alias=AliasChoices("LANGGRAPH_API_HEADERS"),
        description="More headers for the server, as a JSON object.",
    )
    assistant: str = Field(
        default="",
        description="The assistant chosen at first: its id, graph or name. Where the server lists "
        "none: its id or graph.",
    )
    messages_key: str = Field(
        default="",
        max_length=100,
        description="Where the state has its messages; empty: found from the graph's schema.",
    )
    stream_mode: Literal["auto", "messages-tuple", "messages"] = Field(
        default="auto",
        description="How tokens are asked for: `auto`, `messages-tuple` or `messages`.",
    )
    title: str = Field(
        default="Agent chat", min_length=1, max_length=60, description="The name of the app."
    )
    starters: Annotated[list[str], NoDecode] = Field(
        default=[],
        max_length=8,
        description="Prompts for an empty chat: a JSON list, each `prompt` or `prompt|hint`. "
        "Empty: those in the metadata of the assistant, `starters`, written likewise.",
    )
    steps: Literal["shown", "hidden", "never"] = Field(
        default="shown",
        description="Tool calls and thinking: `shown` or `hidden` until a person chooses "
        "otherwise, or `never` sent to the browser.",
    )
    hide_nodes: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Nodes whose models' words are not shown while they run, as a JSON list of "
        "names; `*` stands for any characters, and `!name` is shown all the same.",
    )
    queue: Literal["server", "app"] = Field(
        default="server",
        description="Where messages wait that are sent while a run goes: `app` for a server that "
        "does not queue runs.",
    )
    image_hosts: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Hosts whose images are shown without asking, as a JSON list.",
    )
    files: int = Field(
        default=10, ge=0, le=50, description="Files that one message may carry; 0: none."
    )
    file_mb: int = Field(default=10, ge=1, le=100, description="Megabytes of one of them.")
    file_types: Annotated[list[str], NoDecode] = Field(
        default=["image/*", "audio/*", "application/pdf", "text/*"],
        description="Kinds that may be attached, as a JSON list; `video/*` is one more, and one "
        "kind of text, such as `text/csv`, is known by the end of the name.",
    )
    port: int = Field(default=3000, ge=1, le=65535, description="Where the app is served.")
    host: str = Field(default="127.0.0.1", description="The address the app listens on.")
    origins: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="The addresses that people open, as a JSON list, such as "
        '`["https://chat.example.com"]`. Names of this machine, such as localhost, always work.',
    )
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Addresses or networks of proxies in front of the app, as a JSON list: only "
        "their `X-Forwarded-For`, `-Host` and `-Proto` are believed.",
    )
    sockets_per_address: int = Field(
        default=100,
        ge=1,
        description="Tabs that may be open at one time from one address; several people behind one "
        "router share it.",
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="What cookies are signed with, at least 32 characters; empty: made once, and "
        "kept in the data folder.",
    )
    auth: Literal["none", "password", "oidc", "proxy"] = Field(
        default="none",
        description="Who may come in: `none`: each browser is a person of its own; `password`: "
        "accounts made with `scripts/accounts`; `oidc`: OpenID Connect; `proxy`: a proxy in front "
        "says who it is.",
    )
    admins: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Admins, as a JSON list: names of accounts, or as people are called by the "
        "identity provider.",
    )
    session_hours: float = Field(
        default=12, gt=0, le=8760, description="Hours until a person has to sign in again."
    )
    idle_minutes: float = Field(
        default=120,
        gt=0,
        le=525600,
        description="Minutes without any activity until a person has to sign in again.",
    )
    admins_see_all: bool = Field(
        default=False, description="Whether administrators see the chats of all people."
    )
    unowned_threads: Literal["", "open", "admins", "everyone"] = Field(
        default="",
        description="Who may use threads that other programs made: `open`: everyone who has the "
        "address; `everyone`: they are also listed; `admins`: administrators only. Empty: `admins` "
        "where people sign in, else `open`.",
    )
    share_links: bool = Field(
        default=True,
        description="Whether people can make links by which anyone reads one chat, without "
        "signing in; `false` also ends those that were made.",
    )
    feedback: Literal["auto", "langsmith", "store", "never"] = Field(
        default="auto",
        description="Where ratings of answers go: `langsmith`, too, where the agent server traces "
        "there (`auto` asks it), or only to the server's `store`; `never`: there are none.",
    )
    langsmith_hosts: Annotated[list[str], NoDecode] = Field(
        default=["api.smith.langchain.com", "eu.api.smith.langchain.com"],
        description="Hosts that ratings may be sent to, as a JSON list, at addresses that the "
        "agent server gives for its runs.",
    )
    daily_messages: int = Field(
        default=0, ge=0, description="Messages that a person may send in a day; 0: no limit."
    )
    daily_tokens: int = Field(
        default=0,
        ge=0,
        description="Tokens that the runs of a person may use in a day, as the models report them; "
        "0: no limit.",
    )
    schedules: int | None = Field(
        default=None,
        ge=0,
        description="Schedules that a person may have; 0: none. Usually 20, or none where messages "
        "or tokens of a day are limited, for the runs of schedules do not count there.",
    )
    runs_per_person: int = Field(
        default=0,
        ge=0,
        description="Chats of one person that may be answered at the same time; 0: no limit.",
    )
    title_assistant: str = Field(
        default="",
        max_length=200,
        description="The assistant that makes the titles of chats, by its id, graph or name: it "
        "gets the first question and answer, cut to 2,000 characters each, in a run that is not "
        "counted in the limits of the person. Empty: titles are the beginning of the question.",
    )
    search_mb: int = Field(
        default=100,
        ge=0,
        le=10_000,
        description="Megabytes of the index for searching messages that each person may have in "
        "the data folder; 0: none, so that only titles are searched.",
    )
    demo_model: str = Field(
        default="",
        description="`provider:model` for the demo agent; empty: a scripted model, no key needed.",
    )
    data_dir: str = Field(
        default=".data",
        description="Where the demo agent keeps threads, and where logs and the index for "
        "searching go.",
    )

    @field_validator("api_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            msg = "must start with http:// or https://"
            raise ValueError(msg)
        if url and not urlsplit(url).hostname:
            msg = "must name a host"
            raise ValueError(msg)
        return url.rstrip("/")

    @field_validator("api_key", "api_headers")
    @classmethod
    def _can_be_sent(cls, given: SecretStr | dict[str, SecretStr]) -> Any:
        for secret in given.values() if isinstance(given, dict) else [given]:
            value = secret.get_secret_value().strip()
            if not (value.isascii() and value.isprintable()):
                msg = "holds characters that a header cannot carry"
                raise ValueError(msg)
        return given

    @field_validator(
        "api_headers",
        "starters",
        "image_hosts",
        "langsmith_hosts",
        "file_types",
        "hide_nodes",
        "origins",
        "trusted_proxies",
        "admins",
        mode="before",
    )
    @classmethod
    def _is_json(cls, value: object) -> object:
        return from_json(value)

    @field_validator("langsmith_hosts")
    @classmethod
    def _are_hosts_with_ports(cls, hosts: list[str]) -> list[str]:
        if not all(re.fullmatch(r"[\w.-]+(:[0-9]{1,5})?", host) for host in hosts):
            msg = "must be names of hosts, such as smith.example.com or smith.example.com:8443"
            raise ValueError(msg)
        return [host.lower() for host in hosts]

    @field_validator("image_hosts")
    @classmethod
    def _are_hosts(cls, hosts: list[str]) -> list[str]:
        if not all(re.fullmatch(r"[\w.-]+", host) for host in hosts):
            msg = "must be names of hosts, such as images.example.com"
            raise ValueError(msg)
        return [host.lower() for host in hosts]

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: list[str]) -> list[str]:
        found = [parse_origin(origin.strip().lower().removesuffix("/")) for origin in origins]
        if not all(found):
            msg = "must be scheme, host and port, such as https://chat.example.com, and no more"
            raise ValueError(msg)
        return [str(origin) for origin in found]

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: list[str]) -> list[str]:
        for proxy in proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                msg = "must be addresses or networks, such as 10.0.0.7 or 10.0.0.0/8"
                raise ValueError(msg) from None
        return proxies

    @field_validator("file_types")
    @classmethod
    def _are_types(cls, types: list[str]) -> list[str]:
        if not all(re.fullmatch(r"[a-z]+/([a-z0-9.+-]+|\*)", kind) for kind in types):
            msg = "must be MIME types, such as image/png or image/*"
            raise ValueError(msg)
        if unknown := [place for place, kind in enumerate(types, 1) if not is_known(kind)]:
            msg = f"entry {unknown[0]} is no type that can be attached, as image/png or text/csv is"
            raise ValueError(msg)
        return types

    @field_validator("secret")
    @classmethod
    def _is_long(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < 32:
            msg = "must have at least 32 characters"
            raise ValueError(msg)
        return secret

    @field_validator("demo_model")
    @classmethod
    def _names_provider(cls, model: str) -> str:
        if model and ":" not in model:
            msg = "must look like provider:model"
            raise ValueError(msg)
        return model

    @property
    def embedded(self) -> bool:
        """True where the app starts its own demo agent."""
        return not self.api_url

    def headers(self) -> dict[str, str]:
        """The headers for the LangGraph server, secrets in the clear."""
        headers = {name: value.get_secret_value() for name, value in self.api_headers.items()}
        if key := self.api_key.get_secret_value():
            headers["x-api-key"] = key
        return headers

    def secrets(self) -> list[str]:
        """All secret values: they are masked where a text could hold one."""
        address = urlsplit(self.api_url)
        found = [address.password or address.username or ""]
        for name in type(self).model_fields:
            value = getattr(self, name)
            for each in value.values() if isinstance(value, dict) else [value]:
                found += [each.get_secret_value()] if isinstance(each, SecretStr) else []
        return [secret for secret in found if secret]


def variable(field: str) -> str:
    """The environment variable of a field of `Settings`."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"CHAT_{field.upper()}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the settings once. What is secret in them or beside them is hidden from then on.

    Raises:
        SettingsError: one line per setting that cannot be used, without its value.
    """
    try:
        read = Settings()
    except ValidationError as invalid:
        raise SettingsError(explain(invalid)) from None
    masking.only_know([*read.secrets(), *masking.in_environment(_beside())])
    if wrong := contradictions(read):
        raise SettingsError("\n".join(wrong))
    return read


def _beside() -> dict[str, str]:
    """The variables for others, such as the key of a model's provider: none of the app's own."""
    given = {**dotenv_values(str(Settings.model_config.get("env_file"))), **os.environ}
    own = {variable(field) for field in Settings.model_fields}
    return {name: value for name, value in given.items() if value and name.upper() not in own}


def explain(invalid: ValidationError) -> str:
    """One line per wrong setting: its variable and what is wrong, never the value."""
    lines = []
    for problem in invalid.errors(include_input=False, include_context=False, include_url=False):
        where = str(problem["loc"][0]) if problem["loc"] else ""
        name = variable(where) if where in Settings.model_fields else where
        lines.append(f"{name}: {problem['msg'].removeprefix('Value error, ')}")
    return "\n".join(lines)
