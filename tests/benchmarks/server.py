"""A light server that speaks what the app needs of LangGraph's protocol, and streams on schedule.

``python -m tests.benchmarks.server PORT``. Beside the protocol there are two additions: a thread
made with ``{"metadata": {"history": n}}`` begins with n messages, and ``GET /bench/runs/{id}``
tells a run's timetable. ``/floor`` is the page that only appends.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.benchmarks.runs import ASSISTANT_ID, Run, Thread, event
from tests.helpers.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

    from starlette.requests import Request

ROOT = Path(__file__).resolve().parents[2]
FLOOR = Path(__file__).with_name("floor.html")
ASSISTANT = {
    "assistant_id": ASSISTANT_ID,
    "graph_id": "bench",
    "name": "bench",
    "config": {},
    "metadata": {"created_by": "system"},
}
_START_TIMEOUT = 20.0

_threads: dict[str, Thread] = {}


_HEARTBEAT = 5.0
"""Seconds, as the real server has it."""


async def ok(_: Request) -> Response:
    return JSONResponse({"ok": True})


async def info(_: Request) -> Response:
    return JSONResponse({"version": "0.0.0", "flags": {"assistants": True}})


async def assistants(_: Request) -> Response:
    return JSONResponse([ASSISTANT])


async def create_thread(request: Request) -> Response:
    thread = Thread((await request.json()).get("metadata") or {})
    _threads[thread.thread_id] = thread
    return JSONResponse(thread.as_json())


async def search_threads(request: Request) -> Response:
    wanted = (await request.json()).get("metadata") or {}
    found = [thread for thread in _threads.values() if wanted.items() <= thread.metadata.items()]
    return JSONResponse([thread.as_json() for thread in reversed(found[-50:])])


async def get_thread(request: Request) -> Response:
    return JSONResponse(_thread(request).as_json())


async def get_state(request: Request) -> Response:
    return JSONResponse({"values": _thread(request).values, "next": [], "tasks": []})


async def list_runs(request: Request) -> Response:
    status = request.query_params.get("status")
    runs = [run.as_json() for run in reversed(_thread(request).runs)]
    return JSONResponse([run for run in runs if status in {None, run["status"]}])


async def get_run(request: Request) -> Response:
    return JSONResponse(_run(request).as_json())


async def cancel_run(request: Request) -> Response:
    run = _run(request)
    run.cancelled = min(run.cancelled, time.time())
    return Response(status_code=202)


async def stream_run(request: Request) -> Response:
    body = await request.json()
    thread = _thread(request)
    try:
        run = thread.begin((body.get("input") or {}).get("messages") or [{}])
    except ValueError as problem:
        raise HTTPException(422, str(problem)) from None
    return _stream(thread, run, after=0, modes=body.get("stream_mode") or ["values"])


async def join_run(request: Request) -> Response:
    after = max(int(request.headers.get("last-event-id", "-1")), 0)
    return _stream(_thread(request), _run(request), after=after, modes=["messages-tuple", "values"])


async def stream_thread(request: Request) -> Response:
    """The thread's own stream, without events: clients know of the runs that they start here."""
    _thread(request)
    return StreamingResponse(_heartbeats(), media_type="text/event-stream")


async def _heartbeats() -> AsyncIterator[str]:
    while True:
        yield ": heartbeat\r\n\r\n"
        await asyncio.sleep(_HEARTBEAT)


async def timetable(request: Request) -> Response:
    runs = {run.run_id: run for thread in _threads.values() for run in thread.runs}
    if not (run := runs.get(request.path_params["run_id"])):
        raise HTTPException(404)
    return JSONResponse(
        {
            "began": run.began,
            "rate": run.rate,
            "number": run.number,
            "first": run.first,
            "worst_delay": run.worst_delay,
        }
    )


async def floor(_: Request) -> Response:
    return FileResponse(FLOOR)


def _thread(request: Request) -> Thread:
    if thread := _threads.get(request.path_params["thread_id"]):
        return thread
    raise HTTPException(404)


