"""The apps in which the states are: each is started when the first state needs it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Self

from tests.cases.served import CASE_GRAPHS
from tests.helpers.app import AgentServer, RunningApp, running_app
from tests.helpers.ports import free_port
from tests.helpers.server import graph_files, serve

if TYPE_CHECKING:
    from types import TracebackType

_FOLDER = Path(__file__).resolve().parent
_SCENES = {name: f"{_FOLDER / 'graphs.py'}:{name}" for name in ("scene", "delegating")}
_OWN = {"trip_planner": f"{_FOLDER / 'graphs.py'}:trip_planner"}


class Apps:
    """Running apps by name, for one thread or several; all end with the block.

    ``demo``: the app with its own agent. ``several``: in front of a server with many assistants.
    ``own``: in front of one with a single assistant. ``missing``: no server answers.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, RunningApp] = {}
        self._agents: dict[str, AgentServer] = {}
        self._stack = ExitStack()
        self._lock = RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def get(self, name: str) -> RunningApp:
        """The app of that name, which serves by now."""
        with self._lock:
            if name not in self._running:
                self._running[name] = self._start(name)
            return self._running[name]

    def agent_of(self, name: str) -> AgentServer:
        """The agent server behind that app; of the demo it may take a moment to come."""
        with self._lock:
            if name not in self._agents:
                self._agents[name] = self.get(name).agent()
            return self._agents[name]

    def _start(self, name: str) -> RunningApp:
        folder = self._folder / name
        folder.mkdir(parents=True)
        if name == "demo":
            settings = {"CHAT_DEMO_SPEED": "6"}
        else:
            settings = {"LANGGRAPH_API_URL": self._server(name, folder)}
        return self._stack.enter_context(running_app(folder, **settings))

    def _server(self, name: str, folder: Path) -> str:
        if name == "missing":
            url = f"http://127.0.0.1:{free_port()}"
        else:
            graphs = {"several": graph_files() | CASE_GRAPHS | _SCENES, "own": _OWN}[name]
            url = self._stack.enter_context(serve(folder, graphs=graphs)).url
        self._agents[name] = AgentServer(url)
        return url
