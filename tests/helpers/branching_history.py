"""A thread of real checkpoints, without a server, that people edit, regenerate, stop and answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, HumanMessage, RemoveMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Command, interrupt

from chat_app.transcript.branch_runs import RunLink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langgraph.types import StateSnapshot

ASK, TOOL, FORGET = "ask", "tool", "forget"
"""What a question may make the graph do before it answers."""

_numbers = count(1)


class _State(TypedDict):
    messages: Annotated[list[Any], add_messages]
    calls: int


def _new() -> str:
    return f"a{next(_numbers)}"


def _prepare(state: _State) -> dict[str, Any]:
    """A step that adds no message, as a retriever's."""
    return {"calls": state.get("calls", 0) + 1}


def _model(state: _State) -> dict[str, Any]:
    asked = [one for one in state["messages"] if isinstance(one, HumanMessage)][-1]
    since = state["messages"][state["messages"].index(asked) + 1 :]
    if TOOL in asked.content and not since:
        call = {"name": "look", "args": {}, "id": _new()}
        return {"messages": [AIMessage("", id=_new(), tool_calls=[call])]}
    said = interrupt("Shall I?") if ASK in asked.content else "fine"
    return {"messages": [AIMessage(f"{said} {asked.id}", id=_new())]}


def _tools(state: _State) -> dict[str, Any]:
    call = state["messages"][-1].tool_calls[0]
    return {"messages": [ToolMessage("found", id=_new(), tool_call_id=call["id"])]}


def _forget(state: _State) -> dict[str, Any]:
    if FORGET not in state["messages"][-2].content:
        return {}
    return {"messages": [RemoveMessage(one.id) for one in state["messages"][:-2]]}


def _after_the_model(state: _State) -> str:
    return "tools" if state["messages"][-1].tool_calls else "forget"


def _graph() -> Any:
    graph = StateGraph(_State)
    graph.add_node("prepare", _prepare)
    graph.add_node("model", _model)
    graph.add_node("tools", _tools)
    graph.add_node("forget", _forget)
    graph.add_edge(START, "prepare")
    graph.add_edge("prepare", "model")
    graph.add_conditional_edges("model", _after_the_model, ["tools", "forget"])
    graph.add_edge("tools", "model")
    graph.add_edge("forget", END)
    return graph


