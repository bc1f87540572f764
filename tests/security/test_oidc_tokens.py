"""Tokens of OpenID Connect: only those of the provider, for this app, of this sign-in, count."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text
from chat_app.auth.oidc import provider as provider_module
from tests.helpers import own_provider, signing_in
from tests.helpers.own_provider import (
    CLIENT,
    SECRET,
    OwnProvider,
    come_back,
    refused,
    rsa,
    signed,
)
from tests.helpers.signing_in import who

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.helpers.signing_in import Browsers

browser, provider = signing_in.browser, own_provider.provider


def with_claims(**changed: Any) -> Callable[[OwnProvider, dict[str, Any]], str]:
    def make(provider: OwnProvider, claims: dict[str, Any]) -> str:
        claims = {k: v for k, v in {**claims, **changed}.items() if v is not None}
        return signed(claims, provider.key)

    return make


HEADER = {"alg": "HS256", "kid": "first"}


def unsigned(_: OwnProvider, claims: dict[str, Any]) -> str:
    head = signed(claims, "x" * 32, "HS256").split(".")
    return f"eyJhbGciOiJub25lIn0.{head[1]}."


def with_public_key_as_secret(provider: OwnProvider, claims: dict[str, Any]) -> str:
    public = provider.key.as_pem(private=False)  # type: ignore[union-attr]
    said = ".".join(_letters(json.dumps(part).encode()) for part in (HEADER, claims))
    return f"{said}.{_letters(hmac.digest(public, said.encode(), 'sha256'))}"


def _letters(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


def tampered(provider: OwnProvider, claims: dict[str, Any]) -> str:
    head, _, signature = signed(claims, provider.key).split(".")
    _, body, _ = signed({**claims, "sub": "somebody-else"}, provider.key).split(".")
    return f"{head}.{body}.{signature}"


NOW = int(time.time())
FORGERIES: dict[str, Any] = {
    "tampered": tampered,
    "unsigned": unsigned,
    "signed with the public key as a secret": with_public_key_as_secret,
    "signed with the secret of the client": lambda _, c: signed(c, SECRET + "x" * 20, "HS256"),
    "another key of the same name": lambda _, c: signed(c, rsa()),
    "a key that is not published": lambda _, c: signed(c, rsa("unknown")),
    "a key in its own header": lambda _, c: signed(
        c, (own := rsa("own")), jwk=own.as_dict(private=False)
    ),
    "another nonce": with_claims(nonce="x"),
    "no nonce": with_claims(nonce=None),
    "a nonce that is no text": with_claims(nonce=["x"]),
    "another issuer": with_claims(iss="https://evil.test"),
    "another audience": with_claims(aud="other"),
    "no audience": with_claims(aud=None),
    "several audiences and no authorized party": with_claims(aud=[CLIENT, "other"]),
    "another authorized party": with_claims(azp="other"),
    "expired": with_claims(exp=NOW - 120),
    "no end": with_claims(exp=None),
    "an end that is no number": with_claims(exp="never"),
    "not valid yet": with_claims(nbf=NOW + 3600),
    "of the future": with_claims(iat=NOW + 3600),
    "of another access token": with_claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "a hash that is none": with_claims(at_hash=7),
    "no subject": with_claims(sub=None),
    "an empty subject": with_claims(sub=""),
    "a subject that is no text": with_claims(sub=7),
    "no token": lambda *_: None,
    "a number": lambda *_: 7,
    "words": lambda *_: "a.b.c",
    "an encrypted one": lambda *_: "a.b.c.d.e",
}


@pytest.mark.parametrize("make", FORGERIES.values(), ids=FORGERIES)
async def test_a_token_does_not_sign_in_that_is(
    provider: OwnProvider, browser: Browsers, make: Any
) -> None:
    provider.make = make
    web = browser()
    await refused(web, await come_back(web, provider), as_=text.OIDC_NOT_SIGNED)


async def test_keys_may_change_and_are_asked_for_again_now_and_then(
    provider: OwnProvider, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_module, "_AGAIN_AFTER", 0.0)
    await come_back(browser(), provider)
    provider.key = rsa("next")
    web = browser()
    await come_back(web, provider)
    assert (await who(web)).startswith("oidc:")
    monkeypatch.setattr(provider_module, "_AGAIN_AFTER", 3600.0)
    asked = len([path for path, _ in provider.asked if path == "/jwks"])
    provider.make = FORGERIES["a key that is not published"]
    for _ in range(5):
        await come_back(browser(), provider)
    assert len([path for path, _ in provider.asked if path == "/jwks"]) == asked == 2


async def test_a_symmetric_key_in_the_set_signs_nothing(
    provider: OwnProvider, browser: Browsers
) -> None:
    known = "a secret that stands in this public file"
    provider.published = [provider.key]
    provider.make = lambda _, claims: signed(claims, known, "HS256", kid="first")
    web = browser()
    await refused(web, await come_back(web, provider), as_=text.OIDC_NOT_SIGNED)
