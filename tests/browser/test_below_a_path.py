"""Below a path of its host, behind a real nginx that ends TLS, as `scripts/deploy` has it."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from chat_app.auth.accounts import FILE, Accounts
from tests.helpers.app import running_app
from tests.helpers.browser import Tab, wait_for
from tests.helpers.certificate import write_certificate
from tests.helpers.files import png
from tests.helpers.nginx import needs_nginx, nginx
from tests.helpers.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Browser, Page

pytestmark = [needs_nginx, pytest.mark.slow]

CONFIGURATION = Path(__file__).resolve().parents[2] / "scripts" / "deploy" / "nginx.conf"
BASE = "/team/chat"
PASSWORD = "correct horse battery"
DIAGRAM = "```mermaid\nflowchart LR\n  A[One] --> B[Two]\n```"


@contextmanager
def before(app_url: str, folder: Path, port: int) -> Generator[None]:
    """nginx as it is deployed, for an app that is not at the root."""
    folder.mkdir()
    write_certificate(folder)
    http = CONFIGURATION.read_text("utf-8")
    for deployed, here in {
        "location / {": f"location {BASE} {{",
        "server app:3000": f"server {urlsplit(app_url).netloc}",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "/etc/nginx/tls": str(folder),
    }.items():
        assert deployed in http
        http = http.replace(deployed, here)
    with nginx(folder, http, port):
        yield


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address that people open."""
    folder, port = tmp_path_factory.mktemp("below"), free_port()
    accounts = Accounts(folder / "data" / FILE)
    accounts.add("Anna", PASSWORD)
    accounts.close()
    settings = {
        "CHAT_AUTH": "password",
        "CHAT_ADMINS": '["anna"]',
        "CHAT_BASE_PATH": BASE,
        "CHAT_ORIGINS": f'["https://localhost:{port}"]',
        "CHAT_TRUSTED_PROXIES": '["127.0.0.1"]',
        "CHAT_DEMO_SPEED": "6",
    }
    with running_app(folder, **settings) as app, before(app.url, folder / "nginx", port):
        yield f"https://localhost:{port}{BASE}"


def chat_file(folder: Path) -> Path:
    """A chat with a diagram, as the app exports it."""
    question = {"type": "human", "id": "h1", "content": "Draw it"}
    answer = {"type": "ai", "id": "a1", "content": DIAGRAM}
    (file := folder / "chat.json").write_text(json.dumps({"messages": [question, answer]}))
    return file


def menu(page: Page, *names: str) -> None:
    page.locator(".header").get_by_role("button", name="More", exact=True).click()
    for name in names:
        page.get_by_role("menuitem", name=name, exact=True).click()


def test_all_of_the_app_works_below_a_path_behind_tls(
    public: str, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(ignore_https_errors=True)
    tab = Tab(context, public)
    page, asked = tab.page, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))

    # Without the slash, and without a login.
    page.goto(f"{public}?from=mail")
    page.wait_for_url(re.compile(rf"{BASE}/sign-in\?"))
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 10
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{public}/?from=mail")
    tab.awake()
    (login,) = (cookie for cookie in context.cookies() if "login" in cookie.get("name", ""))
    assert login.get("name", "").startswith("__Secure-chat_login")
    assert (login.get("path"), login.get("secure"), login.get("httpOnly")) == (BASE, True, True)

    # A message with a picture, over the socket and two routes; the thread by its own address.
    file = {"name": "a.png", "mimeType": "image/png", "buffer": png(40, 30)}
    page.get_by_test_id("files").set_input_files([file])  # type: ignore[list-item]
    expect(page.locator("[data-testid=chip][data-done]")).to_have_count(1)
    tab.ask("whats the weather in la")
    tab.answered()
    thread = tab.thread_id()
    assert page.url == f"{public}/t/{thread}"
    for _ in ("as it was sent", "as the thread has it"):
        expect(tab.questions).to_have_text("whats the weather in la")
        wait_for(page, "document.querySelector('.picture img')?.naturalWidth === 40")
        page.reload()
        tab.awake()

    # Files and links that leave the page.
    with page.expect_download() as download:
        menu(page, "Export", "Markdown")
    assert "whats the weather in la" in Path(download.value.path()).read_text()
    menu(page, "Share")
    page.get_by_role("button", name="Create link").click()
    field = page.get_by_label("Address of the link")
    expect(field).to_be_visible()
    link = field.input_value()
    assert link.startswith(f"{public}/s/")
    page.keyboard.press("Escape")
    stranger = browser.new_context(ignore_https_errors=True, java_script_enabled=False)
    reader = stranger.new_page()
    reader.goto(link)
    expect(reader.get_by_text("Shared chat")).to_be_visible()
    stranger.close()

    # The inspector asks by HTTP; links lead on in the page.
    page.keyboard.press("Control+Shift+L")
    expect(page.get_by_test_id("span").first).to_be_visible()
    page.keyboard.press("Control+Shift+L")
    page.get_by_test_id("inbox-link").click()
    page.wait_for_url(f"{public}/inbox")
    page.get_by_test_id("new-chat").click()
    page.wait_for_url(f"{public}/")

    # An import, whose diagram is drawn in a frame with an origin of its own.
    page.get_by_test_id("import-file").set_input_files(chat_file(tmp_path))
    preview = page.get_by_role("dialog", name="Import this chat?")
    preview.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url(re.compile(rf"{BASE}/t/"))
    expect(page.get_by_role("img", name="Diagram")).to_be_visible()
    assert any("/frames/diagram.html" in url for url in asked)

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{public}/sign-in?reason=signed-out")

    elsewhere = [url for url in asked if not urlsplit(url).path.startswith(f"{BASE}")]
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []
    assert tab.faults == []
    context.close()
