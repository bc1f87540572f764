"""For programs that watch the app: ``/health`` and ``/ready``, under any name of the host.

- ``/health`` answers as long as the process does: one that does not answer is to be restarted.
- ``/ready`` tells whether people can be served, with 200 or 503, and in JSON why not: one that is
  not ready is to be given no new people, and comes back by itself.

Balancers ask by the address of a machine or a pod, which is no name of the app, so these paths are
answered before names and logins are looked at (see `chat_app.middleware`). They tell nothing that
is not for everyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route, Router

from chat_app.client import LangGraphError
from chat_app.draining import drain
from chat_app.observability.health import Dependency, Readiness, State
from chat_app.runs.availability import is_missing
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


DEPENDENCIES = {"process": Dependency(process), "agent_server": Dependency(agent_server)}
"""What ``/ready`` looks at, by the name in its answer."""
_readiness = Readiness(DEPENDENCIES)


async def health(_: Request) -> JSONResponse:
    """Answer, which is all there is to say."""
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)


async def ready(_: Request) -> JSONResponse:
    """Tell whether people can be served, and the state of each dependency."""
    report = await _readiness.report()
    told = {"status": report.status, "checks": dict(report.states)}
    return JSONResponse(told, 200 if report.is_ready else 503, _NOT_KEPT)


PROBES = Router([Route(HEALTH, health, methods=["GET"]), Route(READY, ready, methods=["GET"])])
"""The app that answers these paths."""
PATHS = frozenset({HEALTH, READY})
