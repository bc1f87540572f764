"""However the app ends, nothing it started stays. Other test modules see what Ctrl-C does."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.helpers.app import all_ended, running_app

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_agent_and_the_worker_end_with_the_server(tmp_path: Path, sent: signal.Signals) -> None:
    with running_app(tmp_path) as app:
        assert app.agent()
        app.process.send_signal(sent)
        all_ended(app)
