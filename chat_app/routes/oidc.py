"""Signing in by OpenID Connect, beside `chat_app.routes.sign_in`.

======== ================================= =====================================================
method   path                              does
======== ================================= =====================================================
GET      ``/sign-in/start``                leads to the identity provider
GET      ``/sign-in/callback``             takes its answer, and signs the person in
POST     ``/sign-in/back-channel-logout``  is for the provider: ends logins that it has ended
======== ================================= =====================================================
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from starlette.responses import Response as AnyResponse

from chat_app import text
from chat_app.auth.identify import authenticator
from chat_app.auth.next_path import local_path
from chat_app.auth.signed_in import SIGN_IN
from chat_app.routes.bodies import text_of
from chat_app.routes.sign_in_page import OTHER_ACCOUNT, sign_in_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from chat_app.auth.oidc.mode import OpenIdConnect, SignInFailedError

START, CALLBACK, LOGOUT = (f"{SIGN_IN}/{n}" for n in ("start", "callback", "back-channel-logout"))
_NO_STORE = {"Cache-Control": "no-store"}
_LONGEST = 100_000
_ONE_EACH = ("code", "state", "error", "iss")
_log = logging.getLogger(__name__)


async def start(request: Request) -> Response:
    """Lead the browser to the provider."""
    mode = _mode()
    if mode is None:
        return PlainTextResponse(text.NOT_A_PAGE, 404)
    from chat_app.auth.oidc.mode import SignInFailedError  # noqa: PLC0415 - as `identify`

    cookies = AnyResponse()
    next_path = local_path(request.query_params.get("next"))
    is_other_account = OTHER_ACCOUNT in request.query_params
    try:
        address = await mode.begin(
            cookies, request.scope, next_path, is_other_account=is_other_account
        )
    except SignInFailedError as failed:
        return _problem(failed, cookies, 503)
    return _with(cookies, RedirectResponse(address, 303, _NO_STORE))


async def callback(request: Request) -> Response:
    """Take the provider's answer."""
    mode = _mode()
    if mode is None:
        return PlainTextResponse(text.NOT_A_PAGE, 404)
    from chat_app.auth.oidc.mode import SignInFailedError  # noqa: PLC0415

    cookies = AnyResponse()
    query = request.query_params
    answer = {name: query[name] for name in _ONE_EACH if len(query.getlist(name)) == 1}
    try:
        next_path = await mode.finish(cookies, request.scope, answer)
    except SignInFailedError as failed:
        return _problem(failed, cookies, 400)
    return _with(cookies, RedirectResponse(next_path, 303, _NO_STORE))


async def back_channel_logout(request: Request) -> Response:
    """End the logins that the provider's token names."""
    mode = _mode()
    if mode is None:
        return PlainTextResponse(text.NOT_A_PAGE, 404)
    from chat_app.auth.oidc.id_token import InvalidTokenError  # noqa: PLC0415
    from chat_app.auth.oidc.provider import ProviderDownError, ProviderOddError  # noqa: PLC0415

    body = await text_of(request, longest=_LONGEST)
    if body is None:
        return JSONResponse({"error": "invalid_request"}, 413, _NO_STORE)
    form = parse_qs(body, max_num_fields=20)
    tokens = form.get("logout_token", [])
    try:
        await mode.end_by_provider(tokens[0] if len(tokens) == 1 else None)
    except InvalidTokenError as wrong:
        _log.info("A logout token is not valid: %s", wrong)
        return JSONResponse({"error": "invalid_request"}, 400, _NO_STORE)
    except (ProviderDownError, ProviderOddError):
        return JSONResponse({"error": "temporarily_unavailable"}, 503, _NO_STORE)
    return AnyResponse(status_code=200, headers=_NO_STORE)


def _mode() -> OpenIdConnect | None:
    mode = authenticator()
    return mode if hasattr(mode, "end_by_provider") else None  # type: ignore[return-value]


def _problem(failed: SignInFailedError, cookies: Response, status: int) -> Response:
    page = sign_in_page(
        next_path=failed.next_path,
        problem=str(failed),
        is_other_account=failed.is_other_account,
    )
    return _with(cookies, HTMLResponse(page, status, _NO_STORE))


def _with(cookies: Response, response: Response) -> Response:
    response.raw_headers += [pair for pair in cookies.raw_headers if pair[0] == b"set-cookie"]
    return response
