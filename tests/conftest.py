"""The real development server with the small graphs of `tests.helpers.graphs`, once for all."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.helpers.examples import FAST, FRESH, SAME, SEARCH
from tests.helpers.long_answer import long_answer
from tests.helpers.server import KINDS, langgraph_server

__all__ = ["langgraph_server", "long_answer"]

SLOW = frozenset(Path(__file__).with_name("slow_tests.txt").read_text().split())
"""The tests that took longest in a whole run: `scripts/test --fast` leaves them out, and runs some
of each file."""

# Tests in the process do not write one into the data folder.
os.environ.setdefault("CHAT_SECRET", "0123456789abcdef" * 2)

# A run in the background, as by nohup, ignores these, and so would the programs that tests start.
for number, usual in ((signal.SIGHUP, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)

# Other examples in each run. One that fails is printed as @reproduce_failure and kept in
# `.hypothesis`; it goes to the test as an @example. No deadline: a busy machine is no fault.
settings.register_profile(
    FRESH,
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# CI takes the same examples each time, so that more of them would find nothing more there.
settings.register_profile(
    SAME, parent=settings.get_profile(FRESH), derandomize=True, max_examples=50
)
settings.register_profile(FAST, parent=settings.get_profile(FRESH), max_examples=10)
settings.register_profile(SEARCH, parent=settings.get_profile(FRESH), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", FRESH))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server", choices=list(KINDS), default="dev", help="the kind of server to test against"
    )
    parser.addoption("--failed-to", type=Path, help="a file for the names of the tests that failed")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Write the names of the tests that failed, a line each, where `--failed-to` says."""
    if file := config.getoption("--failed-to"):
        stats = terminalreporter.stats
        failed = dict.fromkeys(
            report.nodeid for report in [*stats.get("failed", []), *stats.get("error", [])]
        )
        file.write_text("".join(f"{name}\n" for name in failed))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes longest as `slow`: before pytest leaves out what `-m` says."""
    for item in items:
        if item.nodeid.partition("[")[0] in SLOW:
            item.add_marker(pytest.mark.slow)
