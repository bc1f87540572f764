"""The sign-in page, and signing out, in the modes in which a person signs in.

======== ======================= ===================================================================
method   path                    does
======== ======================= ===================================================================
GET      ``/sign-in``            shows the page: `next` is where to go afterwards, `reason` why
POST     ``/sign-in``            takes a name and a password (mode ``password``)
GET      ``/sign-in/style.css``  is the page's look
POST     ``/sign-out``           ends the login; with `everywhere`, all logins of the person
======== ======================= ===================================================================

That a form is posted by a page of this app is checked before (see `chat_app.middleware.origins`).
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from chat_app import text
from chat_app.auth import cookies, form_token
from chat_app.auth.identify import authenticator
from chat_app.auth.next_path import local_path
from chat_app.auth.password import LockedAccount, Password, TooBusy, TooManyTries
from chat_app.auth.signed_in import SIGN_IN, Reason
from chat_app.config import settings
from chat_app.middleware.client_address import client_address, limit_key
from chat_app.routes.bodies import text_of
from chat_app.routes.sign_in_page import STYLE, Fields, leading_page, sign_in_page, style
from chat_app.trusted_peers import networks

if TYPE_CHECKING:
    from starlette.requests import Request

    from chat_app.auth.password import Refused

__all__ = [
    "SIGN_IN",
    "SIGN_OUT",
    "STYLE",
    "post_sign_in",
    "serve_style",
    "show_sign_in",
    "sign_out",
]

SIGN_OUT = "/sign-out"
_LONGEST_FORM = 20_000  # bytes
_NO_STORE = {"Cache-Control": "no-store"}


async def show_sign_in(request: Request) -> Response:
    """The page; for a person who is signed in, where that wants to go."""
    next_path = local_path(request.query_params.get("next"))
    if await authenticator().login_of(request.scope):
        return RedirectResponse(next_path, 303, _NO_STORE)
    reason = request.query_params.get("reason", "")
    return _page(request, next_path=next_path, reason=reason)


async def post_sign_in(request: Request) -> Response:
    """Sign a person in by name and password."""
    mode = authenticator()
    if not isinstance(mode, Password):
        return PlainTextResponse(text.NOT_A_PAGE, 404)
    form = await _form(request)
    if form is None:
        return PlainTextResponse(text.REFUSED_HEADERS, 413)
    next_path = local_path(form.get("next"))
    name = form.get("username", "")
    if not form_token.is_right(request.scope, form.get("token", "")):
        return _page(request, 400, next_path=next_path, problem=text.FORM_TOO_OLD, name=name)
    address = client_address(request.scope, networks(settings().trusted_proxies))
    response = RedirectResponse(next_path, 303, _NO_STORE)
    refused = await mode.attempt(
        response, request.scope, name, form.get("password", ""), address=limit_key(address)
    )
    return _refusal(request, refused, next_path, name) if refused else response


async def sign_out(request: Request) -> Response:
    """End the login, its sockets and its cookie; also where it is over already."""
    mode = authenticator()
    form = await _form(request) or {}
    login = await mode.login_of(request.scope)
    elsewhere = await mode.sign_out_address(request.scope, login)
    if login:
        await mode.end(login, everywhere="everywhere" in form)
    if elsewhere:  # which no form may lead to, not even by a redirect
        response = HTMLResponse(leading_page(elsewhere), headers=_NO_STORE)
    else:
        response = RedirectResponse(f"{SIGN_IN}?reason={Reason.SIGNED_OUT}", 303, _NO_STORE)
    cookies.clear(response, request.scope)
    return response


async def serve_style(_: Request) -> Response:
    """The stylesheet, the same for all."""
    return Response(style(), media_type="text/css", headers={"Cache-Control": "no-cache"})


def _refusal(request: Request, refused: Refused, next_path: str, name: str) -> Response:
    problem, status, headers = text.WRONG_PASSWORD, 401, {}
    if isinstance(refused, LockedAccount):
        problem, status = text.ACCOUNT_LOCKED, 403
    elif isinstance(refused, TooManyTries):
        problem, status = text.TOO_MANY_TRIES.format(wait=text.pause(refused.wait)), 429
        headers = {"Retry-After": str(math.ceil(refused.wait))}
    elif isinstance(refused, TooBusy):
        problem, status = text.TOO_MANY_SIGN_IN, 503
        headers = {"Retry-After": "5"}
    response = _page(request, status, next_path=next_path, problem=problem, name=name)
    response.headers.update(headers)
    return response


def _page(  # noqa: PLR0913 - what `sign_in_page` shows
    request: Request,
    status: int = 200,
    *,
    next_path: str,
    reason: str = "",
    problem: str = "",
    name: str = "",
) -> Response:
    """The page, with a form that belongs to this browser."""
    shown = partial(sign_in_page, next_path=next_path, reason=reason, problem=problem)
    if settings().auth != "password":
        return HTMLResponse(shown(), status, _NO_STORE)
    nonce = form_token.nonce_of(request.scope)
    fields = Fields(form_token.token_for(nonce), name[:100])
    response = HTMLResponse(shown(fields=fields), status, _NO_STORE)
    form_token.remember(response, request.scope, nonce)
    return response


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form, the first of each name; None where they are too long."""
    body = await text_of(request, longest=_LONGEST_FORM)
    if body is None:
        return None
    pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=50)
    return dict(reversed(pairs))
