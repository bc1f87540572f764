"""The authentication of a LangGraph server that keeps people apart, as its operator writes it.

It reads what the app passes on: the JWT of ``CHAT_FORWARD_IDENTITY=identity`` where the environment
has its secret, else an access token, with which it asks ``PROVIDER`` who it is. It is loaded by the
server itself, and appends all that it is asked to the file ``SEEN``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from langgraph_sdk import Auth

PATH = f"{Path(__file__)}:auth"
FORBIDDEN = "forbidden"
"""A person of this name is known, and may do nothing."""

_rules = jwt.JWTClaimsRegistry(
    leeway=5,
    iss={"essential": True, "value": "chat_app"},
    aud={"essential": True, "value": "langgraph"},
    exp={"essential": True},
    sub={"essential": True},
)
auth = Auth()


@auth.authenticate
async def authenticate(method: str, path: str, authorization: str | None) -> Any:
    kind, _, token = (authorization or "").partition(" ")
    claims = await _claims(token) if kind == "Bearer" else None
    _note(method, path, claims, token)
    if claims is None:
        raise Auth.exceptions.HTTPException(401, f"I do not know you: {authorization}")
    if claims.get("name") == FORBIDDEN:
        raise Auth.exceptions.HTTPException(403, "This person is not allowed.")
    return {"identity": claims["sub"], "is_authenticated": True}


@auth.on.threads
async def own_threads(ctx: Auth.types.AuthContext, value: Any) -> dict[str, str]:
    value.setdefault("metadata", {})["server_owner"] = ctx.user.identity
    return {"server_owner": ctx.user.identity}


async def _claims(token: str) -> dict[str, Any] | None:
    if secret := os.environ.get("CHAT_FORWARD_SECRET"):
        try:
            decoded = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"])
            _rules.validate(decoded.claims)
        except (JoseError, ValueError):
            return None
        return decoded.claims
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{os.environ['PROVIDER']}/me", headers=headers)
    return answer.json() if answer.is_success else None


def _note(method: str, path: str, claims: dict[str, Any] | None, token: str) -> None:
    row = {"method": method, "path": path, "who": claims and claims["sub"], "token": token}
    with Path(os.environ["SEEN"]).open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(row)}\n")
