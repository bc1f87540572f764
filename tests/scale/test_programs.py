"""The programs that the other tests here stand on do what those tests take for granted."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pytest reads the annotations
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.helpers.elsewhere import elsewhere
from tests.helpers.nginx import balancer, needs_nginx

if TYPE_CHECKING:
    from tests.helpers.nginx import Nginx

pytestmark = [pytest.mark.slow, needs_nginx]


def test_a_balancer_asks_all_processes_in_turn_and_no_longer_one_that_ended(tmp_path: Path) -> None:
    with elsewhere() as one:
        with elsewhere() as two, balancer(tmp_path, [_peer(one.url), _peer(two.url)]) as front:
            assert _upstreams(front) == {_peer(one.url), _peer(two.url)}
        with balancer(tmp_path, [_peer(one.url), _peer(two.url)]) as front:
            assert _upstreams(front) == {_peer(one.url)}


def _peer(url: str) -> str:
    return url.removeprefix("http://").replace("localhost", "127.0.0.1")


def _upstreams(front: Nginx) -> set[str]:
    """Which processes answer four requests; the last where several were asked for one."""
    answers = [httpx.get(f"{front.url}/a.png", trust_env=False) for _ in range(4)]
    assert all(answer.is_success for answer in answers)
    return {answer.headers["X-Upstream"].rpartition(" ")[2] for answer in answers}
