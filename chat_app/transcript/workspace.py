"""What an agent keeps in its state beside the messages: a list of todos, and files.

The shapes are those of LangChain's deep agents: ``todos`` is ``[{"content", "status"}]``, ``files``
is ``{path: text}`` or ``{path: {"content": text or lines}}``. Anything else is passed over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript.message import File, Todo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.events import Json
    from chat_app.transcript.message import Transcript

STATUSES = ("pending", "in_progress", "completed")


def kept(transcript: Transcript, values: Json, before: Mapping[str, str]) -> Transcript:
    """`transcript` with the todos and files of `values`, where these say anything of them.

    Args:
        transcript: the transcript so far.
        values: a root state.
        before: the texts that files had when the run began, by path.
    """
    changes: dict[str, Any] = {}
    if "todos" in values and (listed := todos(values["todos"])) != transcript.todos:
        changes["todos"] = listed
    if "files" in values and (listed := files(values["files"], before)) != transcript.files:
        changes["files"] = listed
    return replace(transcript, **changes) if changes else transcript


def joined(transcript: Transcript, update: Json) -> Json:
    """What a node wrote as if it were a state: files that it does not name stay.

    One that is written as None is removed.
    """
    changed = update.get("files")
    if not isinstance(changed, dict):
        return update
    return {**update, "files": {file.path: file.text for file in transcript.files} | changed}


def todos(listed: Any) -> tuple[Todo, ...]:
    """The items of a plan; of an unknown status they are pending."""
    if not isinstance(listed, list):
        return ()
    return tuple(filter(None, map(_todo, listed)))


def _todo(item: Any) -> Todo | None:
    match item:
        case {"content": str(content), **more} if content.strip():
            status = more.get("status")
            return Todo(content, status if status in STATUSES else "pending")
        case str() if item.strip():
            return Todo(item, "pending")
    return None


def files(listed: Any, before: Mapping[str, str]) -> tuple[File, ...]:
    """The files of a state by path; `before` are the texts that they had when the run began."""
    if not isinstance(listed, dict):
        return ()
    texts = {path: _text(kept) for path, kept in listed.items() if isinstance(path, str)}
    return tuple(
        File(path, text, before.get(path))
        for path, text in sorted(texts.items())
        if text is not None
    )


def _text(kept: Any) -> str | None:
    content = kept.get("content") if isinstance(kept, dict) else kept
    if isinstance(content, list) and all(isinstance(line, str) for line in content):
        return "\n".join(content)
    return content if isinstance(content, str) else None
