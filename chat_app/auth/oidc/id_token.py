"""Whether a token was signed by the provider, for this app, for this sign-in, and is of now.

Only signatures with a public key count. Without that rule a token could be signed with the public
key itself as if it were a secret, or not at all.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from joserfc.jwk import Key

_KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
ALGORITHMS = frozenset(
    {
        *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
        *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
    }
)
_OTHER_NAMES = {"EdDSA": "Ed25519", "Ed25519": "EdDSA"}
LEEWAY = 60
"""Seconds that the clocks of the provider and of this machine may differ."""
_LONGEST = 100_000
_LONGEST_SUBJECT = 255
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_OLDEST_LOGOUT = 600

_registry = JWSRegistry(algorithms=sorted(ALGORITHMS))


class InvalidTokenError(Exception):
    """The token proves nothing; the text is for the log."""


class UnknownKeyError(InvalidTokenError):
    """It names a key, or none, that is not among the provider's: these may have changed."""


def id_token_claims(  # noqa: PLR0913 - all that a token has to agree with
    token: object,
    keys: Iterable[Key],
    *,
    issuer: str,
    client_id: str,
    nonce: str | None,
    access_token: str | None = None,
    now: int | None = None,
) -> dict[str, Any]:
    """The claims of an ID token.

    Args:
        token: as the provider sent it.
        keys: the provider's.
        issuer: who has to have made it.
        client_id: whom it has to be for.
        nonce: of the sign-in; None for a token that was renewed, which has none or the first one.
        access_token: that came with it, where `at_hash` has to agree with it.
        now: seconds since 1970, for tests.

    Raises:
        InvalidTokenError: something does not agree.
    """
    decoded = _signed(token, keys)
    claims = CodeIDToken(
        decoded.claims,
        # Authlib knows the hash of Ed25519 by the older name.
        {**decoded.header, "alg": str(decoded.header["alg"]).replace("Ed25519", "EdDSA")},
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
            "sub": {"essential": True},
        },
        params={"client_id": client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=now, leeway=LEEWAY)
    except JoseError as wrong:
        raise InvalidTokenError(str(wrong)) from None
    except (TypeError, ValueError, AttributeError, KeyError) as odd:
        raise InvalidTokenError(f"odd claims: {type(odd).__name__}") from None
    _check_subject(claims)
    if nonce is not None:
        said = claims.get("nonce")
        if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
            raise InvalidTokenError("another nonce")
    return dict(claims)


def logout_claims(
    token: object, keys: Iterable[Key], *, issuer: str, client_id: str
) -> dict[str, Any]:
    """The claims of a token by which a provider ends logins (OpenID Connect Back-Channel Logout).

    Raises:
        InvalidTokenError: it is none, or another's, or old.
    """
    decoded = _signed(token, keys)
    if "nonce" in decoded.claims:
        raise InvalidTokenError("an ID token, and no logout token")
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        jti={"essential": True},
        events={"essential": True},
        sub={"essential": True},
    )
    try:
        rules.validate(decoded.claims)
    except JoseError as wrong:
        raise InvalidTokenError(str(wrong)) from None
    events = decoded.claims["events"]
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT), dict):
        raise InvalidTokenError("no event of a logout")
    if rules.now - decoded.claims["iat"] > _OLDEST_LOGOUT:
        raise InvalidTokenError("too old")
    _check_subject(decoded.claims)
    return dict(decoded.claims)


def _check_subject(claims: Mapping[str, Any]) -> None:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise InvalidTokenError("no subject")


def _signed(token: object, keys: Iterable[Key]) -> jwt.Token:
    """The token, decoded with the one of `keys` that it was signed with."""
    if not isinstance(token, str) or len(token) > _LONGEST or token.count(".") != 2:
        raise InvalidTokenError("no signed token")
    problem = ""
    for key in keys:
        try:
            decoded = jwt.decode(
                token, lambda wanted, key=key: _fitting(wanted, key), registry=_registry
            )
        except UnknownKeyError:
            continue
        except (
            JoseError,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            RecursionError,
        ) as wrong:
            problem = type(wrong).__name__
            continue
        if not isinstance(decoded.claims, dict):
            raise InvalidTokenError("claims that are no object")
        return decoded
    if problem:
        raise InvalidTokenError(f"the signature is not valid: {problem}")
    raise UnknownKeyError("no key fits")


def _fitting(wanted: Any, key: Key) -> Key:
    """`key`, where the header of a token may mean it: by algorithm, kind, use and name."""
    header = wanted.headers()
    algorithm, name = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise InvalidTokenError(f"signed with {algorithm!r:.40}")
    about = key.as_dict(private=False)
    if key.key_type != _KINDS[algorithm[:2]] or about.get("use", "sig") != "sig":
        raise UnknownKeyError("another kind")
    if about.get("alg", algorithm) not in {algorithm, _OTHER_NAMES.get(algorithm)}:
        raise UnknownKeyError("another algorithm")
    if name is not None and about.get("kid") != name:
        raise UnknownKeyError("another name")
    return key
