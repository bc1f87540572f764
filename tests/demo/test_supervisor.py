from __future__ import annotations

import subprocess
import sys
import time

from chat_app.demo.serving.environment import ROOT

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


def supervised(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "chat_app.demo.serving.supervisor", sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_the_exit_code_of_the_command_is_passed_on() -> None:
    with supervised("raise SystemExit(7)") as process:
        assert process.wait(30) == 7


def test_the_command_ends_when_standard_input_closes() -> None:
    with supervised("import time; print('up', flush=True); time.sleep(60)") as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        process.stdin.close()
        # End of file here: no process holds the pipe any more, the command included.
        assert process.stdout.read() == ""
        assert process.wait(10) != 0


def test_a_terminated_supervisor_takes_the_command_with_it() -> None:
    with supervised("import time; print('up', flush=True); time.sleep(60)") as process:
        assert process.stdout
        process.stdout.readline()
        process.terminate()
        assert process.stdout.read() == ""
        process.wait(10)


def test_a_command_that_ignores_the_request_to_end_is_killed_after_the_grace() -> None:
    with supervised(STUBBORN) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        closed = time.monotonic()
        process.stdin.close()
        assert process.stdout.read() == ""
        assert 2 < time.monotonic() - closed < 15
        process.wait(10)
