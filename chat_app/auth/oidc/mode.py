"""The authenticator of mode ``oidc``: the authorization code flow with PKCE, and signing out.

The browser goes to the provider (`begin`) and comes back with a code (`finish`), which the app
exchanges for an ID token, without the browser seeing that. See `attempts` for what binds the answer
to the browser, and `id_token` for what is checked of it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from chat_app import text
from chat_app.auth.forwarding import take_tokens_from
from chat_app.auth.oidc import claims as people
from chat_app.auth.oidc.attempts import Attempts
from chat_app.auth.oidc.id_token import (
    InvalidTokenError,
    UnknownKeyError,
    id_token_claims,
    logout_claims,
)
from chat_app.auth.oidc.provider import (
    Provider,
    ProviderDownError,
    ProviderOddError,
    RefusedGrantError,
)
from chat_app.auth.oidc.tokens import Kept, Tokens
from chat_app.auth.signed_in import SIGN_IN, Reason, SignedIn
from chat_app.auth.tabs import tabs
from chat_app.base_path import address
from chat_app.config import settings
from chat_app.origin import SERVED_ORIGIN
from chat_app.shared_store.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from joserfc.jwk import Key
    from starlette.responses import Response
    from starlette.types import Scope

    from chat_app.auth.logins import Logins
    from chat_app.auth.oidc.attempts import Attempt
    from chat_app.auth.person import Login

CALLBACK = f"{SIGN_IN}/callback"
_LOGOUT_KNOWN = 3600.0
"""Seconds for which a logout token is known to have been used."""
_log = logging.getLogger(__name__)


class SignInFailedError(Exception):
    """Signing in failed; the text is a sentence for the person.

    `is_other_account` says that only another account can do better: the provider has to ask who it
    is, though it knows the person of the last attempt.
    """

    def __init__(
        self, sentence: str, next_path: str = "/", *, is_other_account: bool = False
    ) -> None:
        super().__init__(sentence)
        self.next_path = next_path
        self.is_other_account = is_other_account


class OpenIdConnect(SignedIn):
    """An `chat_app.auth.identify.Authenticator`."""

    def __init__(self, store: Logins | None = None, provider: Provider | None = None) -> None:
        super().__init__(store)
        configured = settings()
        self.provider = provider or Provider(
            configured.oidc_issuer,
            configured.oidc_client_id,
            configured.oidc_client_secret.get_secret_value(),
        )
        self.attempts = Attempts()
        self.tokens = Tokens(self.provider, self.store, self._end_by_id)
        self._logouts = Once("oidc-logout")
        take_tokens_from(self.tokens.access_token)

    async def begin(
        self, response: Response, scope: Scope, next_path: str, *, is_other_account: bool = False
    ) -> str:
        """Where the browser goes to sign in; `response` gets a cookie.

        With `is_other_account` the provider asks who it is, also where it knows.

        Raises:
            SignInFailedError: the provider cannot be used.
        """
        try:
            metadata = await self.provider.metadata()
        except (ProviderDownError, ProviderOddError) as problem:
            raise _failed(problem, next_path) from None
        attempt = self.attempts.begin(response, scope, next_path)
        prompts = ["login"] if is_other_account else []
        if "offline_access" in settings().oidc_scopes:
            # Without it a provider gives no refresh token (OpenID Connect Core, section 11).
            prompts.append("consent")
        return prepare_grant_uri(
            metadata["authorization_endpoint"],
            client_id=self.provider.client_id,
            response_type="code",
            redirect_uri=_here(scope, CALLBACK),
            scope=settings().oidc_scopes,
            state=attempt.state,
            nonce=attempt.nonce,
            prompt=" ".join(prompts) or None,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )

    async def finish(self, response: Response, scope: Scope, answer: Mapping[str, str]) -> str:
        """Sign a person in by the provider's answer; returns where the person wants to go.

        Args:
            response: gets the cookies, also after a failure.
            scope: of the request.
            answer: the parameters of the address that the provider led the browser to.

        Raises:
            SignInFailedError: signing in failed.
        """
        attempt = self.attempts.find(scope, answer.get("state", ""))
        if attempt is None:
            raise SignInFailedError(text.OIDC_OLD)
        if not await self.attempts.finish(response, scope, attempt):
            raise SignInFailedError(text.OIDC_USED, attempt.next_path)
        try:
            await self._check_issuer(answer)
            if "error" in answer:
                raise SignInFailedError(_refusal(answer["error"]), attempt.next_path)
            kept, claims = await self._exchanged(scope, attempt, answer.get("code", ""))
            person = people.person_of(claims)
        except (
            ProviderDownError,
            ProviderOddError,
            RefusedGrantError,
            InvalidTokenError,
            people.NotAllowedError,
        ) as problem:
            raise _failed(problem, attempt.next_path) from None
        lasts = None
        if settings().forward_identity == "token" and kept.until and not kept.refresh_token:
            lasts = max(1.0, kept.until - time.time())  # nothing can be done afterwards
        await self.sign_in(response, scope, person, kept.as_bytes(), lasts=lasts)
        return attempt.next_path

    async def sign_out_address(self, scope: Scope, login: Login | None) -> str:
        """Where the provider ends its own login; empty where it cannot, or without a login."""
        kept = Kept()
        if login:
            kept = Kept.of(await asyncio.to_thread(self.store.data_of, login.id))
        try:
            address = (await self.provider.metadata()).get("end_session_endpoint")
        except (ProviderDownError, ProviderOddError):
            return ""
        if not address or not kept.id_token:
            return ""
        query = {
            "id_token_hint": kept.id_token,
            "client_id": self.provider.client_id,
            "post_logout_redirect_uri": _here(scope, f"{SIGN_IN}?reason={Reason.SIGNED_OUT}"),
        }
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    async def end_by_provider(self, logout_token: object) -> None:
        """End the logins that a logout token of the provider names.

        Raises:
            InvalidTokenError: it is none of this provider's, or was used before.
            ProviderDownError, ProviderOddError: it cannot be checked.
        """

        def read(keys: list[Key]) -> dict[str, Any]:
            return logout_claims(
                logout_token, keys, issuer=self.provider.issuer, client_id=self.provider.client_id
            )

        claims = await self._with_keys(read)
        if not await self._logouts.use(str(claims["jti"]), _LOGOUT_KNOWN):
            raise InvalidTokenError("used before")
        person_id = people.person_id(claims["iss"], claims["sub"])
        for login_id, kept in (await asyncio.to_thread(self.tokens.of_person, person_id)).items():
            sid = kept.sid
            if "sid" not in claims or not sid or sid == claims["sid"]:
                await self._end_by_id(login_id)

    async def _exchanged(
        self, scope: Scope, attempt: Attempt, code: str
    ) -> tuple[Kept, dict[str, Any]]:
        """What is kept of the answer for a code, and the claims in it."""
        answer = await self.provider.exchange(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": _here(scope, CALLBACK),
                "code_verifier": attempt.verifier,
            }
        )

        def read(keys: list[Key]) -> dict[str, Any]:
            return id_token_claims(
                answer.get("id_token"),
                keys,
                issuer=self.provider.issuer,
                client_id=self.provider.client_id,
                nonce=attempt.nonce,
                access_token=answer["access_token"],
            )

        claims = await self._with_keys(read)
        sid = claims.get("sid")
        kept = Kept(claims["sub"], answer["id_token"], sid if isinstance(sid, str) else "")
        if settings().forward_identity == "token":
            kept = kept.with_tokens(answer)
        if people.needs_more(claims):
            more = await self.provider.user_info(answer["access_token"])
            if more and more.get("sub") != claims["sub"]:
                raise InvalidTokenError("the provider tells of another person")
            claims = {**more, **claims}
        return kept, claims

    async def _with_keys(self, read: Callable[[list[Key]], dict[str, Any]]) -> dict[str, Any]:
        """The claims that `read` finds with the provider's keys, or with its newest."""
        try:
            return read(await self.provider.keys())
        except UnknownKeyError:
            return read(await self.provider.keys(anew=True))

    async def _check_issuer(self, answer: Mapping[str, str]) -> None:
        """See that no other provider has answered (RFC 9207), before it is sent the code."""
        metadata = await self.provider.metadata()
        must = metadata.get("authorization_response_iss_parameter_supported") is True
        said = answer.get("iss")
        if (must or said is not None) and said != self.provider.issuer:
            raise InvalidTokenError("the answer is of another issuer")

    async def _end_by_id(self, login_id: str) -> None:
        if login := await asyncio.to_thread(self.store.find, login_id):
            await self.end(login)
        tabs().revoke(login_id)


def _here(scope: Scope, path: str) -> str:
    """A path of this app as the browser finds it."""
    return f"{scope[SERVED_ORIGIN]}{address(path)}"


def _refusal(code: str) -> str:
    if code == "access_denied":
        return text.OIDC_DENIED
    if code in {"server_error", "temporarily_unavailable"}:
        return text.OIDC_DOWN
    is_code = code.isascii() and code.replace("_", "").isalnum() and len(code) <= 60
    return text.OIDC_FAILED.format(code=code if is_code else "error")


def _failed(problem: Exception, next_path: str) -> SignInFailedError:
    """The sentence for the person; what is for the operator goes to the log."""
    _log.warning("A sign-in failed: %s %s", type(problem).__name__, problem)
    sentences = {
        ProviderDownError: text.OIDC_DOWN,
        ProviderOddError: text.OIDC_ODD,
        RefusedGrantError: text.OIDC_OLD,
        people.NotAllowedError: text.OIDC_NOT_ALLOWED,
    }
    sentence = sentences.get(type(problem), text.OIDC_NOT_SIGNED)
    is_other_account = isinstance(problem, people.NotAllowedError)
    return SignInFailedError(sentence, next_path, is_other_account=is_other_account)
