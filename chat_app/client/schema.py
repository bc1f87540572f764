"""The JSON of requests and answers, with the names of the server's OpenAPI document.

Servers add keys from version to version and old ones lack some, so everything but an id is
optional in practice: read with ``.get``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

Json = dict[str, Any]

ThreadStatus = Literal["idle", "busy", "interrupted", "error"]
ACTIVE = frozenset({"pending", "running"})
"""The statuses of a run that is not over."""
RunStatus = Literal["pending", "running", "error", "success", "timeout", "interrupted"]
StreamMode = Literal[
    "values",
    "updates",
    "messages",
    "messages-tuple",
    "custom",
    "events",
    "debug",
    "tasks",
    "checkpoints",
]
ChatMode = StreamMode | Literal["chat"]
"""``chat`` stands for all modes of a chat, ``messages`` for tokens as the server has them."""
TokenMode = Literal["auto", "messages-tuple", "messages"]
"""How tokens are asked for: `auto` prefers ``messages-tuple`` and falls back to ``messages``."""

MultitaskStrategy = Literal["reject", "enqueue", "interrupt", "rollback"]
OnDisconnect = Literal["continue", "cancel"]
IfNotExists = Literal["create", "reject"]
IfExists = Literal["raise", "do_nothing"]
CancelAction = Literal["interrupt", "rollback"]
OnCompletion = Literal["delete", "keep"]
BulkCancelStatus = Literal["pending", "running", "all"]
ThreadStreamMode = Literal["run_modes", "lifecycle", "state_update"]
Durability = Literal["sync", "async", "exit"]
SortOrder = Literal["asc", "desc"]


class Assistant(TypedDict):
    """A graph with a configuration; one per graph is made when the server starts."""

    assistant_id: str
    graph_id: str
    name: str
    description: NotRequired[str | None]
    config: Json
    context: NotRequired[Json]
    metadata: Json
    version: NotRequired[int]
    created_at: str
    updated_at: str


class AssistantVersion(TypedDict):
    """One state of an assistant; each update makes a new one."""

    assistant_id: str
    graph_id: str
    version: int
    config: Json
    context: NotRequired[Json]
    metadata: Json
    created_at: str
    name: NotRequired[str]


class GraphSchemas(TypedDict):
    """JSON Schemas of a graph, each null where the graph declares none."""

    graph_id: str
    input_schema: Json | None
    output_schema: Json | None
    state_schema: Json | None
    config_schema: Json | None
    context_schema: NotRequired[Json | None]


class DrawnNode(TypedDict):
    """A node of a drawing; one in a subgraph has the path to it as its id, ``outer:inner``.

    `id` is a number where the node has no name. `data` is ``{name}``, or a name alone. `metadata`
    has what the graph says of the node, its tools as ``__tools`` and ``__interrupt``, which is
    ``before``, ``after`` or both with a comma.
    """

    id: str | int
    type: NotRequired[str]
    data: NotRequired[Json | str]
    metadata: NotRequired[Json]


class DrawnEdge(TypedDict):
    """An edge of a drawing. `data` says when a `conditional` one is taken."""

    source: str | int
    target: str | int
    data: NotRequired[str]
    conditional: NotRequired[bool]


class GraphDrawing(TypedDict):
    """The nodes and edges of a graph."""

    nodes: list[DrawnNode]
    edges: list[DrawnEdge]


class Interrupt(TypedDict):
    """What a graph asks a person. `id` is missing on servers before 2025."""

    id: NotRequired[str]
    value: Any


class Thread(TypedDict):
    """A conversation. `values` is the whole state; leave it out with `select` in a search."""

    thread_id: str
    created_at: str
    updated_at: str
    state_updated_at: NotRequired[str]
    """Of the state alone: new metadata does not change it. Older servers do not have it."""
    metadata: Json
    status: ThreadStatus
    values: NotRequired[Json | None]
    interrupts: NotRequired[dict[str, list[Interrupt]]]
    """By task id."""
    error: NotRequired[Any]
    """``{error, message}`` of the last run where it failed."""
    extracted: NotRequired[Json]
    """What a search's `extract` asked for."""


class Checkpoint(TypedDict):
    """A point in a thread's history."""

    thread_id: NotRequired[str]
    checkpoint_ns: NotRequired[str]
    checkpoint_id: NotRequired[str | None]
    checkpoint_map: NotRequired[Json | None]