def _run(request: Request) -> Run:
    for run in _thread(request).runs:
        if run.run_id == request.path_params["run_id"]:
            return run
    raise HTTPException(404)


def _stream(thread: Thread, run: Run, *, after: int, modes: str | list[str]) -> Response:
    path = f"/threads/{thread.thread_id}/runs/{run.run_id}"
    return StreamingResponse(
        _events(thread, run, after, {modes} if isinstance(modes, str) else set(modes)),
        media_type="text/event-stream",
        headers={"content-location": path, "location": f"{path}/stream"},
    )


async def _events(
    thread: Thread, run: Run, after: int, modes: set[str]
) -> AsyncIterator[str | bytes]:
    """All events after the one with id `after`; those of tokens have the ids 1, 2, 3..."""
    if not after:
        yield event("metadata", {"run_id": run.run_id, "attempt": 1}, "0")
        if "values" in modes:
            yield event("values", thread.values, "0")
    for index in range(after, run.number + 1):
        # A loop, for timers may fire a little early.
        while (early := run.due(index) - time.time()) > 0:  # noqa: ASYNC110 - the clock sets no event
            await asyncio.sleep(early)
        if run.cancelled <= time.time():
            return
        if "messages-tuple" in modes:
            run.worst_delay = max(run.worst_delay, time.time() - run.due(index))
            yield run.chunk(index)
    last = str(run.number + 2)
    if "updates" in modes:
        yield event("updates", {"model": {"messages": [run.answer]}}, last)
    if "values" in modes:
        yield event("values", thread.values, last)


async def _refused(_: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    return JSONResponse({"detail": str(problem)}, status)


_THREAD = "/threads/{thread_id}"
_RUN = _THREAD + "/runs/{run_id}"

app = Starlette(
    routes=[
        Route("/ok", ok),
        Route("/info", info),
        Route("/assistants/search", assistants, methods=["POST"]),
        Route("/threads", create_thread, methods=["POST"]),
        Route("/threads/search", search_threads, methods=["POST"]),
        Route(_THREAD, get_thread),
        Route(_THREAD + "/state", get_state),
        Route(_THREAD + "/stream", stream_thread),
        Route(_THREAD + "/runs", list_runs),
        Route(_THREAD + "/runs/stream", stream_run, methods=["POST"]),
        Route(_RUN, get_run),
        Route(_RUN + "/stream", join_run),
        Route(_RUN + "/cancel", cancel_run, methods=["POST"]),
        Route("/bench/runs/{run_id}", timetable),
        Route("/floor", floor),
        Route("/floor/{thread_id}", floor),
    ],
    exception_handlers={HTTPException: _refused},
)


class BenchServer:
    """The running server, as the benchmark uses it."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=30)

    def new_thread(self, *, history: int = 0) -> str:
        """Make a thread of `history` messages; return its id."""
        body = {"metadata": {"history": history}}
        return self._http.post("/threads", json=body).raise_for_status().json()["thread_id"]

    def timetable(self, thread_id: str) -> dict[str, Any]:
        """The timetable of a thread's newest run: `began`, `rate`, `number`, `worst_delay`."""
        run = self._http.get(f"/threads/{thread_id}/runs").raise_for_status().json()[0]
        return self._http.get(f"/bench/runs/{run['run_id']}").raise_for_status().json()

    def close(self) -> None:
        self._http.close()

    def answers(self) -> bool:
        try:
            return self._http.get("/ok").is_success
        except httpx.TransportError:
            return False


@contextmanager
def bench_server() -> Generator[BenchServer]:
    """Run the server in a process of its own until the block ends."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", __spec__.name, str(port)], cwd=ROOT)
    server = BenchServer(f"http://127.0.0.1:{port}", process.pid)
    try:
        deadline = time.monotonic() + _START_TIMEOUT
        while not server.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the benchmark's server did not start")
            time.sleep(0.05)
        yield server
    finally:
        server.close()
        process.terminate()
        process.wait()


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
