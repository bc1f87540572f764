"""How the app runs in production, and what it shares: a part of `chat_app.config.Settings`."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

MOST_WORKERS = 64


class DeploymentSettings(BaseSettings):
    """Of processes, of what they share, and of what is seen of them from outside."""

    workers: int = Field(
        default=1,
        ge=1,
        le=MOST_WORKERS,
        description="Processes that serve the one port; more than one where one core is not "
        "enough.",
    )
    drain_seconds: float = Field(
        default=15,
        ge=0,
        le=300,
        allow_inf_nan=False,
        description="Seconds in which a process that ends sends its open pages to another one.",
    )
    redis_url: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("REDIS_URL"),
        description="The Redis that app processes on several hosts share, such as "
        "`redis://10.0.0.7:6379/0`. Empty: those of one host share the data folder.",
    )
    base_path: str = Field(
        default="",
        max_length=100,
        description="The path that the app is served under, such as `/chat`. Empty: the root of "
        "its host name.",
    )
    log: Literal["text", "json"] = Field(
        default="text",
        description="How log lines are written: `text`, or `json`, an object a line.",
    )
    metrics: Literal["local", "off", "everyone"] = Field(
        default="local",
        description="Who may read `/metrics`: `local`: programs of this machine that do not come "
        "through a proxy; `off`: no one; `everyone` who reaches the app.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="Who sends it, at least 16 characters, as `Authorization: Bearer` may read "
        "`/metrics` from elsewhere, too.",
    )

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: SecretStr) -> SecretStr:
        address = url.get_secret_value()
        if address and not address.startswith(("redis://", "rediss://", "unix://")):
            msg = "must start with redis://, rediss:// or unix://"
            raise ValueError(msg)
        return url

    @field_validator("metrics_token")
    @classmethod
    def _is_long_enough(cls, token: SecretStr) -> SecretStr:
        value = token.get_secret_value()
        if value and not (len(value) >= 16 and value.isascii() and value.isprintable()):
            msg = "must have at least 16 characters, all of ASCII"
            raise ValueError(msg)
        return token

    @field_validator("base_path")
    @classmethod
    def _is_path(cls, path: str) -> str:
        path = path.rstrip("/")
        if path and not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+", path):
            msg = "must be a path such as /chat, of letters, digits, - and _"
            raise ValueError(msg)
        return path
