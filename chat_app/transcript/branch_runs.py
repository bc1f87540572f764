"""The tree of a thread's versions from its runs, which tell it in a few hundred bytes each.

A run goes on from the newest checkpoint of its thread, or from the one that it names. This app
notes in the metadata of a run what it is about, in keys that a server copies to its checkpoints:

========================= ======================================================================
key                       value
========================= ======================================================================
``chat_message``          the id of the message that the run answers
``chat_edits``            the id of the message of which that one is another version
``chat_regenerates``      the id of the question that is answered again
``chat_asked_by``         the run that has asked the message of one of the two keys before, where
                          no run tells that: another program gave the message no id
``chat_from_run``         the run at whose end it goes on, where that is not the newest one
``chat_beside``           the run whose answer, to no question, is another version of its own
``chat_retries``          true: another attempt of the run before it, which failed
``chat_continues``        true: its message asks for the rest of the answer before it
========================= ======================================================================

Of the runs of other programs the checkpoint that they name is in their ``kwargs``; what it holds is
asked of the server (see `chat_app.runs.branch_index`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript.branches import MESSAGE, Node, Tree
from chat_app.transcript.load import asked_in
from chat_app.transcript.read import CONTINUES, PROVISIONAL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

EDITS, REGENERATES = "chat_edits", "chat_regenerates"
FROM_RUN, BESIDE, RETRIES = "chat_from_run", "chat_beside", "chat_retries"
ASKED_BY = "chat_asked_by"


@dataclass(frozen=True, slots=True)
class RunLink:
    """A run, and how it hangs on others. All but `run_id` may be empty."""

    run_id: str
    message_id: str = ""
    has_input: bool = False
    """It asks something; `message_id` is empty where the id of that is not known."""
    edits: str = ""
    regenerates: str = ""
    asked_by: str = ""
    from_run: str = ""
    beside: str = ""
    """The run in whose place it stands, with its input or without one."""
    after: str | None = None
    """The last message before it, where that is known."""
    is_retry: bool = False
    continues: bool = False
    status: str = ""
    is_foreign: bool = False
    """Another program started it: what it asks, and where it begins, is in its ``kwargs``."""
    is_read: bool = True
    """Its ``kwargs`` were read, if they matter."""
    checkpoint_id: str = ""
    """Of a foreign one: the checkpoint that it names, of which nothing else is known yet."""
    resumes: bool = False
    """It answers a question of the graph."""

    @property
    def is_fork(self) -> bool:
        """Whether it may stand beside something."""
        return bool(self.edits or self.regenerates or self.from_run or self.beside)


def link_of(run: Mapping[str, Any], *, request_key: str) -> RunLink:
    """What a row of ``GET /threads/T/runs`` tells; `request_key` marks the runs of this app."""
    about = run.get("metadata")
    about = about if isinstance(about, dict) else {}
    message_id = _word(about.get(MESSAGE))
    is_foreign = not (message_id or about.get(request_key))
    kwargs = run.get("kwargs")
    if is_foreign and isinstance(kwargs, dict):
        return _of_kwargs(run, kwargs)
    return RunLink(
        str(run.get("run_id") or ""),
        message_id,
        has_input=bool(message_id),
        edits=_word(about.get(EDITS)),
        regenerates=_word(about.get(REGENERATES)),
        asked_by=_word(about.get(ASKED_BY)),
        from_run=_word(about.get(FROM_RUN)),
        beside=_word(about.get(BESIDE)),
        is_retry=about.get(RETRIES) is True,
        continues=about.get(CONTINUES) is True,
        status=str(run.get("status") or ""),
        is_foreign=is_foreign,
        is_read=not is_foreign,
    )


def _of_kwargs(run: Mapping[str, Any], kwargs: Mapping[str, Any]) -> RunLink:
    """The link of a run of another program."""
    given, command = kwargs.get("input"), kwargs.get("command")
    asked = asked_in(given, made=PROVISIONAL) if given is not None else None
    return RunLink(
        str(run.get("run_id") or ""),
        asked.id if asked and not asked.id.startswith(PROVISIONAL) else "",
        has_input=given is not None,
        status=str(run.get("status") or ""),
        is_foreign=True,
        checkpoint_id=start_of(run),
        resumes=isinstance(command, dict) and command.get("resume") is not None,
    )


def start_of(run: Mapping[str, Any]) -> str:
    """The checkpoint that a run names as its beginning; empty where it began at the newest."""
    kwargs = run.get("kwargs")
    kwargs = kwargs if isinstance(kwargs, dict) else {}
    config = kwargs.get("config")
    configurable = config.get("configurable") if isinstance(config, dict) else None
    configurable = configurable if isinstance(configurable, dict) else {}
    return _word(kwargs.get("checkpoint_id")) or _word(configurable.get("checkpoint_id"))


def of_runs(
    links: Sequence[RunLink],
    *,
    empty: Collection[str] = (),
    void: Collection[str] = (),
    removed: Mapping[str, bool] | None = None,
) -> Tree:
    """The tree of a thread.

    Args:
        links: its runs, oldest first.
        empty: those that answered nothing, as one that was stopped before its first word.
        void: those that left no checkpoint at all, as one that was stopped before it began.
        removed: those that were deleted since, and whether each was the last one then.
    """
    removed = removed or {}
    # A message is sent again where the first request for it was not taken.
    counts = {link.message_id: link.run_id for link in links if link.message_id}
    tree = _Growing()
    for order, link in enumerate(links, 1):
        if link.run_id in void:
            tree.skip(link.run_id)
            continue
        is_taken = not link.message_id or counts[link.message_id] == link.run_id
        tree.add(link if is_taken else replace(link, has_input=False, edits="", from_run=""), order)
        if not is_taken or link.run_id in empty:
            tree.forget(link.run_id)
        if link.run_id in removed:
            tree.remove(link.run_id, goes_on=not removed[link.run_id])
        else:
            tree.keep()
    return Tree(tree.nodes, tree.ends)


class _Growing:
    """A tree while it is made."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.ends: dict[str, str] = {}
        self._last = ""
        """Where the newest run has ended."""
        self._kept = ""
        """Where the newest one has that was not deleted."""
        self._questions: dict[str, str] = {}
        """The node of each message, and of the input of each run (under its id and a ``?``)."""

    def add(self, link: RunLink, order: int) -> None:
        """Add a run, what it asks, and what it answered."""
        parent, after = self._parent(link), link.after
        if link.has_input:
            asked = Node(
                f"{link.run_id}?",
                parent,
                order,
                link.message_id,
                after,
                link.run_id,
                is_question=True,
            )
            self.nodes[asked.id] = asked
            self._questions[asked.id] = asked.id
            if link.message_id:
                self._questions[link.message_id] = asked.id
            parent = asked.id
        elif link.regenerates:
            self._questions[f"{link.run_id}?"] = parent
        if known := self.nodes.get(parent):
            after = known.message_id or after
        self.nodes[link.run_id] = Node(link.run_id, parent, order, after=after, leaf=link.run_id)
        self._last = self.ends[link.run_id] = link.run_id

    def skip(self, run_id: str) -> None:
        """A run has changed nothing."""
        self.ends[run_id] = self._last

    def forget(self, run_id: str) -> None:
        """The newest run has answered nothing: what follows it follows its question."""
        self._last = self.ends[run_id] = self.nodes.pop(run_id).parent

    def remove(self, run_id: str, *, goes_on: bool) -> None:
        """The newest run was deleted; `goes_on`: not before others had begun after it."""
        for name in (run_id, f"{run_id}?"):
            if name in self.nodes:
                self.nodes[name] = replace(self.nodes[name], is_replaced=True)
        if not goes_on:
            self._last = self._kept

    def keep(self) -> None:
        """The newest run was not deleted."""
        self._kept = self._last

    def _parent(self, link: RunLink) -> str:
        if link.regenerates:
            return self._question(link.regenerates, link.asked_by)
        if link.edits:
            return self.nodes[self._question(link.edits, link.asked_by)].parent
        if link.beside:
            asked = self._questions.get(f"{link.beside}?", "") if link.has_input else ""
            beside = self.nodes.get(asked or self._end(link.beside))
            return beside.parent if beside else ""
        return self._end(link.from_run) if link.from_run else self._last

    def _question(self, message_id: str, asked_by: str) -> str:
        """The node of a question; where the server has its run no more, a new one at the root."""
        known = self._questions.get(f"{asked_by}?", "")
        if message_id not in self._questions and known:
            self._questions[message_id] = known
            self.nodes[known] = replace(self.nodes[known], message_id=message_id)
        if message_id not in self._questions:
            asked = Node(f"{message_id}??", message_id=message_id, is_question=True)
            answer = Node(f"{message_id}?!", asked.id, after=message_id)
            self.nodes |= {asked.id: asked, answer.id: answer}
            self._questions[message_id] = asked.id
        return self._questions[message_id]

    def _end(self, run_id: str) -> str:
        if run_id not in self.ends:
            self.nodes[run_id] = Node(run_id, leaf=run_id)
            self.ends[run_id] = run_id
        return self.ends[run_id]


def metadata_of(link: RunLink) -> dict[str, Any]:
    """What this app notes in the metadata of a run, beside its message."""
    words = {
        EDITS: link.edits,
        REGENERATES: link.regenerates,
        ASKED_BY: link.asked_by,
        FROM_RUN: link.from_run,
        BESIDE: link.beside,
    }
    noted: dict[str, Any] = {key: word for key, word in words.items() if word}
    facts = {RETRIES: link.is_retry, CONTINUES: link.continues}
    return noted | {key: True for key, is_so in facts.items() if is_so}


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""