class ThreadState(TypedDict):
    """The state at a checkpoint. An unknown checkpoint gives empty `values`, not a 404."""

    values: Any
    next: list[str]
    tasks: list[Json]
    metadata: Json | None
    created_at: str | None
    checkpoint: Checkpoint | None
    parent_checkpoint: Checkpoint | None
    interrupts: NotRequired[list[Interrupt]]


class StateUpdate(TypedDict):
    """Where an update of the state was saved."""

    checkpoint: Checkpoint
    checkpoint_id: NotRequired[str]


class Run(TypedDict):
    """One run of an assistant on a thread. ``success`` includes a pause for a person."""

    run_id: str
    thread_id: str
    assistant_id: str
    status: RunStatus
    metadata: Json
    kwargs: NotRequired[Json]
    multitask_strategy: NotRequired[MultitaskStrategy | None]
    created_at: str
    updated_at: str


class RunCreated(TypedDict):
    """What the head of an answer tells of a run that was just made."""

    run_id: str
    thread_id: NotRequired[str]


class Command(TypedDict, total=False):
    """How an interrupted run goes on: `resume` answers, `update` changes, `goto` jumps."""

    resume: Any
    update: Any
    goto: Any


class RunOptions(TypedDict, total=False):
    """What a run may be given; what is None or missing is left to the server."""

    input: Json | None
    command: Command | None
    stream_mode: StreamMode | Sequence[StreamMode] | Literal["chat"] | None
    """``values`` where it is missing; ``chat`` is this client's own: see `Runs.stream`."""
    chat_modes: Sequence[ChatMode] | None
    """With ``chat`` and this client's own, too: the modes that are requested in its place."""
    stream_subgraphs: bool
    stream_resumable: bool
    """Keep the events for a while, with ids, so that the stream can be joined again."""
    multitask_strategy: MultitaskStrategy | None
    """What becomes of a run that is going on; the server's default is ``enqueue``."""
    on_disconnect: OnDisconnect | None
    on_completion: OnCompletion | None
    """What becomes of the thread that a run without one was given."""
    if_not_exists: IfNotExists | None
    checkpoint: Checkpoint | None
    checkpoint_id: str | None
    """Where to branch off from the thread's history."""
    config: Json | None
    context: Json | None
    metadata: Json | None
    interrupt_before: Literal["*"] | Sequence[str] | None
    interrupt_after: Literal["*"] | Sequence[str] | None
    feedback_keys: Sequence[str] | None
    """Each gets an address for feedback on the run, in the event ``feedback``."""
    durability: Durability | None
    strict_resume: bool | None
    webhook: str | None
    after_seconds: int | None
    langsmith_tracing: Json | None


class ChatOptions(TypedDict):
    """Those of `RunOptions` that every run of a chat has."""

    stream_mode: Literal["chat"]
    stream_subgraphs: bool
    stream_resumable: bool


class Cron(TypedDict):
    """A run that is started again and again."""

    cron_id: str
    assistant_id: str
    thread_id: NotRequired[str | None]
    on_run_completed: NotRequired[OnCompletion | None]
    end_time: NotRequired[str | None]
    schedule: str
    timezone: NotRequired[str | None]
    created_at: str
    updated_at: str
    payload: Json
    next_run_date: NotRequired[str | None]
    metadata: NotRequired[Json]
    enabled: NotRequired[bool]


class CronOptions(TypedDict, total=False):
    """What the runs of a cron may be given, and for how long they are started."""

    input: Json | None
    metadata: Json | None
    config: Json | None
    context: Json | None
    interrupt_before: Literal["*"] | list[str] | None
    interrupt_after: Literal["*"] | list[str] | None
    webhook: str | None
    multitask_strategy: MultitaskStrategy | None
    enabled: bool | None
    timezone: str | tzinfo | None
    stream_mode: StreamMode | Sequence[StreamMode] | None
    stream_subgraphs: bool | None
    stream_resumable: bool | None
    durability: Durability | None


class Item(TypedDict):
    """An entry of the long-term store."""

    namespace: list[str]
    key: str
    value: Json
    created_at: str
    updated_at: str
    score: NotRequired[float | None]


class SearchItems(TypedDict):
    """The answer of a search in the store."""

    items: list[Item]


class Namespaces(TypedDict):
    """The answer of a search for namespaces in the store."""

    namespaces: list[list[str]]


class ServerInfo(TypedDict):
    """What the server says of itself."""

    version: str
    langgraph_py_version: NotRequired[str]
    flags: NotRequired[Json]
    host: NotRequired[Json]
