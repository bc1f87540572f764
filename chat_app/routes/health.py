"""For programs that watch the app: ``/health``, ``/ready`` and ``/metrics``.

- ``/health`` answers as long as the process does: one that does not answer is to be restarted.
- ``/ready`` tells whether people can be served, with 200 or 503, and in JSON why not: one that is
  not ready is to be given no new people, and comes back by itself.
- ``/metrics`` is for Prometheus: see `chat_app.routes.metrics`.

They ask by the address of a machine or a pod, which is no name of the app, so these paths are
answered before names and logins are looked at (see `chat_app.middleware`). The first two tell
nothing that is not for everyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route, Router

from chat_app.client import LangGraphError
from chat_app.draining import drain
from chat_app.observability import metrics
from chat_app.observability.health import Dependency, Readiness, State
from chat_app.routes.metrics import METRICS, show
from chat_app.runs.availability import is_missing
from chat_app.shared_store.redis import shared_store
from chat_app.state import server

if TYPE_CHECKING:
    from starlette.requests import Request

HEALTH = "/health"
READY = "/ready"
_NOT_KEPT = {"Cache-Control": "no-store"}


async def agent_server() -> State:
    """Whether the agent server answers, in whatever way."""
    if server.is_starting():
        return State.STARTING
    try:
        await (await server.ready()).info()
    except server.NotStartedError:
        return State.DOWN
    except LangGraphError as failure:
        return State.DOWN if is_missing(failure) else State.OK
    return State.OK


async def process() -> State:
    """Whether this process takes new pages."""
    return State.DRAINING if drain().is_draining else State.OK


async def redis() -> State:
    """Whether the Redis that hosts share answers, where they share one."""
    store = shared_store()
    if store is None:
        return State.OFF
    return State.OK if await store.ping() else State.DOWN


DEPENDENCIES = {
    "process": Dependency(process),
    "agent_server": Dependency(agent_server),
    # All hosts share it, so another one would be no better, and those that are signed in go on.
    "redis": Dependency(redis, is_required=False),
}
"""What ``/ready`` looks at, by the name in its answer."""
_readiness = Readiness(DEPENDENCIES)


async def health(_: Request) -> JSONResponse:
    """Answer, which is all there is to say."""
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)


async def ready(_: Request) -> JSONResponse:
    """Tell whether people can be served, and the state of each dependency."""
    report = await _readiness.report()
    for name, state in report.states.items():
        metrics.UP.labels(name).set(state.is_well)
    told = {"status": report.status, "checks": dict(report.states)}
    return JSONResponse(told, 200 if report.is_ready else 503, _NOT_KEPT)


PROBES = Router(
    [
        Route(HEALTH, health, methods=["GET"]),
        Route(READY, ready, methods=["GET"]),
        Route(METRICS, show, methods=["GET"]),
    ]
)
"""The app that answers these paths."""
PATHS = frozenset({HEALTH, READY, METRICS})
