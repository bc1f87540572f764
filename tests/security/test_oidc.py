"""Signing in by OpenID Connect: what a page, a provider or the thief of a code may try."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chat_app import text
from chat_app.auth import identify
from chat_app.auth.oidc.claims import person_id
from chat_app.config import settings
from tests.helpers import own_provider, signing_in
from tests.helpers.own_provider import (
    SECRET,
    OwnProvider,
    come_back,
    ec,
    mode,
    okp,
    problem_on,
    refused,
    rsa,
    signed,
)
from tests.helpers.signing_in import AT, scope_of, who

if TYPE_CHECKING:
    from tests.helpers.signing_in import Browsers

browser, provider = signing_in.browser, own_provider.provider


async def test_a_person_signs_in_and_goes_where_it_wanted_to(
    provider: OwnProvider, browser: Browsers
) -> None:
    web = browser()
    begun = await web.get("/sign-in/start", params={"next": "/t/0b5c"})
    address = urlsplit(begun.headers["location"])
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/authorize"
    assert query["response_type"] == "code"
    assert query["scope"] == "openid profile email"
    assert query["redirect_uri"] == f"{AT}/sign-in/callback"
    assert query["code_challenge_method"] == "S256"
    assert "prompt" not in query
    assert len({query[name] for name in ("state", "nonce", "code_challenge")}) == 3
    answer = await come_back(web, provider, next="/t/0b5c")
    assert (answer.status_code, answer.headers["location"]) == (303, "/t/0b5c")
    assert await who(web) == f"{person_id(provider.issuer, 'anna-1')} Anna False"
    [exchange] = [form for path, form in provider.asked if path == "/token"]
    assert exchange["authorization"].startswith("Basic ")
    assert SECRET not in str(web.cookies)


async def test_a_person_is_known_by_issuer_and_subject_and_not_by_the_address(
    provider: OwnProvider, browser: Browsers
) -> None:
    async def as_(claims: dict[str, Any]) -> str:
        provider.claims = claims
        web = browser()
        await come_back(web, provider)
        return (await who(web)).partition(" ")[0]

    first = await as_({"sub": "1", "name": "A", "email": "a@b.test", "email_verified": True})
    renamed = await as_({"sub": "1", "name": "B", "email": "other@b.test"})
    other = await as_({"sub": "2", "name": "A", "email": "a@b.test", "email_verified": True})
    assert first == renamed != other
    assert person_id("https://other.test", "1") != first


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # and used by all
@pytest.mark.parametrize(
    ("make_key", "algorithm"),
    [(rsa, "PS256"), (ec, "ES256"), (okp, "EdDSA")],
    ids=["PS", "ES", "Ed"],
)
async def test_signatures_of_all_usual_kinds_count(
    provider: OwnProvider, browser: Browsers, make_key: Any, algorithm: str
) -> None:
    provider.key = key = make_key()
    provider.make = lambda _, claims: signed(claims, key, algorithm)
    web = browser()
    await come_back(web, provider)
    assert "Anna" in await who(web)


async def test_an_answer_without_the_state_of_this_browser_is_refused(
    provider: OwnProvider, browser: Browsers
) -> None:
    web, other = browser(), browser()
    begun = await other.get("/sign-in/start")
    foreign = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    code = provider.code_for(begun.headers["location"])
    for state in ("", "x", foreign, foreign + "x"):
        params = {"code": code, "state": state, "iss": provider.issuer}
        await refused(web, await web.get("/sign-in/callback", params=params), as_=text.OIDC_OLD)
    await web.get("/sign-in/start")
    await refused(web, await web.get("/sign-in/callback", params=params), as_=text.OIDC_OLD)
    assert not [path for path, _ in provider.asked if path == "/token"]


async def test_a_cookie_of_an_attempt_that_another_app_signed_is_none(
    provider: OwnProvider, browser: Browsers
) -> None:
    web = browser()
    await web.get("/sign-in/start")
    name = next(name for name in web.cookies if "attempts" in name)
    stolen = web.cookies[name]
    web.cookies.clear()
    web.cookies.set(name, f"{stolen[:-3]}AAA")
    assert mode().attempts.find(scope_of(web), "") is None
    await refused(
        web,
        await web.get("/sign-in/callback", params={"code": "c", "state": "s"}),
        as_=text.OIDC_OLD,
    )


async def test_an_answer_is_taken_once(provider: OwnProvider, browser: Browsers) -> None:
    web = browser()
    begun = await web.get("/sign-in/start")
    before = dict(web.cookies)
    query = parse_qs(urlsplit(begun.headers["location"]).query)
    code = provider.code_for(begun.headers["location"])
    params = {"code": code, "state": query["state"][0], "iss": provider.issuer}
    assert (await web.get("/sign-in/callback", params=params)).status_code == 303
    assert "attempts" not in str(list(web.cookies))
    replays = browser()
    for name, value in before.items():  # as a thief of both the code and the cookies has them
        replays.cookies.set(name, value)
    again = await replays.get("/sign-in/callback", params=params)
    await refused(replays, again, as_=text.OIDC_USED)
    assert len([path for path, _ in provider.asked if path == "/token"]) == 1


async def test_a_code_that_was_used_elsewhere_does_not_sign_in(
    provider: OwnProvider, browser: Browsers
) -> None:
    web = browser()
    await refused(web, await come_back(web, provider, code="used"), as_=text.OIDC_OLD)
    await refused(web, await come_back(web, provider, code=""), as_=text.OIDC_OLD)


async def test_a_code_of_another_sign_in_fails_for_its_verifier(
    provider: OwnProvider, browser: Browsers
) -> None:
    web, other = browser(), browser()
    begun = await other.get("/sign-in/start")
    injected = provider.code_for(begun.headers["location"])
    await refused(web, await come_back(web, provider, code=injected), as_=text.OIDC_OLD)


@pytest.mark.parametrize("issuer", ["https://evil.test", ""])
async def test_an_answer_of_another_issuer_gets_no_code(
    provider: OwnProvider, browser: Browsers, issuer: str
) -> None:
    web = browser()
    await refused(web, await come_back(web, provider, iss=issuer), as_=text.OIDC_NOT_SIGNED)
    assert not [path for path, _ in provider.asked if path == "/token"]


async def test_a_parameter_that_is_there_twice_counts_not_at_all(
    provider: OwnProvider, browser: Browsers
) -> None:
    web = browser()
    begun = await web.get("/sign-in/start")
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    query = f"state={state}&state={state}&code={provider.code_for(begun.headers['location'])}"
    await refused(web, await web.get(f"/sign-in/callback?{query}"), as_=text.OIDC_OLD)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("access_denied", text.OIDC_DENIED),
        ("temporarily_unavailable", text.OIDC_DOWN),
        ("login_required", text.OIDC_FAILED.format(code="login_required")),
        ("<b>Call 555</b>", text.OIDC_FAILED.format(code="error")),
        ("x" * 500, text.OIDC_FAILED.format(code="error")),
    ],
)
async def test_a_refusal_of_the_provider_is_a_sentence(
    provider: OwnProvider, browser: Browsers, code: str, said: str
) -> None:
    web = browser()
    await refused(web, await come_back(web, provider, code="", error=code), as_=said)


async def test_tabs_of_one_browser_sign_in_at_the_same_time(
    provider: OwnProvider, browser: Browsers
) -> None:
    web = browser()
    begun = [await web.get("/sign-in/start", params={"next": f"/t/{n}"}) for n in range(3)]
    for n, one in enumerate(begun):
        address = one.headers["location"]
        state = parse_qs(urlsplit(address).query)["state"][0]
        code = provider.code_for(address)
        params = {"code": code, "state": state, "iss": provider.issuer}
        answer = await web.get("/sign-in/callback", params=params)
        assert answer.headers["location"] == f"/t/{n}"


async def test_many_attempts_do_not_fill_the_cookies(
    provider: OwnProvider, browser: Browsers
) -> None:
    web = browser()
    for n in range(20):
        await web.get("/sign-in/start", params={"next": f"/t/{n}?{'x' * 300}"})
    assert sum(len(value) for value in web.cookies.values()) < 500
    answer = await come_back(web, provider, next=f"/t/{'y' * 900}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("next_path", ["//evil.test", "https://evil.test", "/\\evil.test", "/_x"])
async def test_no_sign_in_redirects_to_another_site(
    provider: OwnProvider, browser: Browsers, next_path: str
) -> None:
    answer = await come_back(browser(), provider, next=next_path)
    assert answer.headers["location"] == "/"


async def test_a_login_that_was_planted_before_is_worth_nothing_afterwards(
    provider: OwnProvider, browser: Browsers
) -> None:
    web = browser()
    await come_back(web, provider)
    planted = dict(web.cookies)
    await come_back(web, provider)
    old = browser()
    for name, value in planted.items():
        old.cookies.set(name, value)
    assert (await who(web)).startswith("oidc:")
    assert await who(old) == "/sign-in?reason=ended"


async def test_an_app_whose_provider_is_down_says_so_and_signs_in_when_it_is_back(
    provider: OwnProvider, browser: Browsers
) -> None:
    provider.is_down = True
    web = browser()
    assert (await web.get("/sign-in")).status_code == 200
    down = await web.get("/sign-in/start", params={"next": "/t/0b5c"})
    assert (down.status_code, problem_on(down)) == (503, text.OIDC_DOWN)
    assert "/sign-in/start?next=%2Ft%2F0b5c" in down.text
    provider.is_down = False
    await come_back(web, provider)
    assert (await who(web)).startswith("oidc:")
    provider.is_down = True  # what it said of itself is known
    assert (await browser().get("/sign-in/start")).status_code == 303


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": "http://login.example.com/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": 7},
        {"token_endpoint": None},
        {"code_challenge_methods_supported": ["plain"]},
    ],
    ids=str,
)
async def test_a_provider_that_says_what_is_not_safe_is_not_used(
    provider: OwnProvider, browser: Browsers, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    answer = await browser().get("/sign-in/start")
    assert (answer.status_code, problem_on(answer)) == (503, text.OIDC_ODD)


async def test_signing_out_leads_to_the_provider_with_a_hint(
    provider: OwnProvider, browser: Browsers
) -> None:
    web = browser()
    await come_back(web, provider)
    answer = await web.post("/sign-out", headers={"origin": AT})
    assert answer.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
    assert found
    address = urlsplit(unescape(found[1]))
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/end"
    assert query["post_logout_redirect_uri"] == f"{AT}/sign-in?reason=signed-out"
    assert query["id_token_hint"].count(".") == 2
    assert await who(web) == "/sign-in"
    again = await web.post("/sign-out", headers={"origin": AT})
    assert (again.status_code, again.headers["location"]) == (303, "/sign-in?reason=signed-out")


async def test_other_methods_and_modes_have_no_such_routes(
    provider: OwnProvider, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = browser()
    for method, path in [("POST", "/sign-in/start"), ("GET", "/sign-in/back-channel-logout")]:
        assert (await web.request(method, path)).status_code == 405
    monkeypatch.setenv("CHAT_AUTH", "password")
    settings.cache_clear()
    identify.authenticator.cache_clear()
    web = browser()
    for path in ("/sign-in/start", "/sign-in/callback"):
        assert (await web.get(path)).status_code == 404