@dataclass
class Thread:
    """One thread, its shown branch, and the runs as a server would list them, oldest first."""

    graph: Any = field(default_factory=lambda: _graph().compile(checkpointer=InMemorySaver()))
    links: list[RunLink] = field(default_factory=list)
    run_of: dict[str, str] = field(default_factory=dict)
    """By checkpoint: the run at whose end it is."""
    shown: str = ""
    """The checkpoint that is shown; the newest one where empty."""
    _made: int = 0

    # What people do.

    def send(self, words: str, *, before_the_model: bool = False) -> None:
        asked = self._question(words)
        link = RunLink("", asked.id or "", from_run=self._left())
        self._run(asked, self.shown, link, before_the_model)

    def edit(self, message_id: str, words: str) -> None:
        """From before the input that had the message, as most programs do."""
        before = self._first_with(message_id)
        asked = self._question(words)
        start = _id(before.parent_config)
        self._run(asked, start, RunLink("", asked.id or "", edits=message_id))

    def regenerate(self, question_id: str, *, before_the_model: bool = False) -> None:
        start = _id(self._first_with(question_id).config)
        self._run(None, start, RunLink("", regenerates=question_id), before_the_model)

    def answer(self) -> None:
        """Answer what the shown branch asks."""
        link = RunLink("", from_run=self._left())
        self._run(Command(resume="yes"), self.shown, link)

    def stop(self) -> None:
        """End what is unfinished, and save a partial answer, as the app does."""
        state = self.state()
        if state.next and not state.interrupts:
            partial = AIMessage("half", id=_new())
            self._update({"messages": [partial]}, "model")
            self._update(None, END)

    def dismiss(self) -> None:
        """Close what is asked, without an answer."""
        if self.state().interrupts:
            self._update(None, END)

    def copy(self, checkpoint_id: str) -> None:
        """Make an older checkpoint the newest one again: a fork that adds nothing."""
        self.graph.update_state(self._config(checkpoint_id), None, as_node="__copy__")
        newest = self.history()[0]
        self.run_of[_id(newest.config)] = self.run_of[checkpoint_id]
        self.shown = _id(newest.config)

    def show(self, checkpoint_id: str) -> None:
        self.shown = checkpoint_id

    # What there is.

    def state(self, checkpoint_id: str = "") -> StateSnapshot:
        return self.graph.get_state(self._config(checkpoint_id or self.shown))

    def history(self) -> list[StateSnapshot]:
        return list(self.graph.get_state_history(self._config()))

    def rows(self) -> list[dict[str, Any]]:
        """As a server lists them, newest first."""
        return [row_of(snapshot) for snapshot in self.history()]

    def questions(self) -> list[str]:
        messages = self.state().values.get("messages", [])
        return [str(one.id) for one in messages if isinstance(one, HumanMessage)]

    def ids(self, checkpoint_id: str = "") -> list[str]:
        """Those of the messages that are shown there."""
        messages = self.state(checkpoint_id).values.get("messages", [])
        return [str(one.id) for one in messages if not isinstance(one, ToolMessage)]

    # How.

    def _question(self, words: str) -> HumanMessage:
        return HumanMessage(words, id=f"q{next(_numbers)}")

    def _left(self) -> str:
        """The run at whose end the shown branch is, where that is not the newest run."""
        shown = self.run_of.get(self.shown, "")
        return "" if self.links and self.links[-1].run_id == shown else shown

    def _run(
        self,
        given: Any,
        start: str,
        link: RunLink,
        before_the_model: bool = False,
    ) -> None:
        self._made += 1
        run_id = f"run-{self._made}"
        config = self._config(start) | {"metadata": {"run_id": run_id}}
        if link.message_id:
            config["metadata"]["chat_message"] = link.message_id
        fields = {"messages": [given]} if isinstance(given, HumanMessage) else given
        stop = ["model"] if before_the_model else []
        self.graph.invoke(fields, config, interrupt_before=stop)
        is_input = isinstance(given, HumanMessage)
        self.links.append(replace(link, run_id=run_id, has_input=is_input))
        self._at_newest(run_id)

    def _update(self, values: Any, node: str) -> None:
        run_id = self.run_of[self.shown]
        self.graph.update_state(self._config(self.shown), values, as_node=node)
        self._at_newest(run_id)

    def _at_newest(self, run_id: str) -> None:
        self.shown = _id(self.history()[0].config)
        self.run_of[self.shown] = run_id
        for snapshot in self.history():
            self.run_of.setdefault(_id(snapshot.config), run_id)

    def _first_with(self, message_id: str) -> StateSnapshot:
        """The first state of the shown branch that has a message."""
        by_id = {_id(one.config): one for one in self.history()}
        state = by_id[self.shown]
        found = None
        while state:
            if any(one.id == message_id for one in state.values.get("messages", [])):
                found = state
            state = by_id.get(_id(state.parent_config))
        assert found
        return found

    def _config(self, checkpoint_id: str = "") -> Any:
        at = {"checkpoint_id": checkpoint_id} if checkpoint_id else {}
        return {"configurable": {"thread_id": "one", "checkpoint_ns": "", **at}}


def row_of(snapshot: StateSnapshot) -> dict[str, Any]:
    """A state as ``POST /threads/T/history`` has it."""
    values = dict(snapshot.values)
    values["messages"] = [one.model_dump() for one in values.get("messages", [])]
    return {
        "values": values,
        "next": list(snapshot.next),
        "tasks": [
            {
                "name": task.name,
                "error": str(task.error) if task.error else None,
                "interrupts": [{"id": one.id, "value": one.value} for one in task.interrupts],
                "result": task.result,
            }
            for task in snapshot.tasks
        ],
        "metadata": dict(snapshot.metadata or {}),
        "checkpoint": {"checkpoint_id": _id(snapshot.config), "checkpoint_ns": ""},
        "parent_checkpoint": {"checkpoint_id": _id(snapshot.parent_config)}
        if snapshot.parent_config
        else None,
    }


def _id(config: Any) -> str:
    return config["configurable"].get("checkpoint_id", "") if config else ""


def leaves(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The checkpoints without another one behind them, newest first."""
    parents = {(row["parent_checkpoint"] or {}).get("checkpoint_id") for row in rows}
    ids = [row["checkpoint"]["checkpoint_id"] for row in rows]
    return [one for one in ids if one not in parents]
