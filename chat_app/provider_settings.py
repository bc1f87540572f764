"""Who says who it is, and who is told: a part of `chat_app.config.Settings`."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

_SHORTEST_SECRET = 32


def from_json(value: object) -> object:
    """The value of a variable that has to be JSON; one that is no text is left as it is.

    Raises:
        ValueError: it is none; the text is for `chat_app.config.explain`.
    """
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        msg = "must be JSON"
        raise ValueError(msg) from None


class ProviderSettings(BaseSettings):
    """Of OpenID Connect, of a proxy that signs people in, of the identity passed on."""

    oidc_issuer: str = Field(
        default="",
        description="The address of the OpenID Connect provider, exactly as it names itself, such "
        "as `https://login.example.com/realms/staff`.",
    )
    oidc_client_id: str = Field(default="", description="The name of this app at the provider.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Its secret there; empty for a public client."
    )
    oidc_scopes: Annotated[list[str], NoDecode] = Field(
        default=["openid", "profile", "email"],
        description="What the provider is asked to tell, as a JSON list; `offline_access` where "
        "access tokens have to be renewed.",
    )
    oidc_groups_claim: str = Field(
        default="groups",
        min_length=1,
        description="The claim with a person's groups; dots lead into objects, as in "
        "`realm_access.roles`.",
    )
    oidc_groups: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Groups whose members may come in, as a JSON list. Empty: everyone whom the "
        "provider signs in.",
    )
    oidc_admin_groups: Annotated[list[str], NoDecode] = Field(
        default=[], description="Groups whose members are admins, as a JSON list."
    )
    proxy_header: str = Field(
        default="X-Forwarded-User",
        description="With `CHAT_AUTH=proxy`: the header in which a proxy of `CHAT_TRUSTED_PROXIES` "
        "says who it is. It has to remove what a browser sends under this name.",
    )
    proxy_name_header: str = Field(
        default="", description="The header with the name that is shown, if there is one."
    )
    proxy_groups_header: str = Field(
        default="", description="The header with the person's groups, between commas."
    )
    proxy_admin_groups: Annotated[list[str], NoDecode] = Field(
        default=[], description="Groups in that header whose members are admins, as a JSON list."
    )
    proxy_sign_out_url: str = Field(
        default="",
        description="Where the proxy signs a person out, an address or a path. Empty: nothing to "
        "sign out with.",
    )
    forward_identity: Literal["off", "identity", "token"] = Field(
        default="off",
        description="What the LangGraph server gets in `Authorization`, for its own "
        "authentication: nothing, a JWT that says who the person is, or the person's own access "
        "token from the identity provider (with `CHAT_AUTH=oidc`).",
    )
    forward_secret: SecretStr = Field(
        default=SecretStr(""),
        description="What that JWT is signed with (HS256), at least 32 characters; the server has "
        "to know it, too.",
    )

    @field_validator(
        "oidc_scopes", "oidc_groups", "oidc_admin_groups", "proxy_admin_groups", mode="before"
    )
    @classmethod
    def _is_list(cls, value: object) -> object:
        return from_json(value)

    @field_validator("oidc_scopes")
    @classmethod
    def _has_openid(cls, scopes: list[str]) -> list[str]:
        if not all(
            scope.isascii() and scope.isprintable() and " " not in scope for scope in scopes
        ):
            msg = "must be names without spaces"
            raise ValueError(msg)
        return list(dict.fromkeys(["openid", *scopes]))

    @field_validator("oidc_issuer")
    @classmethod
    def _is_issuer(cls, issuer: str) -> str:
        if issuer and (not is_safe_address(issuer) or "?" in issuer or "#" in issuer):
            msg = "must be an address with https://, without a query; http:// is for this machine"
            raise ValueError(msg)
        return issuer

    @field_validator("proxy_header", "proxy_name_header", "proxy_groups_header")
    @classmethod
    def _is_header(cls, name: str) -> str:
        if name and not (name.isascii() and name.replace("-", "").isalnum()):
            msg = "must be the name of a header, such as X-Forwarded-User"
            raise ValueError(msg)
        return name

    @field_validator("proxy_sign_out_url")
    @classmethod
    def _leads_somewhere(cls, url: str) -> str:
        is_path = url.startswith("/") and not url.startswith(("//", "/\\"))
        if url and not (is_path or url.startswith(("https://", "http://"))):
            msg = "must be an address, or a path that begins with /"
            raise ValueError(msg)
        return url

    @field_validator("forward_secret")
    @classmethod
    def _is_strong(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < _SHORTEST_SECRET:
            msg = f"must have at least {_SHORTEST_SECRET} characters"
            raise ValueError(msg)
        return secret


def is_safe_address(url: str) -> bool:
    """Whether what is sent to an address cannot be read on the way: https, or this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if "@" in parts.netloc or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def contradictions(read: Any) -> list[str]:
    """What is wrong with settings together that are right each by itself: a line each.

    Args:
        read: a `chat_app.config.Settings`.
    """
    wrong = []
    if read.auth == "oidc":
        wrong += [
            f"{name}: needed where CHAT_AUTH is oidc"
            for name, value in (
                ("CHAT_OIDC_ISSUER", read.oidc_issuer),
                ("CHAT_OIDC_CLIENT_ID", read.oidc_client_id),
            )
            if not value
        ]
    if read.auth == "proxy" and not read.trusted_proxies:
        wrong.append(
            "CHAT_TRUSTED_PROXIES: needed where CHAT_AUTH is proxy; otherwise any client could "
            "claim to be any person"
        )
    if read.auth == "proxy" and not read.proxy_header:
        wrong.append("CHAT_PROXY_HEADER: needed where CHAT_AUTH is proxy")
    return wrong + _of_forwarding(read)


def _of_forwarding(read: Any) -> list[str]:
    wrong = []
    if read.forward_identity != "off":
        has_own = any(name.lower() == "authorization" for name in read.api_headers)
        if has_own or "@" in urlsplit(read.api_url).netloc:
            wrong.append(
                "CHAT_FORWARD_IDENTITY: the server's address or headers have an Authorization "
                "already, and it can have one only"
            )
    if read.forward_identity == "identity" and not read.forward_secret.get_secret_value():
        wrong.append("CHAT_FORWARD_SECRET: needed where CHAT_FORWARD_IDENTITY is identity")
    if read.forward_identity == "token" and read.auth != "oidc":
        wrong.append("CHAT_FORWARD_IDENTITY: there are tokens only where CHAT_AUTH is oidc")
    return wrong
