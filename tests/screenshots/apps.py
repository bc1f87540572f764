"""The apps in which the states are: each is started when the first state needs it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Self

from chat_app.auth.accounts import FILE, Accounts
from tests.cases.served import CASE_GRAPHS
from tests.helpers.app import AgentServer, RunningApp, running_app
from tests.helpers.ports import free_port
from tests.helpers.server import graph_files, serve
from tests.screenshots.signing_in import LOCKED, PASSWORD, PEOPLE

if TYPE_CHECKING:
    from types import TracebackType

_FOLDER = Path(__file__).resolve().parent
_SCENES = {name: f"{_FOLDER / 'graphs.py'}:{name}" for name in ("scene", "delegating")}
_OWN = {"trip_planner": f"{_FOLDER / 'graphs.py'}:trip_planner"}


class Apps:
    """Running apps by name, for one thread or several; all end with the block.

    ``demo``: the app with its own agent. ``several``: in front of a server with many assistants.
    ``own``: in front of one with a single assistant. ``missing``: no server answers.
    ``password``: people sign in, and the agent is that of the demo. ``oidc``: no provider answers.
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
        elif name == "password":
            settings = self._with_accounts(folder)
        else:
            settings = {"LANGGRAPH_API_URL": self._server(name, folder)}
            if name == "oidc":
                issuer = f"http://127.0.0.1:{free_port()}/realms/staff"
                settings |= {"CHAT_AUTH": "oidc", "CHAT_OIDC_ISSUER": issuer}
                settings["CHAT_OIDC_CLIENT_ID"] = "chat"
        return self._stack.enter_context(running_app(folder, **settings))

    def _with_accounts(self, folder: Path) -> dict[str, str]:
        accounts = Accounts(folder / "data" / FILE)
        for person in (*PEOPLE, LOCKED):
            accounts.add(person, PASSWORD)
        accounts.lock(LOCKED)
        accounts.close()
        agent = self._agents["password"] = self.agent_of("demo")
        return {
            "CHAT_AUTH": "password",
            "CHAT_ADMINS": f'["{PEOPLE[1]}"]',
            "LANGGRAPH_API_URL": agent.url,
            "LANGGRAPH_API_HEADERS": json.dumps(agent.headers),
        }

    def _server(self, name: str, folder: Path) -> str:
        if name in {"missing", "oidc"}:
            url = f"http://127.0.0.1:{free_port()}"
        else:
            graphs = {"several": graph_files() | CASE_GRAPHS | _SCENES, "own": _OWN}[name]
            url = self._stack.enter_context(serve(folder, graphs=graphs)).url
        self._agents[name] = AgentServer(url)
        return url
