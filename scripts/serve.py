"""Serve the app in production: build the page where what it is made of changed, then listen.

`reflex run --env prod` builds at every start, which is most of its time; what it serves then is
plain files, so this keeps them together with a fingerprint of what they were made of.

``--build-only`` builds and does not serve; ``--no-build`` serves what stands, whatever it was made
of. With other arguments it is `reflex run --env prod` and nothing else.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import gc
import hashlib
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NoReturn, TextIO

import httpx
from reflex_base.constants import Env
from reflex_base.environment import environment
from uvicorn.config import Config

from chat_app import logs
from chat_app.config import SettingsError, settings
from scripts.connections import LONGEST_MESSAGE, LimitedHttp, LimitedWebSocket
from scripts.draining_server import DrainingServer
from scripts.progress import Progress
from scripts.setting_names import doubts, given_names
from scripts.workers import contradictions, supervise

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from chat_app.config import Settings

FINGERPRINT = Path(".web/build/made_of")  # a build of Reflex's own removes the folder
LOCK = Path("rxconfig.py")  # in .web it would go with the first build, which makes that anew
SOURCES = ("chat_app/**/*", "assets/**/*", "reflex.lock/*", "rxconfig.py", "requirements.txt")
STEPS = (
    (re.compile("npm|[Ii]nstalling"), "installing JavaScript packages"),
    (re.compile("Compil"), "compiling the components"),
    (re.compile("Creating Production Build|vite|react-router"), "bundling"),
)
"""What Reflex prints, and the step of a build that it tells of."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # malloc.h
LARGE_BLOCK = 256 * 1024
NPM_CHATTER = re.compile(r"npm (silly|verbose|info|http)\b")


BUILD_ONLY, NO_BUILD = "--build-only", "--no-build"
"""For an image: the page is built while that is made, and is served as it is from then on."""

NOT_BUILT = "The page is not built here. Build it once: python -m scripts.serve --build-only"
NO_DEVELOPMENT_SERVER = (
    "Reflex's development server serves the page from an address of its own, where no browser has "
    "a login. This builds and serves as usual, and does it again when files change: "
    "scripts/run --env preview"
)


class BuildError(Exception):
    """The page could not be built; the text is what the build printed."""


def main(arguments: list[str]) -> None:
    """Check the settings and the port, build where needed, serve until interrupted."""
    for doubt in doubts(given_names()):
        print(doubt, file=sys.stderr, flush=True)
    try:
        chosen = settings()
    except SettingsError as problem:
        sys.exit(f"These settings cannot be used:\n{problem}")
    if arguments == [BUILD_ONLY]:
        build_or_exit()
        return
    if arguments not in ([], [NO_BUILD]):
        run_by_reflex(arguments)
    problem = why_not_listen(chosen.host, chosen.port) or why_not_write(Path(chosen.data_dir))
    if problem:
        sys.exit(problem)
    if not arguments:
        build_or_exit()
    elif not FINGERPRINT.is_file():
        sys.exit(NOT_BUILT)
    for line in contradictions(chosen):
        print(line, file=sys.stderr, flush=True)
    if chosen.workers > 1:
        tell_when_open(chosen)
        sys.exit(supervise(chosen, fingerprint))
    serve(chosen)


def run_by_reflex(arguments: list[str]) -> NoReturn:
    """Become `reflex run`, which builds anew as files change."""
    if "dev" in arguments:
        sys.exit(NO_DEVELOPMENT_SERVER)
    # As in production: without it, the preview has no page for the addresses of chats.
    os.environ.setdefault("REFLEX_SSR", "true")
    reflex = [sys.executable, "-m", "reflex", "run", "--env", "prod", *arguments]
    os.execv(sys.executable, reflex)  # noqa: S606 - no shell is the point


def build_or_exit() -> None:
    """Build the page where that is needed, or end with what the build has said."""
    try:
        build()
    except BuildError as problem:
        sys.exit(f"{problem}\nThe page could not be built.")


def why_not_listen(host: str, port: int) -> str:
    """A sentence where the address cannot be listened on, else nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refusal:
            if refusal.errno == errno.EADDRINUSE:
                return (
                    f"Port {port} is taken by another program. Stop that one, "
                    f"or choose another: CHAT_PORT={port % 65535 + 1} scripts/run"
                )
            return f"Cannot listen on {host}, port {port}: {refusal.strerror or refusal}"
    return ""


def why_not_write(folder: Path) -> str:
    """A sentence where the app cannot keep its data in a folder, which is made, else nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return ""
    except OSError as refusal:
        return (
            f"The data folder {folder} cannot be written: {refusal.strerror or refusal}. "
            "Make it writable, or choose another one by CHAT_DATA_DIR."
        )


