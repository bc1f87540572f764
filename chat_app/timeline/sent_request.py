"""What was asked of a server to start a run, from what it tells of the run.

A server keeps the fields of a request in the run's ``kwargs``, under other names, with defaults for
those that were missing and with values of its own. The keys of this app, and the ids of messages,
name one request: they are left out, so that the request, sent again, is a new one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chat_app.masking import masked
from chat_app.timeline.snippets import Variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.events import Json

LONGEST_TEXT = 20_000
"""Characters; of a longer one, such as a picture in base64, the beginning is kept."""
_BEGINNING = 100
_APP_KEYS = "chat_"
_OF_SERVER = re.compile(
    r"__|langgraph_|x-|(?:run_id|thread_id|graph_id|assistant_id|user_id|cron_id|created_by"
    r"|checkpoint_id|checkpoint_ns|checkpoint_map|run_attempt)$",
    re.IGNORECASE,
)
"""Names in the configuration and the metadata of a run that the server has written there."""
_SECRET = re.compile(
    r"(?:api|access|private)[-_]?key|secret|passw|passphrase|authorization|bearer|cookie|credential"
    r"|jwt$|token$",
    re.IGNORECASE,
)
_LIKE_KWARGS = ("interrupt_before", "interrupt_after", "feedback_keys")


def body_of(run: Mapping[str, Any]) -> Json:
    """The body of the request that would start such a run again, without secrets."""
    kwargs = _dict(run.get("kwargs"))
    config, context, checkpoint_id = _config(kwargs)
    fields: Json = {
        "assistant_id": str(run.get("assistant_id") or ""),
        "input": _without_ids(kwargs.get("input")),
        "command": _given(_dict(kwargs.get("command"))),
        "stream_mode": kwargs.get("stream_mode"),
        "stream_subgraphs": kwargs.get("subgraphs") or None,
        "stream_resumable": kwargs.get("resumable") or None,
        "checkpoint_id": checkpoint_id,
        "config": config,
        "context": context,
        "metadata": safe(_own(_dict(run.get("metadata")))),
        **{name: kwargs.get(name) for name in _LIKE_KWARGS},
        "webhook": Variable("WEBHOOK_URL") if kwargs.get("webhook") else None,
        "multitask_strategy": run.get("multitask_strategy"),
        "durability": kwargs.get("durability"),
    }
    return {name: value for name, value in fields.items() if value not in (None, {}, [], "")}


def safe(value: Any, name: str = "") -> Any:
    """A configuration in which what may be a secret stands in a variable, or is hidden."""
    match value:
        case str() if value and _SECRET.search(name):
            return Variable(_variable_name(name))
        case str():
            return masked(value)
        case dict():
            is_secret = bool(_SECRET.search(name))  # then so is all that is in it
            return {
                str(key): safe(one, name if is_secret else str(key)) for key, one in value.items()
            }
        case list():
            return [safe(one, name) for one in value]
    return value


def _variable_name(name: str) -> str:
    plain = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper()
    return f"KEY_{plain}" if not plain or plain[0].isdigit() else plain


def shortened(body: Any) -> tuple[Any, bool]:
    """The body with the beginnings of very long texts, and whether that is not all of it."""
    match body:
        case Variable():
            return body, False
        case str() if len(body) > LONGEST_TEXT:
            return f"{body[:_BEGINNING]}…", True
        case dict():
            parts = {name: shortened(value) for name, value in body.items()}
            cut = any(is_cut for _, is_cut in parts.values())
            return {name: part for name, (part, _) in parts.items()}, cut
        case list():
            listed = [shortened(one) for one in body]
            return [part for part, _ in listed], any(is_cut for _, is_cut in listed)
    return body, False


def _config(kwargs: Json) -> tuple[Json, Any, str]:
    """The configuration as it was given, the context beside it, and the checkpoint it names."""
    config = _dict(kwargs.get("config"))
    configurable = _dict(config.get("configurable"))
    checkpoint_id = kwargs.get("checkpoint_id") or configurable.get("checkpoint_id") or ""
    own = _own(configurable)
    # A server copies each of the two into the other, and takes only one of them.
    context = kwargs.get("context")
    context = _own(context) if isinstance(context, dict) else context
    context = None if isinstance(context, dict) and context.items() <= own.items() else context
    given = {
        name: config[name] for name in ("tags", "recursion_limit") if config.get(name) is not None
    }
    given |= {"configurable": own} if own and context is None else {}
    return safe(given), safe(context), str(checkpoint_id)


def _own(named: Json) -> Json:
    """What neither the server nor this app has added."""
    return {
        name: value
        for name, value in named.items()
        if not _OF_SERVER.match(name) and not name.startswith(_APP_KEYS)
    }


def _without_ids(given: Any) -> Any:
    """The input without the ids of its messages."""
    if not isinstance(given, dict):
        return given
    return {name: _messages(value) for name, value in given.items()}


def _messages(value: Any) -> Any:
    if isinstance(value, list):
        return [_messages(one) for one in value]
    if isinstance(value, dict) and "content" in value and ("type" in value or "role" in value):
        return {name: one for name, one in value.items() if name != "id" and one is not None}
    return value


def _given(command: Json) -> Json:
    return {name: value for name, value in command.items() if value is not None}


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
