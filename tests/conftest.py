"""The real development server with the small graphs of `tests.helpers.graphs`, once for all."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.helpers.examples import FAST
from tests.helpers.long_answer import long_answer
from tests.helpers.server import KINDS, langgraph_server

__all__ = ["langgraph_server", "long_answer"]

# Tests in the process do not write one into the data folder.
os.environ.setdefault("CHAT_SECRET", "0123456789abcdef" * 2)

# A busy machine is no fault of what is tested, and a test that passed does not fail the next time.
# For examples that nobody has tried yet: --hypothesis-profile=default.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(FAST, parent=settings.get_profile("steady"), max_examples=10)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server", choices=list(KINDS), default="dev", help="the kind of server to test against"
    )