def fingerprint() -> str:
    """One hash of all that ends up in the built page: the sources, and no settings."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in Path().glob(pattern)):
        # Links in assets/ are Reflex's own, made by the build, to files that are sources already.
        if path.is_file() and not path.is_symlink() and path.suffix != ".pyc":
            digest.update(f"\0{path}\0".encode())
            digest.update(_content(path))
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    """What is in a source. A build may write the same lock of packages with other spaces."""
    if path.suffix == ".json":
        return json.dumps(json.loads(path.read_bytes()), sort_keys=True).encode()
    return path.read_bytes()


def build() -> None:
    """Build the page, unless the one that stands was made of the same; one start at a time."""
    with LOCK.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with Progress("Waiting for another start, which builds the page"):
                fcntl.flock(lock, fcntl.LOCK_EX)
        made_of = fingerprint()
        if not (FINGERPRINT.is_file() and FINGERPRINT.read_text() == made_of):
            build_anew(made_of)


def build_anew(made_of: str) -> None:
    """Build the page, and note what it was made of."""
    export = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    unwrapped = os.environ | {"COLUMNS": "1000", "PYTHONUNBUFFERED": "1"}
    told: list[str] = []
    with (
        Progress("Building the page (under a minute; the first time a little longer)") as progress,
        subprocess.Popen(
            export, env=unwrapped, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as building,
    ):
        for line in building.stdout or ():
            told.append(line.rstrip())
            if step := next((step for sign, step in STEPS if sign.search(line)), ""):
                progress.step(step)
        if building.wait():
            raise BuildError("\n".join(line for line in told if not NPM_CHATTER.match(line)))
    FINGERPRINT.write_text(made_of)


def serve(chosen: Settings) -> None:
    """Listen until interrupted: Reflex's backend and the built page on one port."""
    prepare()
    config = server_config(application, chosen)
    server = DrainingServer(config, drain_seconds=chosen.drain_seconds)
    # A closed terminal ends the app as Ctrl-C does.
    signal.signal(signal.SIGHUP, server.handle_exit)
    tell_when_open(chosen)
    with suppress(KeyboardInterrupt):
        server.run()


def prepare() -> None:
    """Have Reflex serve what is built, in this process."""
    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    logs.begin(
        None, as_json=settings().log == "json"
    )  # until the app begins with its own, which has a file
    logging.getLogger("uvicorn").setLevel(logging.ERROR)


def tell_when_open(chosen: Settings) -> None:
    """Print the address once it answers, beside what else is done."""
    address = f"http://{shown(chosen.host)}:{chosen.port}"
    # Of JSON there is nothing else on standard output.
    out = sys.stderr if chosen.log == "json" else sys.stdout
    given = address, chosen.base_path, out
    threading.Thread(target=announce, args=given, daemon=True).start()


def server_config(factory: Callable[[], ASGIApp], chosen: Settings) -> Config:
    """How the server is set up, with limits on what is not yet a whole request or message."""
    return Config(
        factory,
        factory=True,
        host=chosen.host,
        port=chosen.port,
        http=LimitedHttp,
        ws=LimitedWebSocket,
        ws_max_size=LONGEST_MESSAGE,
        # What a few bytes unpack to is not bounded, and the app's updates gain little by it.
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # Engine.IO has pings of its own
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # chat_app/middleware knows which proxies are trusted
        timeout_keep_alive=20,
        timeout_graceful_shutdown=5,
    )


def application() -> ASGIApp:
    """The app, as the server asks for it."""
    give_memory_back()
    app = import_module("chat_app.chat_app").app()
    # Each token makes and drops many objects, none of them in cycles. As it comes, the collector
    # would look through everything so often that it takes a quarter of a busy process's time.
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    return app


def give_memory_back() -> None:
    """Have the C library return large blocks to the system as soon as they are free.

    As it comes, glibc learns from the first upload to keep blocks of that size for later ones, in
    between smaller ones that hold on to it.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        for parameter in (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD):
            mallopt(parameter, LARGE_BLOCK)


def shown(host: str) -> str:
    """The name of `host` in an address a person can open on this machine."""
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:  # noqa: S104 - recognised, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


def announce(address: str, base_path: str, out: TextIO) -> None:
    """Print the address of the page once the app answers."""
    with Progress("Starting", out=out):
        while not answers(f"{address}/ping"):
            time.sleep(0.2)
    page = f"{address}{base_path}/" if base_path else address
    print(f"Open {page}", file=out, flush=True)


def answers(address: str) -> bool:
    """Whether something speaks HTTP at an address."""
    try:
        httpx.get(address, timeout=5, trust_env=False)
    except httpx.TransportError:
        return False
    return True


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
