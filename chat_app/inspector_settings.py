"""Who may inspect runs, and what tokens cost: a part of `chat_app.config.Settings`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode

from chat_app.provider_settings import from_json, is_safe_address

_PLACES = {"run_id": "r", "thread_id": "t"}
"""What may stand in braces in ``CHAT_TRACE_URL``, and an example of it."""


class Price(BaseModel):
    """What a million tokens of a model cost, in US dollars."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(default=0, ge=0, allow_inf_nan=False)
    output: float = Field(default=0, ge=0, allow_inf_nan=False)


class InspectorSettings(BaseSettings):
    """Of the inspector beside the chat."""

    inspector: Literal["", "off", "admins", "everyone"] = Field(
        default="",
        description="Who may inspect the runs of the chats they may use: `off`: no one; `admins`; "
        "`everyone`. Empty: `off` where `CHAT_STEPS` is `never`, `admins` where people sign in, "
        "else `everyone`.",
    )
    prices: Annotated[dict[str, Price], NoDecode] = Field(
        default={},
        max_length=1000,
        description="What models cost, as a JSON object: by the name of a model, in which `*` "
        "stands for any characters, US dollars for a million tokens, such as "
        '`{"gpt-5*": {"input": 1.25, "output": 10}}`. The first name that fits counts.',
    )
    trace_url: str = Field(
        default="",
        max_length=2000,
        description="The address of a run's trace, with `{run_id}` and, if needed, `{thread_id}` "
        "in it. Empty: no link.",
    )

    @field_validator("prices", mode="before")
    @classmethod
    def _are_json(cls, value: object) -> object:
        return from_json(value)

    @field_validator("trace_url")
    @classmethod
    def _has_a_place_for_the_run(cls, url: str) -> str:
        if not url:
            return url
        try:
            filled = url.format(**_PLACES)
        except (LookupError, ValueError, AttributeError):
            msg = "may have {run_id} and {thread_id} in braces, and nothing else"
            raise ValueError(msg) from None
        if "{run_id}" not in url or not is_safe_address(filled):
            msg = "must be an address with https:// that has {run_id} in it"
            raise ValueError(msg)
        return url
