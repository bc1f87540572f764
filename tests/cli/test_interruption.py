"""Signals end a command also while its event loop sleeps."""

from __future__ import annotations

import subprocess
import sys

from tests.helpers.server import ROOT

PATIENCE = 60
SLEEPS = """
import asyncio, signal, sys, threading
from chat_app.cli.interruption import Interruption

def interrupt(is_asleep):
    # The system may hand a signal to any thread, and Python takes it in the main one: which is as
    # if it had come when that had looked for signals and not begun to sleep.
    is_asleep.wait()
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)

async def main():
    is_asleep = threading.Event()
    thread = threading.Thread(target=interrupt, args=(is_asleep,))
    thread.start()
    with Interruption() as interruption:
        try:
            asyncio.get_running_loop().call_soon(is_asleep.set)
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            sys.exit(interruption.code)

asyncio.run(main())
"""


def test_a_signal_wakes_a_loop_that_falls_asleep() -> None:
    ended = subprocess.run([sys.executable, "-c", SLEEPS], cwd=ROOT, timeout=PATIENCE, check=False)
    assert ended.returncode == 130
