"""What people think of answers: rated good or bad, with a note, in the server's long-term store.

An item is written under ``("chat_feedback", PERSON, THREAD)``, where ``PERSON`` is the hash of the
person's id, by the id of the answer's first message. Its value is

``{"person", "thread_id", "message_id", "run_id", "score": 1 or 0, "note", "at"}``

with `at` in milliseconds since 1970. `run_id` is empty where it is not known any more.
"""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json

_log = logging.getLogger("chat_app.runs")

NAMESPACE = "chat_feedback"
LONGEST_NOTE = 2_000
"""Characters."""
MOST = 1_000
"""Rated answers of one thread that are shown."""
_PAGE = 100
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Feedback:
    """One person's, of one answer."""

    person: str
    thread_id: str
    message_id: str
    score: int
    """1: good, 0: bad."""
    note: str = ""
    run_id: str = ""
    at: int = 0

    @property
    def is_good(self) -> bool:
        """Whether the answer is rated good."""
        return self.score == 1


async def read(client: LangGraphClient, person: str, thread_id: str) -> dict[str, Feedback]:
    """A person's feedback in a thread, by the id of the message.

    Raises:
        LangGraphError: the server does not tell, or has no store.
    """
    where = _namespace(person, thread_id)
    found: dict[str, Feedback] = {}
    for offset in range(0, MOST, _PAGE):
        items = await _items(client, where, offset)
        for item in items:
            feedback = _read(item.get("value"))
            if feedback and (feedback.person, feedback.thread_id) == (person, thread_id):
                found[feedback.message_id] = feedback
        if len(items) < _PAGE:
            break
    return found


async def for_file(client: LangGraphClient, person: str, thread_id: str) -> tuple[Json, ...]:
    """A person's feedback in a thread, for a file that does not say whose it is.

    Empty where the server does not tell: the file is worth having without it.
    """
    try:
        found = await read(client, person, thread_id)
    except LangGraphError as refused:
        _log.info("thread %s: no feedback for its file: %r", thread_id, refused)
        return ()
    hidden = {"person", "thread_id"}
    return tuple(
        {name: value for name, value in asdict(one).items() if name not in hidden}
        for one in found.values()
    )


async def write(client: LangGraphClient, feedback: Feedback) -> None:
    """Keep feedback in place of what the person gave this answer before.

    Raises:
        LangGraphError: the server does not keep it.
    """
    where = _namespace(feedback.person, feedback.thread_id)
    value = asdict(feedback) | {"at": time.time_ns() // 1_000_000}
    await client.store.put_item(where, _key(feedback.message_id), value, index=False)


async def remove(client: LangGraphClient, feedback: Feedback) -> None:
    """Forget what a person gave an answer.

    Raises:
        LangGraphError: the server does not do it.
    """
    where = _namespace(feedback.person, feedback.thread_id)
    await client.store.delete_item(where, _key(feedback.message_id))


async def everything(client: LangGraphClient) -> AsyncGenerator[Json]:
    """All feedback of all people, as it is written.

    Raises:
        LangGraphError: the server does not tell, or has no store.
    """
    offset = 0
    while items := await _items(client, (NAMESPACE,), offset):
        for item in items:
            if feedback := _read(item.get("value")):
                yield asdict(feedback)
        offset += len(items)


async def _items(
    client: LangGraphClient, where: tuple[str, ...], offset: int
) -> list[Mapping[str, Any]]:
    answer: Any = await client.store.search_items(where, limit=_PAGE, offset=offset)
    items = answer.get("items") if isinstance(answer, dict) else None
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []


def _read(value: Any) -> Feedback | None:
    match value:
        case {
            "person": str(person),
            "thread_id": str(thread_id),
            "message_id": str(message_id),
            "score": 0 | 1 as score,
        }:
            note, run_id, at = value.get("note"), value.get("run_id"), value.get("at")
            return Feedback(
                person,
                thread_id,
                message_id,
                int(score),
                note[:LONGEST_NOTE] if isinstance(note, str) else "",
                run_id if isinstance(run_id, str) else "",
                at if isinstance(at, int) else 0,
            )
    return None


def _namespace(person: str, thread_id: str) -> tuple[str, str, str]:
    return NAMESPACE, name_of(person), thread_id


def name_of(person: str) -> str:
    """A person (by id) in a namespace, where no name may have a dot, which ids of people have."""
    return sha256(person.encode(errors="replace")).hexdigest()[:32]


def _key(message_id: str) -> str:
    is_short = len(message_id) <= _LONGEST_KEY and message_id.isascii()
    return message_id if is_short else sha256(message_id.encode(errors="replace")).hexdigest()
